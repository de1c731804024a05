import Table from 'cli-table3';
import { jsonParse } from 'n8n-workflow';
import { childProcess, fs, os, path, process, repositoryRoot } from '../test/node';

/** What jest tells of a test. */
interface Told {
	title: string;
	status: string;
	failureMessages: string[];
}

/** Where the types of images, files and batches are. */
const RESOURCES = 'resources';
const FILES = ['images', 'files', 'batches'].map((name) => `${name}.d.ts`);
const say = (text: string) => void process.stdout.write(`${text}\n`);

/**
 * Holds the node against the types of another version of `openai` with the tests of
 * test/unit/openai*Types.test.ts: `npm run drift` takes the newest, `npm run drift -- 7.55.0` that one.
 */
async function main(folder: string): Promise<void> {
	const { version, resources } = fetchTypes(process.argv[2] ?? 'latest', folder);
	say(`openai ${version}, which the node is held against; installed is ${installedVersion()}.`);
	const told = runTests(resources, folder);
	const failed = told.filter(({ status }) => status !== 'passed');
	for (const file of FILES) {
		const comments = difference(resources, file);
		if (comments === '') continue;
		say(`\nWhat changed in ${RESOURCES}/${file}, comments too, which state rules:\n${comments}`);
	}
	if (failed.length > 0) say(`\n${toTable(failed)}`);
	say(`\n${told.length - failed.length} of ${told.length} checks passed.`);
	if (failed.length > 0) say('CONTRIBUTING.md, "How to add …", says what to do.');
	process.exitCode = failed.length > 0 || told.length === 0 ? 1 : 0;
}

/** Downloads a version of `openai`; installs nothing. */
function fetchTypes(wanted: string, folder: string) {
	const output = childProcess.execFileSync(
		'npm',
		['pack', `openai@${wanted}`, '--json', '--loglevel=error', '--pack-destination', folder],
		{ encoding: 'utf8', cwd: folder },
	);
	const [packed] = jsonParse<Array<{ filename: string; version: string }>>(output);
	if (!packed) throw new Error(`npm has no openai@${wanted}`);
	childProcess.execFileSync('tar', ['-xzf', path.basename(packed.filename)], { cwd: folder });
	return { version: packed.version, resources: path.join(folder, 'package', RESOURCES) };
}

function installedVersion(): string {
	const manifest = path.join(repositoryRoot, 'node_modules/openai/package.json');
	return jsonParse<{ version: string }>(fs.readFileSync(manifest, 'utf8')).version;
}

/** @throws Error when the tests could not be run, e.g. because the types are elsewhere now */
function runTests(resources: string, folder: string): Told[] {
	const results = path.join(folder, 'results.json');
	childProcess.spawnSync(
		process.execPath,
		['node_modules/jest/bin/jest.js', 'test/unit/openai.*Types', '--json', '--outputFile', results],
		{
			cwd: repositoryRoot,
			stdio: 'ignore',
			env: { ...process.env, OPENAI_RESOURCES: resources, FORCE_COLOR: '0' },
		},
	);
	const { testResults } = jsonParse<{
		testResults: Array<{ message: string; assertionResults: Told[] }>;
	}>(fs.readFileSync(results, 'utf8'));
	const broken = testResults.find(({ assertionResults }) => assertionResults.length === 0);
	if (broken || testResults.length === 0) {
		throw new Error(`The tests could not be run.\n${broken?.message ?? ''}`);
	}
	return testResults.flatMap(({ assertionResults }) => assertionResults);
}

function difference(resources: string, file: string): string {
	const installed = path.join('node_modules/openai', RESOURCES, file);
	const { stdout } = childProcess.spawnSync(
		'git',
		['diff', '--no-index', '--no-color', '--unified=1', installed, path.join(resources, file)],
		{ cwd: repositoryRoot, encoding: 'utf8' },
	);
	return stdout.split('\n').slice(4).join('\n').trimEnd();
}

function toTable(failed: Told[]): string {
	const table = new Table({ head: ['does not hold', ''], style: { head: [], border: [] } });
	for (const { title, failureMessages } of failed) {
		// jest marks what is there and was not expected with a plus.
		const names = failureMessages
			.flatMap((message) => [...message.matchAll(/^\s*\+\s+"(.+)",$/gm)])
			.map(([, name = '']) => name);
		table.push([title, names.join('\n')]);
	}
	return table.toString();
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drift-'));
process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
void main(folder).catch((error: unknown) => {
	say(error instanceof Error ? error.message : String(error));
	process.exitCode = 1;
});
