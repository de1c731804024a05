/** Hands out the chunks of a response body, one at a time, with a position in the current one. */
export class ByteSource {
	chunk: Buffer = Buffer.alloc(0);
	at = 0;
	private readonly chunks: AsyncIterator<Buffer>;

	/** @param body chunks of bytes; they may be overwritten by whoever reads them */
	constructor(body: AsyncIterable<Buffer>) {
		this.chunks = body[Symbol.asyncIterator]();
	}

	/** @returns whether there is a byte at the current position, after fetching the next chunk if needed */
	async ready(): Promise<boolean> {
		while (this.at >= this.chunk.length) {
			const next = await this.chunks.next();
			if (next.done) return false;
			this.chunk = next.value;
			this.at = 0;
		}
		return true;
	}

	/** @returns the position of the byte in the rest of the chunk, or the end of the chunk */
	find(byte: number): number {
		const found = this.chunk.indexOf(byte, this.at);
		return found < 0 ? this.chunk.length : found;
	}

	/** @returns the bytes up to `end` as a view of the chunk; goes on behind them */
	take(end: number): Buffer {
		const bytes = this.chunk.subarray(this.at, end);
		this.at = end;
		return bytes;
	}
}
