import { childProcess, delay, fs, path, process } from '../../test/node';
import type { Clone } from './clone';

/** How a command ended. */
export interface Outcome {
	isWell: boolean;
	/** `ok`, or what went wrong. */
	result: string;
	seconds: number;
	/** The end of what it wrote. */
	output: string;
}

const LIMIT_MINUTES = 30;
const POLL_MS = 200;
const LAST_LINES = 30;

/** So long a program may take to end. */
const GRACE_MS = 10_000;

/**
 * Runs a command in a clone, as a reader types it into a shell.
 *
 * @param ready for a server: what it writes when it is ready; then it is ended
 * @param signal ends the command
 */
export async function runCommand(
	text: string,
	{ folder, env }: Clone,
	signal: AbortSignal,
	ready?: RegExp,
): Promise<Outcome> {
	const start = performance.now();
	const log = path.join(path.dirname(folder), 'output.log');
	const file = fs.openSync(log, 'w');
	// In a group of its own, so that nothing it started outlives it. Some end with their standard input.
	const child = childProcess.spawn('bash', ['-c', text], {
		cwd: folder,
		env,
		detached: true,
		stdio: [ready ? 'pipe' : 'ignore', file, file],
	});
	const ended = new Promise<number | string>((resolve) => {
		child.once('exit', (code, name) => resolve(code ?? name ?? 'unknown'));
		child.once('error', ({ message }) => resolve(message));
	});
	const seconds = () => (performance.now() - start) / 1000;
	const written = () => fs.readFileSync(log, 'utf8');

	let isReady = false;
	let end: number | string | undefined;
	void ended.then((code) => {
		end = code;
	});
	while (end === undefined && !isReady && !signal.aborted && seconds() < LIMIT_MINUTES * 60) {
		await Promise.race([ended, delay(POLL_MS)]);
		isReady = ready?.test(written()) ?? false;
	}
	const took = seconds();
	const ownEnd = end;
	await stop(child.pid, ended);
	fs.closeSync(file);
	return {
		isWell: ready ? isReady : ownEnd === 0,
		result: inWords(ownEnd, signal.aborted, ready && isReady),
		seconds: took,
		output: written().trimEnd().split('\n').slice(-LAST_LINES).join('\n'),
	};
}

/**
 * @param end exit code or signal; `undefined` for one that had to be ended
 * @param isReady whether a server was; `undefined` for what is none
 */
function inWords(end: number | string | undefined, wasAborted: boolean, isReady?: boolean): string {
	if (isReady) return 'ok: started, ended';
	if (end === undefined) return wasAborted ? 'FAILED: interrupted' : 'FAILED: took too long';
	if (isReady === false) return `FAILED: ended with ${end} before it was ready`;
	return end === 0 ? 'ok' : `FAILED: ${end}`;
}

/** Ends a process with all it started; by force what takes its time. */
async function stop(pid: number | undefined, ended: Promise<unknown>): Promise<void> {
	if (pid === undefined) return;
	const send = (name: 'SIGTERM' | 'SIGKILL') => {
		try {
			process.kill(-pid, name);
		} catch {
			// Nobody is left.
		}
	};
	send('SIGTERM');
	await Promise.race([ended, delay(GRACE_MS, undefined, { ref: false })]);
	send('SIGKILL');
	await ended;
}
