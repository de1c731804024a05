import { readChunks, type ByteChunks } from '../../abort';
import { PngError } from '../png/byteReader';
import { chunk } from '../png/chunks';
import { PngDecoder, type PngHead } from '../png/decode';
import { encodePng } from '../png/encode';
import { filterRow } from '../png/filters';
import { expander, isTransparent } from '../png/pixels';
import { sizeText } from '../scan/facts';
import { PictureScan } from '../scan/pictureScan';
import { mix } from './mix';
import { SoftMask } from './softMask';

/** Filtered rows are handed on in pieces of about so many bytes. */
const PIECE_BYTES = 64 * 1024;

/** A file that can be read more than once. */
export interface Reopenable {
	open: () => Promise<ByteChunks>;
}

/** What an edit is to keep, and where. */
export interface KeepRest {
	/** The first image of the edit, a PNG. */
	first: Reopenable;
	/** Its mask, a PNG of the same size: where it is fully transparent, the image may change. */
	mask: Reopenable;
	/** Width in pixels of the passage between old and new, which lies inside the transparent area. */
	softEdge: number;
}

/** Pictures that cannot be put together. */
export class CompositeError extends Error {
	override name = 'CompositeError';

	/** @param part whose fault it is: the picture that came back, or a file that was sent */
	constructor(
		readonly part: 'edit' | 'input',
		message: string,
	) {
		super(message);
	}
}

const LABELS = { edit: 'The image', first: 'The first image', mask: 'The mask' };
type Part = keyof typeof LABELS;

const broken = (part: Part, what: string) =>
	new CompositeError(part === 'edit' ? 'edit' : 'input', `${LABELS[part]} ${what}`);

/**
 * Puts an edit together with the image it was made from: outside the mask every pixel is that of the first image,
 * alpha included. The edit is decoded while it arrives; beside a few rows only the mask is held, with two bytes a pixel.
 *
 * @param result the edit, a PNG of the size of the first image
 * @param signal ends the reading of the stored files
 * @returns a PNG of 8 bits, RGB or, where one of the two can be transparent, RGBA. What the first image says of its
 *   colours is kept; texts and marks of origin of either are not
 * @throws {CompositeError} when the edit cannot be used, or a file cannot be decoded; what the files throw
 */
export async function* keepRest(
	{ first, mask, softEdge }: KeepRest,
	result: AsyncGenerator<Uint8Array>,
	signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
	const scan = new PictureScan('png');
	const edit = await named('edit', PngDecoder.open(watched(result, scan)));
	const soft = await named('mask', readMask(mask, softEdge, signal));
	const firstFile = readChunks(first.open, signal);
	try {
		const original = await named('first', PngDecoder.open(firstFile));
		const { width, height } = original.head;
		const size = sizeText(original.head);
		const others: Array<[Part, string]> = [
			['edit', sizeText(edit.head)],
			['mask', sizeText(soft)],
		];
		for (const [part, other] of others) {
			if (other !== size) throw broken(part, `is ${other} pixels, but the first image is ${size}`);
		}
		const channels = [edit.head, original.head].some(isTransparent) ? 4 : 3;
		const header = { width, height, colourType: channels === 4 ? 6 : 2 };
		const rows = compositeRows(original, edit, soft, channels);
		for await (const piece of encodePng(header, rows, colourChunks(original.head))) {
			yield Buffer.from(piece.buffer, piece.byteOffset, piece.length);
		}
		const problem = scan.problem();
		if (problem) throw broken('edit', problem);
	} finally {
		await firstFile.return(undefined);
	}
}

async function* compositeRows(
	original: PngDecoder,
	edit: PngDecoder,
	soft: SoftMask,
	channels: 3 | 4,
): AsyncGenerator<Uint8Array> {
	const { width, height } = original.head;
	const [expandOld, expandNew] = [expander(original.head, channels), expander(edit.head, channels)];
	const rowBytes = width * channels;
	const rowsInPiece = Math.max(1, Math.floor(PIECE_BYTES / (rowBytes + 1)));
	const fresh = new Uint8Array(rowBytes);
	const weights = new Uint8Array(width);
	let above = new Uint8Array(rowBytes);
	let row = new Uint8Array(rowBytes);
	const [oldRows, newRows] = [original.rows(), edit.rows()];
	try {
		for (let top = 0; top < height; top += rowsInPiece) {
			const count = Math.min(rowsInPiece, height - top);
			const piece = Buffer.allocUnsafe(count * (rowBytes + 1));
			for (let index = 0; index < count; index++) {
				const oldRow = await nextRow('first', oldRows);
				const newRow = await nextRow('edit', newRows);
				const shown = soft.weightsAt(top + index, weights);
				if (shown === 'new') expandNew(newRow, row);
				else expandOld(oldRow, row);
				if (typeof shown !== 'string') {
					expandNew(newRow, fresh);
					mix(row, fresh, shown, channels);
				}
				filterRow(row, above, channels, piece, index * (rowBytes + 1));
				[above, row] = [row, above];
			}
			yield piece;
		}
		// Both are read to their ends, which tells whether they were whole.
		await named('first', oldRows.next());
		await named('edit', newRows.next());
	} finally {
		await oldRows.return(undefined);
		await newRows.return(undefined);
	}
}

async function nextRow(part: Part, rows: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
	const next = await named(part, rows.next());
	if (next.done) throw broken(part, 'is damaged');
	return next.value;
}

/** Says whose fault it is that a PNG cannot be decoded. */
async function named<Result>(part: Part, work: Promise<Result>): Promise<Result> {
	return await work.catch((error: unknown) =>
		Promise.reject(error instanceof PngError ? broken(part, error.message) : error),
	);
}

async function readMask(mask: Reopenable, softEdge: number, signal: AbortSignal | undefined) {
	const file = readChunks(mask.open, signal);
	try {
		return await SoftMask.of(await PngDecoder.open(file), softEdge);
	} finally {
		await file.return(undefined);
	}
}

/** A grey picture becomes one in colour: its profile would not fit. */
function colourChunks({ colourType, colourChunks: chunks }: PngHead): Buffer[] {
	const isGrey = colourType === 0 || colourType === 4;
	return [...chunks]
		.filter(([type]) => !(isGrey && type === 'iCCP'))
		.map(([type, data]) => chunk(type, [data]));
}

async function* watched(
	chunks: AsyncGenerator<Uint8Array>,
	scan: PictureScan,
): AsyncGenerator<Uint8Array> {
	for await (const piece of chunks) {
		scan.write(piece);
		yield piece;
	}
}
