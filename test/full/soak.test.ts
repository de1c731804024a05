import { runNode } from '../harness';
import { process } from '../node';
import { startSimulator, type Simulator } from '../simulator';
import { collectGarbage } from '../support/memory';
import { asSaved } from '../support/parameters';
import { allSocketsClosed } from '../support/sockets';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator({ draw: 'noise', imageBytes: 2000 });
});
afterAll(async () => await simulator.close());

const promptOf = (json: unknown) =>
	typeof json === 'object' && json !== null && 'prompt' in json ? json.prompt : undefined;

/** Runs so many items. @returns the prompts that were sent, and the heap once all is over, in bytes */
async function round(items: number) {
	await runNode({
		parameters: asSaved({
			prompt: '=picture {{ $json.number }}',
			options: { requestsInParallel: 20 },
		}),
		credentials: { apiKey: simulator.apiKey, baseUrl: simulator.url },
		items: Array.from({ length: items }, (_, number) => ({ json: { number } })),
	});
	const prompts = new Set(simulator.requests.map(({ json }) => promptOf(json)));
	simulator.reset();
	await allSocketsClosed(simulator);
	collectGarbage();
	return { prompts, heap: process.memoryUsage().heapUsed };
}

it('a run of 1000 items leaves no memory and no socket behind', async () => {
	await round(200);
	const before = await round(200);
	const after = await round(1000);
	expect(after.prompts.size).toBe(1000);
	expect(after.heap - before.heap).toBeLessThan(8 * 1024 * 1024);
});
