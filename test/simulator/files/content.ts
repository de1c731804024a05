import { fs, stream } from '../../node';

/** The bytes of a stored file; never held in memory as a whole. */
export interface FileContent {
	size(): Promise<number>;
	read(): AsyncIterable<Buffer>;
}

/** Bytes that lie on disk. */
export class DiskContent implements FileContent {
	constructor(
		readonly path: string,
		private readonly bytes: number,
	) {}

	async size(): Promise<number> {
		return await Promise.resolve(this.bytes);
	}

	/** Opens the file when somebody begins to read: an answer that nobody fetches opens none. */
	async *read(): AsyncIterable<Buffer> {
		yield* fs.createReadStream(this.path);
	}

	/** A part of the bytes at once. */
	async part(start: number, length: number): Promise<Buffer> {
		const file = await fs.promises.open(this.path);
		try {
			const { buffer } = await file.read(Buffer.alloc(length), 0, length, start);
			return buffer;
		} finally {
			await file.close();
		}
	}
}

/** Bytes that are made anew each time they are read; their number is counted when it is asked for. */
export class GeneratedContent implements FileContent {
	private counted: Promise<number> | undefined;

	constructor(private readonly generate: () => AsyncIterable<Buffer>) {}

	async size(): Promise<number> {
		this.counted ??= this.count();
		return await this.counted;
	}

	read(): AsyncIterable<Buffer> {
		return this.generate();
	}

	private async count(): Promise<number> {
		let bytes = 0;
		for await (const piece of this.generate()) bytes += piece.length;
		return bytes;
	}
}

/** Bytes that are made when they are first read, and lie on disk from then on. */
export class SpilledContent implements FileContent {
	private written: Promise<DiskContent> | undefined;

	constructor(
		private readonly generate: () => AsyncIterable<Buffer>,
		private readonly path: string,
	) {}

	async size(): Promise<number> {
		return await (await this.onDisk()).size();
	}

	async *read(): AsyncIterable<Buffer> {
		yield* (await this.onDisk()).read();
	}

	private async onDisk(): Promise<DiskContent> {
		this.written ??= this.write();
		return await this.written;
	}

	private async write(): Promise<DiskContent> {
		const bytes = await writeTo(this.path, this.generate());
		return new DiskContent(this.path, bytes);
	}
}

/** Writes pieces to a file as they come. @returns how many bytes there were */
export async function writeTo(
	path: string,
	pieces: AsyncIterable<Buffer>,
	look: (piece: Buffer) => void = () => undefined,
): Promise<number> {
	let bytes = 0;
	await stream.promises.pipeline(
		pieces,
		async function* (source: AsyncIterable<Buffer>) {
			for await (const piece of source) {
				bytes += piece.length;
				look(piece);
				yield piece;
			}
		},
		fs.createWriteStream(path),
	);
	return bytes;
}
