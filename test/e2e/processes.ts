import { childProcess, delay, events, process } from '../node';

/** A program that was started, with everything it starts itself. */
export interface Started {
	pid: number;
	/** Everything it has written so far, both streams. */
	log(): string;
	/** Its exit code or signal once it has ended. */
	ended(): string | undefined;
	/** Resolves when it has ended. */
	end: Promise<void>;
	/** Asks it to end, and after `graceMs` (default 20,000) ends it and all it has started. */
	stop(graceMs?: number): Promise<void>;
}

/** How a program is started. */
export interface ProcessOptions {
	cwd?: string;
	/** The whole environment: nothing is passed on from this process. */
	env: Record<string, string>;
}

/** Everything is being stopped; what comes late is not started. */
let isOver = false;

/** Processes that have not been stopped yet. */
const running = new Set<Started>();

/** Starts a program in a process group of its own, so that Ctrl-C is left to `stop`. */
export function startProcess(
	command: string,
	args: string[],
	{ cwd, env }: ProcessOptions,
): Started {
	if (isOver) throw new Error(`${command} is not started any more`);
	const child = childProcess.spawn(command, args, {
		cwd,
		env,
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const pieces: string[] = [];
	let ended: string | undefined;
	for (const output of [child.stdout, child.stderr]) {
		output.setEncoding('utf8').on('data', (text: string) => pieces.push(text));
	}
	const { pid } = child;
	const end = events.once(child, 'exit').then(
		([code, signal]) => {
			ended = signal ? `signal ${String(signal)}` : `code ${String(code)}`;
			// At once, before the system gives the number to others.
			killGroup(pid);
		},
		(error: unknown) => void (ended = String(error)),
	);
	// Its output is complete only when nothing holds the pipes any more.
	const closed = events.once(child, 'close').catch(() => undefined);
	const stopped = async (graceMs: number) => {
		if (ended === undefined) child.kill('SIGTERM');
		await Promise.race([end, delay(graceMs, undefined, { ref: false })]);
		if (ended === undefined) killGroup(pid);
		await end;
		await Promise.race([closed, delay(2_000, undefined, { ref: false })]);
		running.delete(started);
	};
	let stopping: Promise<void> | undefined;
	const started: Started = {
		pid: pid ?? 0,
		log: () => pieces.join(''),
		ended: () => ended,
		end,
		// Who asks again waits for the same end.
		stop: async (graceMs = 20_000) => await (stopping ??= stopped(graceMs)),
	};
	running.add(started);
	return started;
}

/**
 * Runs a program to its end.
 * @returns everything it wrote
 * @throws when it ends with anything but 0, with the end of what it wrote
 */
export async function runProcess(
	command: string,
	args: string[],
	options: ProcessOptions,
): Promise<string> {
	const started = startProcess(command, args, options);
	await started.end;
	await started.stop();
	const ended = started.ended();
	if (ended === 'code 0') return started.log();
	const call = [command, ...args].join(' ');
	throw new Error(`${call} ended with ${ended}\n${lastLines(started.log(), 40)}`);
}

/** From here on `startProcess` throws: a part that is interrupted must not go on. */
export function startNoMore(): void {
	isOver = true;
}

/** Stops every process that is still running: the way out of an interrupted run. */
export async function stopProcesses(): Promise<void> {
	startNoMore();
	await Promise.all([...running].map(async (started) => await started.stop()));
}

/** The last lines of a text. */
export function lastLines(text: string, count: number): string {
	return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** Ends what is left of a process group, if anything is. */
function killGroup(pid: number | undefined): void {
	// 0 would be the group of this process.
	if (!pid) return;
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// Nothing of it is left.
	}
}
