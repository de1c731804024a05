import { freePort } from '../ports';
import { isListening, removeFolder, runTool, scratchFolder, startDaemon } from './daemon';

/** A Redis of the suite's own, in memory only. */
export interface Redis {
	host: string;
	port: number;
	/** The answer of redis-cli to a command, without its line end. */
	command(...words: string[]): Promise<string>;
	stop(): Promise<void>;
}

/** Starts Debian's redis-server on a free port of 127.0.0.1. It keeps nothing on disk. */
export async function startRedis(): Promise<Redis> {
	const folder = scratchFolder('redis');
	const host = '127.0.0.1';
	const port = await freePort();
	const args = ['--port', String(port), '--bind', host, '--dir', folder];
	const daemon = await startDaemon(
		'redis-server',
		[...args, '--save', '', '--appendonly', 'no', '--daemonize', 'no'],
		async () => await isListening(port),
	);
	return {
		host,
		port,
		command: async (...words) => {
			const answer = await runTool('redis-cli', ['-h', host, '-p', String(port), ...words]);
			return answer.replace(/\n$/, '');
		},
		stop: async () => {
			await daemon.stop();
			removeFolder(folder);
		},
	};
}
