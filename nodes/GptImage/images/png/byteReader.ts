/** A PNG that cannot be decoded: cut off, damaged, or of a kind that is not supported. */
export class PngError extends Error {
	override name = 'PngError';
}

const NOTHING = Buffer.alloc(0);

/** Reads a file that comes in chunks of any size, piece by piece. */
export class ByteReader {
	private chunk: Buffer = NOTHING;
	private readonly chunks: AsyncIterator<Uint8Array>;

	constructor(chunks: AsyncIterable<Uint8Array>) {
		this.chunks = chunks[Symbol.asyncIterator]();
	}

	/**
	 * @param length a few bytes: they are held in one piece
	 * @throws {PngError} when the file ends before
	 */
	async take(length: number): Promise<Buffer> {
		const pieces: Uint8Array[] = [];
		for await (const piece of this.pieces(length)) pieces.push(piece);
		return Buffer.concat(pieces);
	}

	/** Passes over bytes. @throws {PngError} when the file ends before */
	async skip(length: number) {
		const pieces = this.pieces(length);
		while (!(await pieces.next()).done);
	}

	/**
	 * @returns the next bytes, as they come
	 * @throws {PngError} when the file ends before
	 */
	async *pieces(length: number): AsyncGenerator<Buffer> {
		for (let left = length; left > 0; ) {
			while (this.chunk.length === 0) await this.next();
			const piece = this.chunk.subarray(0, left);
			this.chunk = this.chunk.subarray(piece.length);
			left -= piece.length;
			yield piece;
		}
	}

	/** Reads the rest of the file without looking at it. */
	async drain() {
		while (!(await this.chunks.next()).done);
	}

	private async next() {
		const next = await this.chunks.next();
		if (next.done) throw new PngError('is cut off');
		const { buffer, byteOffset, length } = next.value;
		this.chunk = Buffer.from(buffer, byteOffset, length);
	}
}
