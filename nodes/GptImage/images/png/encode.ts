import { chunk, SIGNATURE } from './chunks';

/** The header of a PNG of 8 bits a sample, not interlaced. */
export interface PngHeader {
	/** Pixels. */
	width: number;
	/** Pixels. */
	height: number;
	/** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
	colourType: number;
}

/** Compressed bytes are gathered up to here for one chunk. */
const IDAT_BYTES = 64 * 1024;

/** A piece of rows that is shorter may be asked for again before it was read: Node keeps as much waiting. */
export const MIN_REUSED_BYTES = 128 * 1024;

/**
 * Writes a PNG while its rows are made. n8n does other things in between: the compression runs beside it.
 *
 * @param rows filtered rows, each behind the number of its filter, several in one piece. A piece of at least
 *   {@link MIN_REUSED_BYTES} may be written over once the next is asked for
 * @param ancillary chunks to stand before the pixels
 * @throws what `rows` throws
 */
export async function* encodePng(
	{ width, height, colourType }: PngHeader,
	rows: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
	ancillary: Uint8Array[] = [],
): AsyncGenerator<Uint8Array> {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, colourType], 8);
	yield Buffer.concat([SIGNATURE, chunk('IHDR', [header]), ...ancillary]);
	let pieces: Uint8Array[] = [];
	let length = 0;
	for await (const piece of deflate(rows)) {
		pieces.push(piece);
		length += piece.length;
		if (length < IDAT_BYTES) continue;
		yield chunk('IDAT', pieces);
		[pieces, length] = [[], 0];
	}
	if (length > 0) yield chunk('IDAT', pieces);
	yield chunk('IEND');
}

async function* deflate(
	rows: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
	const { readable, writable } = new CompressionStream('deflate');
	const writer = writable.getWriter();
	const feed = async () => {
		// A write is over when the compression has taken the bytes.
		for await (const piece of rows) await writer.write(piece);
		await writer.close();
	};
	// The reader gets the error through the stream; where nobody reads on, nobody needs it.
	const feeding = feed().catch(async (error: unknown) => await writer.abort(error).catch(() => {}));
	yield* readable;
	await feeding;
}
