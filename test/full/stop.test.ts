import fc from 'fast-check';
import type { IBinaryData, INodeParameters } from 'n8n-workflow';
import { runNode, storedFiles, useBinaryMode, type NodeRun } from '../harness';
import { asyncHooks } from '../node';
import { startSimulator, type Fault, type Simulator } from '../simulator';
import { asSaved, imagesFrom } from '../support/parameters';
import { turns } from '../support/events';
import { picture, storeFiles } from '../support/pictures';
import { allSocketsClosed } from '../support/sockets';
import { storedSums } from './faults/store';
import { STOPPED } from '../support/words';

let simulator: Simulator;
let binary: Record<string, IBinaryData>;
beforeAll(async () => {
	await useBinaryMode('filesystem');
	simulator = await startSimulator({ draw: 'noise', imageBytes: 200_000 });
	binary = await storeFiles({ photo: await picture('png') });
});
afterAll(async () => await simulator.close());

/**
 * Counts continuations of promises in this process, the node's and the server's; every `await` ends in one.
 *
 * @param after calls `act` once when so many have begun
 */
function countAwaits(after = Infinity, act = () => {}) {
	let count = 0;
	const hook = asyncHooks
		.createHook({
			before() {
				count += 1;
				// Not here: whatever throws inside a hook ends the process.
				if (count === after) queueMicrotask(act);
			},
		})
		.enable();
	return { count: () => count, end: () => hook.disable() };
}

const run = async (parameters: INodeParameters, more: Partial<NodeRun> = {}) =>
	await runNode({
		parameters: asSaved({ prompt: 'a fox', ...parameters }),
		credentials: { apiKey: simulator.apiKey, baseUrl: simulator.url },
		items: [
			{ json: {}, binary },
			{ json: {}, binary },
			{ json: {}, binary },
		],
		...more,
	});

/** Wait between two attempts, in milliseconds: not most of a run. */
const PAUSE_MS = 20;
const FAULT: Fault = { status: 500, retryAfterMs: PAUSE_MS };

describe('an execution that is stopped at any await', () => {
	it.each<[string, INodeParameters]>([
		['generates images', { options: { requestsInParallel: 2 } }],
		['generates images of a stream', { options: { keepAlive: true } }],
		[
			'edits images',
			{ operation: 'edit', images: imagesFrom('photo'), options: { requestsInParallel: 2 } },
		],
		['spaces its requests', { n: 2, options: { imagesPerRequest: 1, imagesPerMinute: 6000 } }],
	])('and %s ends at once, leaving nothing half done', async (_, parameters) => {
		simulator.reset();
		simulator.misbehave(FAULT);
		const whole = countAwaits();
		await run(parameters);
		whole.end();
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 1, max: whole.count() }), async (turn) => {
				simulator.reset();
				simulator.misbehave(FAULT);
				const before = new Set(await storedFiles());
				const stop = new AbortController();
				const counter = countAwaits(turn, () => stop.abort());
				const outcome = await run(parameters, { signal: stop.signal })
					.then(({ items }) => `${items.length} items`)
					.catch((error: unknown) => (error instanceof Error ? error.message : error));
				counter.end();
				expect([STOPPED, '3 items', '6 items']).toContain(outcome);
				// What was on its way when the execution was stopped still arrives.
				await turns(10);
				await allSocketsClosed(simulator);
				const requests = simulator.requests.length;
				await turns(2 * PAUSE_MS);
				expect(simulator.requests).toHaveLength(requests);
				const made = simulator.images.map(({ sha256 }) => sha256);
				const files = (await storedFiles()).filter((file) => !before.has(file));
				expect(made).toEqual(expect.arrayContaining(await storedSums(files)));
			}),
			{ numRuns: 40 },
		);
	});
});
