import fc from 'fast-check';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { runNode, useBinaryMode } from '../harness';
import { process } from '../node';
import { startSimulator, type Simulator } from '../simulator';
import { inputCases, type InputCase } from './fuzz/inputFiles';

/** How many inputs are tried; reports use 20,000 and more. */
const RUNS = Number(process.env.FUZZ_INPUTS ?? 800);

let simulator: Simulator;
beforeAll(async () => {
	await useBinaryMode('memory');
	simulator = await startSimulator({ draw: 'noise', imageBytes: 6000 });
});
afterAll(async () => await simulator.close());

/** What JavaScript says when code meets a value it was not written for. */
const ACCIDENT =
	/Cannot (read|set|convert)|is not (a function|iterable|defined)|undefined|NaN|Invalid|\[object /;

/** The same bytes; or, of a text that was cut or doubled behind the end of its picture, as many as there are. */
const isTrueTo = (file: Buffer, sent: Buffer) =>
	Buffer.concat([file, file]).subarray(0, sent.length).equals(sent);

const run = async ({ parameters, item }: InputCase) =>
	await runNode({
		parameters,
		credentials: { apiKey: simulator.apiKey, baseUrl: simulator.url },
		items: [item],
	}).then(
		({ items }) => items,
		(error: unknown) => error,
	);

it(
	'whatever the files of an edit are, they are sent as they are or told what is wrong with them',
	async () => {
		const outcomes = new Map<string, number>();
		await fc.assert(
			fc.asyncProperty(await inputCases(), async (given) => {
				simulator.reset();
				const end = await run(given);
				const sent = simulator.requests.flatMap(({ files }) => files);
				const others = sent.filter(
					({ bytes, field, filename }) =>
						!given.files.some((file) => isTrueTo(file, bytes)) &&
						!(field === 'mask' && filename === 'mask.png'),
				);
				expect(others.map(({ field, bytes }) => [field, bytes.length])).toEqual([]);
				if (Array.isArray(end)) {
					outcomes.set('made', (outcomes.get('made') ?? 0) + 1);
					expect(end[0]?.binary?.data).toBeDefined();
					return;
				}
				if (!(end instanceof NodeApiError || end instanceof NodeOperationError)) throw end;
				const what = end.message.replace(/"[^"]*"|\d+/g, '…');
				outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
				expect(end.message).toMatch(/^[A-Z].{4,300} \[item 1\]$/s);
				expect(end.message).not.toMatch(ACCIDENT);
				expect(end.description).toMatch(/^.{20,}$/s);
			}),
			{ numRuns: RUNS },
		);
		// All ways lead somewhere.
		expect(outcomes.size).toBeGreaterThan(15);
		expect(outcomes.get('made')).toBeGreaterThan(RUNS / 50);
		if (RUNS > 5000) process.stdout.write(`${JSON.stringify([...outcomes].sort(), null, 1)}\n`);
	},
	30_000 + RUNS * 100,
);
