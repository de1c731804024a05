import type { PngHead } from './decode';

/** Samples of a pixel by colour type (RFC 2083 §4.1.1). */
export const SAMPLES: Partial<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** @returns whether a PNG can be transparent */
export const isTransparent = ({ colourType, transparency }: PngHead) =>
	colourType === 4 || colourType === 6 || transparency !== undefined;

/** Turns a row of a PNG into plain colours, without loss; the last argument is overwritten. */
export type Expand = (row: Uint8Array, pixels: Uint8Array) => void;

/**
 * @param channels 3 for red, green and blue, 4 for alpha besides
 * @returns what turns rows of a PNG with this head into 8 bits for each of the channels
 */
export function expander(head: PngHead, channels: 3 | 4): Expand {
	const { width, bitDepth, colourType, palette, transparency } = head;
	const put = (
		pixels: Uint8Array,
		x: number,
		red: number,
		green: number,
		blue: number,
		alpha: number,
	) => {
		const at = x * channels;
		pixels[at] = red;
		pixels[at + 1] = green;
		pixels[at + 2] = blue;
		if (channels === 4) pixels[at + 3] = alpha;
	};
	// The low bytes of the samples of the colour that is transparent; none has more than 8 bits.
	const clear = transparency && [...transparency].filter((_, index) => index % 2 === 1);
	switch (colourType) {
		case 2:
			return (row, pixels) => {
				if (channels === 3) return pixels.set(row);
				for (let x = 0, at = 0; x < width; x++, at += 3) {
					const [red = 0, green = 0, blue = 0] = [row[at], row[at + 1], row[at + 2]];
					const isClear =
						clear !== undefined && clear[0] === red && clear[1] === green && clear[2] === blue;
					put(pixels, x, red, green, blue, isClear ? 0 : 255);
				}
			};
		case 6:
			return (row, pixels) => pixels.set(row);
		case 4:
			return (row, pixels) => {
				for (let x = 0; x < width; x++) {
					const grey = row[x * 2] ?? 0;
					put(pixels, x, grey, grey, grey, row[x * 2 + 1] ?? 0);
				}
			};
		case 3:
			return (row, pixels) => {
				for (let x = 0; x < width; x++) {
					const index = sample(row, x, bitDepth);
					const at = index * 3;
					put(
						pixels,
						x,
						palette[at] ?? 0,
						palette[at + 1] ?? 0,
						palette[at + 2] ?? 0,
						transparency?.[index] ?? 255,
					);
				}
			};
		default:
			return (row, pixels) => {
				const scale = 255 / (2 ** bitDepth - 1);
				for (let x = 0; x < width; x++) {
					const value = sample(row, x, bitDepth);
					const grey = value * scale;
					put(pixels, x, grey, grey, grey, clear?.[0] === value ? 0 : 255);
				}
			};
	}
}

/** Samples of fewer than 8 bits are packed, the leftmost in the high bits (RFC 2083 §2.3). */
function sample(row: Uint8Array, x: number, bitDepth: number): number {
	if (bitDepth === 8) return row[x] ?? 0;
	const bit = x * bitDepth;
	const shift = 8 - bitDepth - (bit & 7);
	return ((row[bit >> 3] ?? 0) >> shift) & (2 ** bitDepth - 1);
}
