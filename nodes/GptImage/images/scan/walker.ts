/** What a walk through a file wants next: bytes in one piece, bytes to pass over, or all up to a byte of this value. */
export type Want = { take: number } | { skip: number } | { until: number };

/** Goes through a file from front to back; it is handed the bytes it wanted to take. */
export type Walk = Generator<Want, void, Buffer>;

const NOTHING = Buffer.alloc(0);

/**
 * Drives a walk through a file that arrives in chunks of any size. It holds no more than the walk takes in one piece,
 * and looks at no more than it has to.
 */
export class Walker {
	private want: Want | undefined;
	/** What is there of the bytes to take. */
	private pieces: Buffer[] = [];
	/** Bytes that are missing of those to take or to skip. */
	private missing = 0;

	constructor(private readonly walk: Walk) {
		this.go(NOTHING);
	}

	write(chunk: Uint8Array) {
		const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
		let at = 0;
		while (this.want && at < bytes.length) at = this.step(this.want, bytes, at);
	}

	private step(want: Want, bytes: Buffer, at: number): number {
		if ('until' in want) {
			const found = bytes.indexOf(want.until, at);
			if (found < 0) return bytes.length;
			this.go(NOTHING);
			return found + 1;
		}
		const end = Math.min(bytes.length, at + this.missing);
		this.missing -= end - at;
		if ('skip' in want) {
			if (this.missing === 0) this.go(NOTHING);
			return end;
		}
		const piece = bytes.subarray(at, end);
		if (this.missing > 0) {
			// The chunk belongs to somebody else, who may write over it.
			this.pieces.push(Buffer.from(piece));
			return end;
		}
		const taken = this.pieces.length === 0 ? piece : Buffer.concat([...this.pieces, piece]);
		this.pieces = [];
		this.go(taken);
		return end;
	}

	private go(taken: Buffer) {
		let next = this.walk.next(taken);
		// Nothing to take and nothing to skip wait for no byte.
		while (!next.done && lengthOf(next.value) === 0) next = this.walk.next(NOTHING);
		this.want = next.done ? undefined : next.value;
		this.missing = this.want ? lengthOf(this.want) : 0;
	}
}

const lengthOf = (want: Want) =>
	'take' in want ? want.take : 'skip' in want ? want.skip : Infinity;
