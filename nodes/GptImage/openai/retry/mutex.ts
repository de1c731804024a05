import type { Stop } from './stop';

/** Lets work in one at a time, first come, first served; who is in may wait for a change that others tell of. */
export class Mutex {
	private last: Promise<void> = Promise.resolve();
	private wake = () => {};

	/** @returns what the work returns; @throws what it throws */
	async runExclusive<Result>(work: () => Promise<Result>): Promise<Result> {
		const before = this.last;
		let leave = () => {};
		this.last = new Promise((resolve) => {
			leave = resolve;
		});
		try {
			await before;
			return await work();
		} finally {
			leave();
		}
	}

	/**
	 * Waits inside of the work until {@link changed} is called.
	 *
	 * @param stop ends the wait
	 * @throws the reason of the stop when it is, or becomes, reached
	 */
	async nextChange(stop: Stop): Promise<void> {
		let forget = () => {};
		await new Promise<void>((resolve) => {
			this.wake = resolve;
			forget = stop.listen(resolve);
		});
		forget();
		stop.throwIfReached();
	}

	/** Wakes the one who waits for a change. */
	changed() {
		this.wake();
	}
}
