import { delay } from '../node';

/** Waits for what is sure to happen; the limit is that of the test. */
export async function until(hasHappened: () => boolean): Promise<void> {
	while (!hasHappened()) await delay(5);
}

/**
 * Lets the event loop go round, so that what is on its way arrives.
 *
 * @param count turns of the loop, a millisecond or more each
 */
export async function turns(count: number): Promise<void> {
	for (let turn = 0; turn < count; turn += 1) await delay(1);
}
