import { sleep } from 'n8n-workflow';
import type { Stop } from './stop';

/** Longest single sleep: older n8n versions cannot end one early, so a stop is seen within this time at the latest. */
const SLICE_MS = 1000;

/**
 * Waits, and stops waiting at once when there is no more use in it.
 *
 * @param ms how long, in milliseconds
 * @param stop ends the wait
 * @throws the reason of the stop when it is, or becomes, reached
 */
export async function wait(ms: number, stop: Stop): Promise<void> {
	let forget = () => {};
	const stopped = new Promise<void>((resolve) => {
		forget = stop.listen(resolve);
	});
	const end = Date.now() + ms;
	for (let left = ms; left > 0 && !stop.isReached; left = end - Date.now()) {
		await Promise.race([sleep(Math.min(left, SLICE_MS)), stopped]);
	}
	forget();
	stop.throwIfReached();
}
