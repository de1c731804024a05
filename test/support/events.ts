import { delay } from '../node';

/** Something to wait for that the test itself lets happen. */
export interface Gate {
	opened: Promise<void>;
	open(): void;
}

/** A gate that is shut; `misbehave({ until: gate.opened })` holds a request of the simulator there. */
export function gate(): Gate {
	let open = () => {};
	const opened = new Promise<void>((resolve) => {
		open = resolve;
	});
	return { opened, open };
}

/** Waits for what is sure to happen; the limit is that of the test. */
export async function until(hasHappened: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await hasHappened())) await delay(5);
}

/**
 * Lets the event loop go round, so that what is on its way in this process arrives.
 *
 * @param count turns of the loop, a millisecond or more each
 */
export async function turns(count: number): Promise<void> {
	for (let turn = 0; turn < count; turn += 1) await delay(1);
}
