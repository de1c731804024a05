/** Hands out the chunks of a response body, one at a time, with a position in the current one. */
export class ByteSource {
	chunk: Buffer = Buffer.alloc(0);
	at = 0;
	private readonly chunks: AsyncIterator<Buffer>;
	/** Epoch milliseconds after which no further chunk is waited for. */
	private until: number | undefined;
	/** Resolves then. */
	private patience: Promise<undefined> | undefined;
	private isOver = false;

	/**
	 * @param body chunks of bytes; they may be overwritten by whoever reads them
	 * @param alarm calls back after so many milliseconds
	 */
	constructor(
		body: AsyncIterable<Buffer>,
		private readonly alarm: (ms: number, act: () => void) => void,
	) {
		this.chunks = body[Symbol.asyncIterator]();
	}

	/** @returns whether there is a byte at the current position, after fetching the next chunk if needed */
	async ready(): Promise<boolean> {
		while (this.at >= this.chunk.length) {
			const next = this.isOver ? undefined : await this.next();
			if (!next || next.done) return false;
			this.chunk = next.value;
			this.at = 0;
		}
		return true;
	}

	/** Waits for further chunks no longer than so many milliseconds from now on; the body ends there. */
	hurry(ms: number) {
		this.until ??= Date.now() + ms;
	}

	/** Waits for further chunks as long as it takes. */
	relax() {
		this.until = this.patience = undefined;
	}

	/** The rest of the body is not read. */
	end() {
		this.isOver = true;
		this.at = this.chunk.length;
	}

	/** @returns the position of the first of these bytes in the rest of the chunk, or the end of the chunk */
	find(...bytes: number[]): number {
		let end = this.chunk.length;
		for (const byte of bytes) {
			const found = this.chunk.indexOf(byte, this.at);
			if (found >= 0 && found < end) end = found;
		}
		return end;
	}

	/** @returns the bytes up to `end` as a view of the chunk; goes on behind them */
	take(end: number): Buffer {
		const bytes = this.chunk.subarray(this.at, end);
		this.at = end;
		return bytes;
	}

	private async next(): Promise<IteratorResult<Buffer> | undefined> {
		const next = this.chunks.next();
		const { until } = this;
		if (until === undefined) return await next;
		// Most of the time nothing has to be waited for, so the alarm is set late.
		this.patience ??= new Promise((resolve) => {
			this.alarm(Math.max(0, until - Date.now()), () => resolve(undefined));
		});
		// Nobody listens any more when the time is over.
		next.catch(() => {});
		const first = await Promise.race([next, this.patience]);
		this.isOver ||= first === undefined;
		return first;
	}
}
