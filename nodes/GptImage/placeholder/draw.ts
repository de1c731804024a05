import { encodePng } from '../images/png/encode';
import { FILTER_UP } from '../images/png/filters';
import { dotsOf, GLYPH_HEIGHT, lineWidth } from './font';
import { FIELDS_ACROSS, FIELDS_DOWN, patternOf, type Colour } from './backdrop';

const [RGB, PIXEL_BYTES] = [2, 3];

/** Rows are made in pieces of about so many bytes; n8n does other things in between. */
const PIECE_BYTES = 512 * 1024;

const WORD = 'placeholder';
const TEXT: Colour = [255, 255, 255];
const PANEL: Colour = [24, 24, 28];

/** Dots between two lines, and around the text. */
const [LEADING, PADDING] = [3, 4];

/** Where something is drawn over a row, in pixels. */
type Span = [from: number, to: number, colour: Colour];

/**
 * Draws what stands in for an image: a PNG of its size in colours that come from the prompt, with its size and the
 * word "placeholder" on it where there is room. Memory does not grow with the size.
 *
 * @param width pixels
 * @param height pixels
 */
export async function drawPlaceholder(
	width: number,
	height: number,
	prompt: string,
): Promise<Buffer> {
	const pieces: Uint8Array[] = [];
	const header = { width, height, colourType: RGB };
	for await (const piece of encodePng(header, rows(width, height, prompt))) pieces.push(piece);
	return Buffer.concat(pieces);
}

/** Each row as its difference to the one above: most are equal. */
function* rows(width: number, height: number, prompt: string): Generator<Uint8Array> {
	const rowBytes = 1 + width * PIXEL_BYTES;
	const rowsInPiece = Math.max(1, Math.floor(PIECE_BYTES / rowBytes));
	const pattern = patternOf(prompt);
	const label = new Label(width, height);
	let above: Uint8Array = new Uint8Array(rowBytes);
	let aboveKey = '';
	for (let top = 0; top < height; top += rowsInPiece) {
		const count = Math.min(rowsInPiece, height - top);
		const piece = Buffer.alloc(count * rowBytes);
		for (let y = top; y < top + count; y++) {
			const at = (y - top) * rowBytes;
			piece[at] = FILTER_UP;
			const fields = Math.floor((y * FIELDS_DOWN) / height);
			const key = `${fields} ${label.rowAt(y) ?? ''}`;
			if (key === aboveKey) continue;
			const row = drawRow(width, pattern[fields] ?? [], label.spansAt(y));
			for (let byte = 1; byte < rowBytes; byte++) {
				piece[at + byte] = (row[byte] ?? 0) - (above[byte] ?? 0);
			}
			above = row;
			aboveKey = key;
		}
		yield piece;
	}
}

function drawRow(width: number, fields: Colour[], spans: Span[]): Uint8Array {
	const row = new Uint8Array(1 + width * PIXEL_BYTES);
	const paint = ([from, to, colour]: Span) => {
		for (let x = from; x < to; x++) row.set(colour, 1 + x * PIXEL_BYTES);
	};
	const edge = (field: number) => Math.ceil((field * width) / FIELDS_ACROSS);
	for (const [index, colour] of fields.entries()) paint([edge(index), edge(index + 1), colour]);
	spans.forEach(paint);
	return row;
}

/** The text on its dark panel, in the middle, as large as it fits. */
class Label {
	private readonly lines: string[];
	/** Pixels of a dot; 0 where there is no room for text. */
	private readonly scale: number;
	private readonly top: number;
	/** Dots. */
	private readonly across: number;
	private readonly down: number;

	constructor(
		private readonly width: number,
		height: number,
	) {
		this.lines = [WORD, `${width}x${height}`];
		this.across = Math.max(...this.lines.map(lineWidth)) + 2 * PADDING;
		this.down = this.lines.length * (GLYPH_HEIGHT + LEADING) - LEADING + 2 * PADDING;
		const [fits, wanted] = [1, 0.75].map((share) =>
			Math.floor(Math.min((share * width) / this.across, (share * height) / this.down)),
		);
		this.scale = wanted || Math.min(fits ?? 0, 1);
		this.top = Math.floor((height - this.down * this.scale) / 2);
	}

	/** @returns which row of dots of the panel a row of pixels belongs to */
	rowAt(y: number): number | undefined {
		if (this.scale === 0) return undefined;
		const row = Math.floor((y - this.top) / this.scale);
		return row >= 0 && row < this.down ? row : undefined;
	}

	spansAt(y: number): Span[] {
		const row = this.rowAt(y);
		if (row === undefined) return [];
		const at = row - PADDING;
		const text = this.lines[Math.floor(at / (GLYPH_HEIGHT + LEADING))] ?? '';
		const dots = dotsOf(text, at % (GLYPH_HEIGHT + LEADING));
		return [
			this.span(0, this.across, this.across, PANEL),
			...dots.map((dot) => this.span(dot, dot + 1, lineWidth(text), TEXT)),
		];
	}

	/** @param across dots of the line, which stands in the middle */
	private span(from: number, to: number, across: number, colour: Colour): Span {
		const left = Math.floor((this.width - across * this.scale) / 2);
		return [left + from * this.scale, left + to * this.scale, colour];
	}
}
