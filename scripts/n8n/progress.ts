import { delay } from '../../test/node';

/** Where progress is written: a terminal, or something that keeps every line. */
export interface Screen {
	isTTY?: boolean;
	columns?: number;
	write(text: string): unknown;
}

/** A terminal's line is written anew each second; a log gets a line now and then. */
const TERMINAL_MS = 1_000;
const LOG_MS = 30_000;

/**
 * Shows that work goes on, what it is and how long it has taken, until it ends.
 *
 * @param what e.g. `Installing n8n`
 * @param state how far it is, e.g. `120 of 2,000 packages`
 * @param pause waits so many milliseconds
 * @returns what the work returns
 */
export async function showProgress<T>(
	screen: Screen,
	what: string,
	work: Promise<T>,
	state: () => string = () => '',
	pause: (ms: number) => Promise<unknown> = async (ms) =>
		await delay(ms, undefined, { ref: false }),
): Promise<T> {
	const start = Date.now();
	// A line that wraps could not be written anew.
	const show = (...parts: string[]) => {
		const text = parts.filter((part) => part !== '').join('  ');
		const line = `\r\x1b[K${text.slice(0, (screen.columns ?? 80) - 1)}`;
		screen.write(screen.isTTY ? line : `${text}\n`);
	};
	const settled = Promise.allSettled([work]).then(() => true);
	show(`${what} …`);
	const pausing = async () => await pause(screen.isTTY ? TERMINAL_MS : LOG_MS).then(() => false);
	while (!(await Promise.race([settled, pausing()]))) {
		show(`${what} …`, state(), duration(Date.now() - start));
	}
	try {
		const result = await work;
		show(`${what}: done in ${duration(Date.now() - start)}`);
		return result;
	} finally {
		if (screen.isTTY) screen.write('\n');
	}
}

/** @returns e.g. `45 s` or `2 min 5 s` */
export function duration(ms: number): string {
	const seconds = Math.round(ms / 1_000);
	return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
