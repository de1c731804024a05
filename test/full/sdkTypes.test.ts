import type { INodeParameters } from 'n8n-workflow';
import { runPoll, useBinaryMode } from '../harness';
import { onDay } from '../support/date';
import { maskPicture, picture, storeFiles } from '../support/pictures';
import { TODAY, useSimulator } from '../support/simulator';
import {
	BEYOND,
	editSchema,
	KINDS,
	problemOf,
	saidBy,
	saidByLine,
	type Said,
} from './sdkTypes/held';
import { FACTORS, parametersOf, rowsOf } from './sdkTypes/matrix';

// Every request of the node is held against the type that the official SDK has for it.
onDay(TODAY);
const simulator = useSimulator({
	draw: 'noise',
	imageBytes: 20_000,
	batchEveryModel: true,
	batchesPerHour: 100_000,
	uploadsPerMinute: 100_000,
});

beforeAll(async () => await useBinaryMode('memory'));

/** That of the file the simulator has, which masks must have, too. */
const SIZE = { width: 1024, height: 1024 };

/** What was said by all requests so far, those within batches too. */
async function allSaid(): Promise<Said[]> {
	const { requests, batches, files } = simulator.api;
	const said = requests.flatMap((request) => saidBy(request) ?? []);
	for (const { input_file_id: input } of await batches.all()) {
		const text = String(await files.read(input));
		said.push(...text.trimEnd().split('\n').flatMap(saidByLine));
	}
	return said;
}

/** What the matrix of each operation has said, one entry for each request. */
const saidBefore: Said[] = [];

const problemsOf = (all: Said[]) =>
	all.flatMap((said) => {
		const problem = problemOf(said);
		return problem === undefined ? [] : [{ problem, said }];
	});

it.each(Object.keys(FACTORS))(
	'%s says nothing else, whatever the settings',
	async (operation) => {
		const rows = rowsOf(operation);
		for (const [name, values] of Object.entries(FACTORS[operation] ?? {})) {
			expect([name, new Set(rows.map((row) => row[name]))]).toEqual([name, new Set(values)]);
		}
		const binary = await storeFiles({
			data: await picture('png', SIZE),
			other: await picture('webp', { ...SIZE, colour: 'red' }),
			hole: await maskPicture(SIZE),
			marks: await maskPicture(SIZE),
		});
		const items = [0, 1].map((item) => ({ json: { item }, binary }));
		const problems: unknown[] = [];
		for (const row of rows) {
			const parameters = parametersOf(operation, row);
			const run = { parameters, items, node: { onError: 'continueRegularOutput' as const } };
			const { items: made } = await simulator.run(run);
			const said = await allSaid();
			expect(said.length).toBeGreaterThan(0);
			problems.push(...made.flatMap(({ json: { error } }) => (error ? [{ row, error }] : [])));
			saidBefore.push(...said);
			problems.push(...problemsOf(said).map((problem) => ({ row, ...problem })));
			simulator.api.reset();
		}
		expect(problems).toEqual([]);
	},
	300_000,
);

it('the operations on batches and the trigger say nothing else', async () => {
	const credentials = simulator.credentials();
	const prompts = [{ json: {} }, { json: {} }];
	const submit = async () => {
		const parameters = { prompt: 'A fox', delivery: 'batch' };
		const { items } = await simulator.run({ parameters, items: prompts });
		return String(items[0]?.json.batchId);
	};
	const run = async (operation: string, parameters: INodeParameters = {}) =>
		await simulator.run({ parameters: { resource: 'batch', operation, ...parameters } });
	await run('cancel', { batchId: await submit() });
	const { staticData } = await runPoll({ credentials });
	const batchId = await submit();
	await simulator.api.batches.finish();
	await runPoll({ credentials, staticData });
	await run('getAll', { returnAll: true });
	await run('get', { batchId });
	await run('getImages', { batchId });
	const asked = simulator.api.requests.map(({ method, path }) =>
		`${method} ${path}`.replace(/(file-|batch_)\w+/, '$1…').replace(/\?.*/, ''),
	);
	expect([...new Set(asked)].sort()).toEqual([
		'GET /v1/batches',
		'GET /v1/batches/batch_…',
		'GET /v1/files',
		'GET /v1/files/file-…',
		'GET /v1/files/file-…/content',
		'POST /v1/batches',
		'POST /v1/batches/batch_…/cancel',
		'POST /v1/files',
	]);
	const said = await allSaid();
	saidBefore.push(...said);
	expect(problemsOf(said)).toEqual([]);
});

describe('what is otherwise would be found', () => {
	it('in every kind of request', () => {
		expect(new Set(saidBefore.map(({ as }) => as))).toEqual(new Set(KINDS));
	});

	it.each(KINDS)('%s: a field the type does not have, and one of another type', (kind) => {
		const seen = new Set<string>();
		for (const said of saidBefore.filter(({ as }) => as === kind)) {
			const { value } = said;
			expect(problemOf({ ...said, value: { ...value, colour: 'red' } })).toContain('additional');
			for (const [field, right] of Object.entries(value)) {
				if (seen.has(field)) continue;
				seen.add(field);
				const wrong = typeof right === 'object' ? 'a text' : { an: 'object' };
				const problem = problemOf({ ...said, value: { ...value, [field]: wrong } });
				expect([field, problem]).toEqual([field, expect.any(String)]);
			}
		}
	});

	// A line that the types no longer need goes out of the table.
	it.each(BEYOND)('$of: $field goes beyond the type of the SDK', ({ of, field }) => {
		const rest = BEYOND.filter((one) => one.of !== of || one.field !== field);
		const schema = editSchema(of, rest);
		const withIt = saidBefore.filter(({ as, value }) => as === of && field in value);
		expect(withIt.length).toBeGreaterThan(0);
		for (const said of withIt) expect(problemOf(said, schema)).toEqual(expect.any(String));
	});
});
