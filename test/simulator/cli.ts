import { process, util } from '../node';
import { readOptions, USAGE } from './cliOptions';
import { startSimulator } from './server';
import type { Simulator, SimulatorOptions } from './types';

/**
 * Starts the simulator as a process of its own: `tsx test/simulator/cli.ts --port 8080 --draw noise`.
 * Tells address and key when ready: to a terminal in words, to a pipe as one JSON line
 * `{url, apiKey, pid}`. Ends on SIGTERM, SIGINT or end of stdin (so give it a pipe or a terminal, not
 * /dev/null).
 */
async function main(): Promise<void> {
	const options = readOptions();
	if (!options) {
		process.stdout.write(USAGE);
		return;
	}
	const simulator = await start(options);
	if (!simulator) return;
	const { url, apiKey } = simulator;
	process.stdout.write(
		process.stdout.isTTY
			? `Base URL: ${url}\nAPI key:  ${apiKey}\nEnd with Ctrl+C.\n`
			: `${JSON.stringify({ url, apiKey, pid: process.pid })}\n`,
	);
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

async function start(options: SimulatorOptions): Promise<Simulator | undefined> {
	return await startSimulator(options).catch((error: unknown) => {
		const busy = util.types.isNativeError(error) && 'code' in error && error.code === 'EADDRINUSE';
		const message = busy
			? `Port ${options.port} is in use. Choose another with --port.`
			: String(error);
		process.stderr.write(`${message}\n`);
		process.exitCode = 1;
		return undefined;
	});
}

void main();
