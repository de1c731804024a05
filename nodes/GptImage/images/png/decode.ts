import { BOUNDS } from '../../bounds';
import { ByteReader, PngError } from './byteReader';
import { SIGNATURE } from './chunks';
import { SAMPLES } from './pixels';
import { unfilter } from './filters';

/** What stands before the pixels of a PNG. */
export interface PngHead {
	/** Pixels. */
	width: number;
	/** Pixels. */
	height: number;
	/** Bits of a sample; 8, or fewer for grey and palettes. */
	bitDepth: number;
	/** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
	colourType: number;
	/** Three bytes for each colour. */
	palette: Buffer;
	/** Contents of `tRNS`: alpha of the palette's colours, or the colour that is transparent. */
	transparency?: Buffer;
	/** Chunks that tell what the colours mean, whole but for their frames, by type. */
	colourChunks: Map<string, Buffer>;
}

/** Chunks without which the same numbers look different (PNG 3rd edition §11.3.2 and §11.3.4.3). */
const COLOUR_CHUNKS = ['cICP', 'iCCP', 'sRGB', 'gAMA', 'cHRM', 'pHYs'];

/** Depths of RFC 2083 §4.1.1 that are decoded. */
const DEPTHS: Partial<Record<number, number[]>> = {
	0: [1, 2, 4, 8],
	2: [8],
	3: [1, 2, 4, 8],
	4: [8],
	6: [8],
};

/**
 * Decodes a PNG while it is read: after {@link PngDecoder.open}, its rows come one after the other, and no more
 * than two of them are held.
 */
export class PngDecoder {
	private constructor(
		readonly head: PngHead,
		private readonly reader: ByteReader,
		private dataLength: number,
	) {}

	/**
	 * Reads what stands before the pixels.
	 *
	 * @param file chunks of the file; it is read to its end when all rows were asked for
	 * @throws {PngError} when it is not a PNG, or cut off, damaged, interlaced, of 16 bits or too large; what `file` throws
	 */
	static async open(file: AsyncIterable<Uint8Array>): Promise<PngDecoder> {
		const reader = new ByteReader(file);
		if (!(await reader.take(8)).equals(SIGNATURE)) throw new PngError('is not a PNG');
		let head: PngHead | undefined;
		for (;;) {
			const frame = await reader.take(8);
			const [length, type] = [frame.readUInt32BE(0), frame.toString('latin1', 4, 8)];
			if ((type === 'IHDR') === (head !== undefined)) throw new PngError('is damaged');
			if (type === 'IHDR' && length !== 13) throw new PngError('is damaged');
			if (type === 'IDAT' && head) {
				checkPalette(head);
				return new PngDecoder(head, reader, length);
			}
			if (type === 'IEND') throw new PngError('is damaged');
			if (type === 'IHDR') head = readHeader(await reader.take(13));
			else if (head && type === 'PLTE') head.palette = await reader.take(boundedTo(768, length));
			else if (head && type === 'tRNS')
				head.transparency = await reader.take(boundedTo(256, length));
			else if (head && COLOUR_CHUNKS.includes(type) && length <= BOUNDS.profileBytes) {
				head.colourChunks.set(type, await reader.take(length));
			} else await reader.skip(length);
			await reader.skip(4);
		}
	}

	/**
	 * @returns the rows from top to bottom, without their filters; a row is written over once the next is asked for
	 * @throws {PngError} when the file is cut off or damaged; what the file throws
	 */
	async *rows(): AsyncGenerator<Uint8Array> {
		const { width, height, bitDepth, colourType } = this.head;
		const bits = (SAMPLES[colourType] ?? 1) * bitDepth;
		const rowBytes = Math.ceil((width * bits) / 8);
		const pixelBytes = Math.max(1, bits >> 3);
		let above: Uint8Array = new Uint8Array(rowBytes);
		let row: Uint8Array = new Uint8Array(rowBytes);
		let filter: number | undefined;
		let [filled, done] = [0, 0];
		for await (const piece of this.inflated()) {
			for (let at = 0; at < piece.length && done < height; ) {
				filter ??= piece[at++];
				const part = piece.subarray(at, at + rowBytes - filled);
				row.set(part, filled);
				filled += part.length;
				at += part.length;
				if (filled < rowBytes || filter === undefined) continue;
				if (!unfilter(filter, row, above, pixelBytes)) throw new PngError('is damaged');
				yield row;
				[above, row] = [row, above];
				[filled, filter] = [0, undefined];
				done += 1;
			}
			// Whatever follows the last row is not read.
			if (done === height) break;
		}
		if (done < height) throw new PngError('is damaged');
		await this.reader.drain();
	}

	private async *inflated(): AsyncGenerator<Uint8Array> {
		let broken: unknown;
		const data = noting(this.data(), (error) => {
			broken = error;
		});
		const pieces = ReadableStream.from(data)
			.pipeThrough(new DecompressionStream('deflate'))
			.getReader();
		try {
			for (;;) {
				const next = await pieces.read().catch(() => undefined);
				// What the decompression says of damaged bytes means nothing to a reader.
				if (!next) break;
				if (next.done) return;
				yield next.value;
			}
		} finally {
			await pieces.cancel().catch(() => {});
		}
		throw broken ?? new PngError('is damaged');
	}

	/** The compressed pixels: the data of all `IDAT` chunks, one behind the other. */
	private async *data(): AsyncGenerator<Uint8Array> {
		for (;;) {
			yield* this.reader.pieces(this.dataLength);
			await this.reader.skip(4);
			const frame = await this.reader.take(8);
			if (frame.toString('latin1', 4, 8) !== 'IDAT') return;
			this.dataLength = frame.readUInt32BE(0);
		}
	}
}

/** Passes chunks on, and tells what their source throws. */
async function* noting(
	chunks: AsyncGenerator<Uint8Array>,
	note: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
	for (;;) {
		const next = await chunks.next().catch((error: unknown) => {
			note(error);
			return Promise.reject(error);
		});
		if (next.done) return;
		yield next.value;
	}
}

function readHeader(header: Buffer): PngHead {
	const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
	const [bitDepth = 0, colourType = 0, , , interlace = 0] = header.subarray(8);
	if (bitDepth === 16) throw new PngError('has 16 bits for each colour');
	if (interlace !== 0) throw new PngError('is interlaced');
	if (width < 1 || height < 1 || !DEPTHS[colourType]?.includes(bitDepth)) {
		throw new PngError('is damaged');
	}
	if (width * height > BOUNDS.decodedPixels) throw new PngError('has too many pixels');
	return {
		width,
		height,
		bitDepth,
		colourType,
		palette: Buffer.alloc(0),
		colourChunks: new Map(),
	};
}

function boundedTo(most: number, length: number): number {
	if (length > most) throw new PngError('is damaged');
	return length;
}

function checkPalette({ colourType, palette }: PngHead) {
	if (colourType === 3 && (palette.length === 0 || palette.length % 3 !== 0)) {
		throw new PngError('is damaged');
	}
}
