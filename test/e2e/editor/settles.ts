import { assert } from '../../node';
import { until } from '../wait';

/** How long the editor may take to show what follows from an input. */
const SETTLE_MS = 20_000;

/**
 * Waits until what the editor shows is as expected: it follows an input after a moment.
 * @throws with a comparison when it does not
 */
export async function settles<T>(read: () => Promise<T>, expected: T): Promise<void> {
	let last: T | undefined;
	const isThere = async () => {
		last = await read();
		return isEqual(last, expected);
	};
	await until('the editor', SETTLE_MS, isThere).catch((error: unknown) => {
		if (last === undefined) return Promise.reject(error);
		assert.deepEqual(last, expected);
	});
}

function isEqual(one: unknown, other: unknown): boolean {
	try {
		assert.deepEqual(one, other);
		return true;
	} catch {
		return false;
	}
}
