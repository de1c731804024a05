/** Lets work in one at a time, first come, first served. */
export class Mutex {
	private last: Promise<void> = Promise.resolve();

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
}
