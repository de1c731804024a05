import { sleep } from 'n8n-workflow';

/** Longest single sleep: older n8n versions cannot end one early, so a stop is seen within this time at the latest. */
const SLICE_MS = 1000;

/**
 * Waits, and stops waiting at once when the signal says so.
 *
 * @param ms how long, in milliseconds
 * @param signal ends the wait
 * @throws the signal's reason when it is, or becomes, aborted
 */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
	let stop = () => {};
	const stopped = new Promise<void>((resolve) => {
		stop = resolve;
	});
	signal.addEventListener('abort', stop, { once: true });
	const end = Date.now() + ms;
	for (let left = ms; left > 0 && !signal.aborted; left = end - Date.now()) {
		await Promise.race([sleep(Math.min(left, SLICE_MS)), stopped]);
	}
	signal.removeEventListener('abort', stop);
	signal.throwIfAborted();
}
