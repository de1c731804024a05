import { cleanup, runNode } from '../harness';
import { startSimulator } from '../simulator';

/** A program: runs the node with more requests at once than a signal may have listeners. */
async function main(): Promise<void> {
	const simulator = await startSimulator({ draw: 'noise', imageBytes: 6000, delayMs: 300 });
	const stop = new AbortController();
	await runNode({
		credentials: { apiKey: simulator.apiKey, baseUrl: simulator.url },
		parameters: {
			prompt: 'A fox',
			runOptions: { requestsInParallel: 12, imagesPerMinute: 60_000 },
		},
		items: Array.from({ length: 24 }, () => ({ json: {} })),
		signal: stop.signal,
	});
	await simulator.close();
	await cleanup();
}

void main();
