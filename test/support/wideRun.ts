import { cleanup, runNode } from '../harness';
import { startSimulator } from '../simulator';
import { gate, until } from './events';

/** A program: runs the node with more requests at once than a signal may have listeners. */
async function main(): Promise<void> {
	const simulator = await startSimulator({ draw: 'noise', imageBytes: 6000 });
	const stop = new AbortController();
	const { opened, open } = gate();
	simulator.misbehave({ until: opened, times: Infinity });
	const running = runNode({
		credentials: { apiKey: simulator.apiKey, baseUrl: simulator.url },
		parameters: {
			prompt: 'A fox',
			options: { requestsInParallel: 12, imagesPerMinute: 60_000 },
		},
		items: Array.from({ length: 24 }, () => ({ json: {} })),
		signal: stop.signal,
	});
	await until(() => simulator.stats().running === 12);
	open();
	await running;
	await simulator.close();
	await cleanup();
}

void main();
