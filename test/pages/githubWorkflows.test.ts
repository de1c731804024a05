import { load } from 'js-yaml';
import { jsonParse } from 'n8n-workflow';
import { isRecord } from '../../nodes/GptImage/values';
import { operations } from '../../nodes/GptImage/operations';
import { fs, path, repositoryRoot } from '../node';
import { filesOfRepository, read } from '../support/sources';

const { scripts, engines } = jsonParse<{ scripts: object; engines: { node: string } }>(
	read('package.json'),
);
const oldestNode = Number(/^>=(\d+)$/.exec(engines.node)?.[1]);

type Yaml = Record<string, unknown>;

function yaml(file: string): Yaml {
	return record(load(read(file)));
}

function record(value: unknown): Yaml {
	if (!isRecord(value)) throw new TypeError(`Not a mapping: ${JSON.stringify(value)}`);
	return value;
}

const records = (value: unknown): Yaml[] => (Array.isArray(value) ? value.map(record) : []);
const texts = (value: unknown): string[] => (typeof value === 'string' ? [value] : []);
const jobsOf = (file: string) => Object.entries(record(yaml(file).jobs));
const stepsOf = (file: string) => jobsOf(file).flatMap(([, job]) => records(record(job).steps));
const usesOf = (file: string) => stepsOf(file).flatMap(({ uses }) => texts(uses));

const workflows = filesOfRepository('.github/workflows');
const ci = '.github/workflows/ci.yml';
const publish = '.github/workflows/publish.yml';

it('there are the three workflows', () => {
	expect([...workflows].sort()).toEqual([ci, '.github/workflows/drift.yml', publish]);
});

describe.each(workflows)('%s', (file) => {
	it('pins every action to a commit, and says which version that is', () => {
		const pins = [...read(file).matchAll(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/gm)];
		expect(pins.length).toBeGreaterThan(0);
		expect(pins).toHaveLength(usesOf(file).length);
	});

	it('may read the repository, and nothing else unless a job says so', () => {
		expect(yaml(file).permissions).toEqual({ contents: 'read' });
	});

	it('keeps no token where the code it runs could find it', () => {
		expect(read(file)).not.toMatch(/secrets\.|pull_request_target|persist-credentials: true/);
		const checkouts = stepsOf(file).filter(({ uses }) => /\/checkout@/.test(String(uses)));
		expect(checkouts.map((step) => step.with)).toEqual(
			checkouts.map(() => ({ 'persist-credentials': false })),
		);
	});

	it('ends by itself', () => {
		const limits = jobsOf(file).map(([, job]) => Number(record(job)['timeout-minutes']));
		expect(limits.filter((minutes) => !(minutes > 0 && minutes <= 90))).toEqual([]);
	});

	it('runs only what is there', () => {
		const commands = stepsOf(file).flatMap(({ run }) => texts(run));
		const named = (pattern: RegExp) =>
			commands.flatMap((command) => [...command.matchAll(pattern)].map(([, name = '']) => name));
		const missing = named(/npm run ([\w:-]+)/g).filter((name) => !(name in scripts));
		const lost = named(/(?:bash|node) ([\w./-]+\/[\w.-]+)/g).filter(
			(name) => !fs.existsSync(path.join(repositoryRoot, name)),
		);
		expect([...missing, ...lost]).toEqual([]);
		expect(commands.length).toBeGreaterThan(0);
	});

	it('uses Node versions the package runs on', () => {
		const versions = jobsOf(file).flatMap(([, job]) => nodesOf(record(job)));
		expect(versions.length).toBeGreaterThan(0);
		expect(versions.filter((version) => !(version >= oldestNode))).toEqual([]);
	});
});

/** The Node versions a job runs on; NaN for one that is no number. */
function nodesOf({ strategy, steps }: Yaml): number[] {
	const matrix = isRecord(strategy) && isRecord(strategy.matrix) ? strategy.matrix.node : [];
	return records(steps).flatMap((step) => {
		if (!String(step.uses).includes('/setup-node@')) return [];
		const version = record(step.with)['node-version'];
		const isMatrix = version === '${{ matrix.node }}';
		return isMatrix && Array.isArray(matrix) ? matrix.map(Number) : [Number(version)];
	});
}

it('every action has the same commit everywhere', () => {
	const pins = new Set(workflows.flatMap(usesOf));
	const actions = new Set([...pins].map((pin) => pin.replace(/@.*/, '')));
	expect(pins.size).toBe(actions.size);
});

it('changes are checked on the oldest Node of the package and two newer ones', () => {
	const { checks } = record(yaml(ci).jobs);
	expect(nodesOf(record(checks))).toEqual([oldestNode, oldestNode + 2, oldestNode + 4]);
	expect(Object.keys(record(yaml(ci).on))).toEqual(
		expect.arrayContaining(['push', 'pull_request', 'schedule']),
	);
});

it('only the job that publishes gets an identity, after the tests and for a tag', () => {
	const granted = workflows.flatMap((file) =>
		jobsOf(file).flatMap(([name, job]) => {
			const { permissions } = record(job);
			return permissions === undefined ? [] : [[file, name, permissions]];
		}),
	);
	expect(granted).toEqual([[publish, 'publish', { contents: 'read', 'id-token': 'write' }]]);
	expect(yaml(publish).on).toEqual({ push: { tags: ['*.*.*'] } });
	const jobs = record(yaml(publish).jobs);
	expect(record(jobs.publish).needs).toBe('test');
	expect(records(record(jobs.test).steps).flatMap(({ run }) => texts(run))).toContain(
		'bash .ci/run --without-e2e',
	);
	// The npm of older ones cannot publish by OIDC.
	expect(Math.min(...nodesOf(record(jobs.publish)))).toBeGreaterThanOrEqual(24);
});

describe('the issue forms', () => {
	const folder = '.github/ISSUE_TEMPLATE';
	const forms = filesOfRepository(folder).filter((file) => !file.endsWith('config.yml'));
	const fieldsOf = (file: string) =>
		records(yaml(file).body).filter(({ type }) => type !== 'markdown');

	it.each(forms)('%s is one that GitHub takes', (file) => {
		const { name, description } = yaml(file);
		expect([typeof name, typeof description]).toEqual(['string', 'string']);
		const fields = fieldsOf(file);
		const ids = fields.map(({ id }) => id);
		expect(new Set(ids).size).toBe(fields.length);
		for (const { id, type, attributes } of fields) {
			expect(id).toMatch(/^[\w-]+$/);
			expect(['textarea', 'input', 'dropdown', 'checkboxes']).toContain(type);
			const { label, options } = record(attributes);
			expect(typeof label).toBe('string');
			if (type === 'dropdown')
				expect(options).toEqual(expect.arrayContaining([expect.any(String)]));
		}
	});

	it('ask for the operation by the names of the node', () => {
		const field = fieldsOf(`${folder}/bug_report.yml`).find(({ id }) => id === 'operation');
		const names = Object.values(operations).map(({ name }) => name);
		expect(record(field?.attributes).options).toEqual(names);
	});

	it('warn of keys, and lead security problems elsewhere', () => {
		const text = read(`${folder}/bug_report.yml`).replace(/\s+/g, ' ');
		expect(text).toContain('Never paste a key');
		expect(text).toContain('SECURITY.md');
		expect(yaml(`${folder}/config.yml`).blank_issues_enabled).toBe(false);
	});
});
