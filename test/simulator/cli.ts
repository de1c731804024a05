import { process, util } from '../node';
import { startSimulator } from './server';
import type { SimulatorOptions } from './types';

/**
 * Starts the simulator as a process of its own: `tsx test/simulator/cli.ts --port 8080 --draw noise`.
 * Prints one JSON line `{url, apiKey, pid}` when ready; ends on SIGTERM, SIGINT or end of stdin (so
 * give it a pipe or a terminal, not /dev/null).
 */
async function main(): Promise<void> {
	const simulator = await startSimulator(readOptions());
	const { url, apiKey } = simulator;
	process.stdout.write(`${JSON.stringify({ url, apiKey, pid: process.pid })}\n`);
	let closing = false;
	const end = () => {
		if (closing) return;
		closing = true;
		void simulator.close().then(() => process.exit(0));
	};
	process.on('SIGTERM', end);
	process.on('SIGINT', end);
	process.stdin.on('end', end).on('close', end).resume();
}

function readOptions(): SimulatorOptions {
	const { values } = util.parseArgs({
		options: {
			port: { type: 'string' },
			'api-key': { type: 'string' },
			today: { type: 'string' },
			draw: { type: 'string' },
			'image-bytes': { type: 'string' },
			'delay-ms': { type: 'string' },
			'rate-limit-images': { type: 'string' },
			'rate-limit-window-ms': { type: 'string' },
			'max-images': { type: 'string' },
			'partial-pause-ms': { type: 'string' },
		},
	});
	const number = (text: string | undefined) => {
		if (text === undefined) return undefined;
		if (!/^\d+$/.test(text)) throw new RangeError(`Not a whole number: ${text}`);
		return Number(text);
	};
	const { draw } = values;
	if (draw !== undefined && draw !== 'picture' && draw !== 'noise') {
		throw new RangeError(`--draw takes picture or noise, not ${draw}`);
	}
	const images = number(values['rate-limit-images']);
	const windowMs = number(values['rate-limit-window-ms']) ?? 60_000;
	return {
		port: number(values.port),
		apiKey: values['api-key'],
		today: values.today,
		draw,
		imageBytes: number(values['image-bytes']),
		delayMs: number(values['delay-ms']),
		rateLimit: images === undefined ? undefined : { images, windowMs },
		maxImages: number(values['max-images']),
		partialPauseMs: number(values['partial-pause-ms']),
	};
}

void main();
