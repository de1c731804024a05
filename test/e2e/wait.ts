import { delay } from '../node';

/** How often something is looked at while it is waited for. */
const EVERY_MS = 100;

/**
 * Looks again and again until `probe` returns something other than undefined or false.
 * @param what what is waited for, for the error
 * @param limitMs milliseconds until it is given up
 * @returns what `probe` returned
 * @throws what `probe` throws, and when the time is over
 */
export async function until<T>(
	what: string,
	limitMs: number,
	probe: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
	const end = Date.now() + limitMs;
	for (;;) {
		const found = await probe();
		if (found !== undefined && found !== false) return found;
		if (Date.now() > end) throw new Error(`${what}: not within ${limitMs / 1000} s`);
		await delay(EVERY_MS);
	}
}
