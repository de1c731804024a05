import { exifOrientation } from './exif';

export interface Dimensions {
	/** Pixels, as the image is shown. */
	width: number;
	/** Pixels, as the image is shown. */
	height: number;
}

/**
 * Reads the size of a PNG, JPEG or WebP from the beginning of the file, without decoding it.
 * A JPEG that is stored on its side (EXIF orientation 5 to 8) has its sides swapped, as viewers do.
 *
 * @param head the first bytes of the file; a JPEG with long metadata needs more of them
 * @returns width and height in pixels, or `undefined` when `head` is too short, damaged or of another format
 */
export function readDimensions(head: Buffer): Dimensions | undefined {
	const found = readPng(head) ?? readJpeg(head) ?? readWebp(head);
	return found && found.width > 0 && found.height > 0 ? found : undefined;
}

/** PNG: the IHDR chunk comes first (RFC 2083 §4.1.1). */
function readPng(head: Buffer): Dimensions | undefined {
	if (head.length < 24 || head.toString('latin1', 12, 16) !== 'IHDR') return undefined;
	return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
}

/** JPEG: a start-of-frame segment, after any number of other segments (ITU T.81 B.2.2). */
function readJpeg(head: Buffer): Dimensions | undefined {
	if (head.length < 4 || head.readUInt16BE(0) !== 0xffd8) return undefined;
	let at = 2;
	let isOnItsSide = false;
	while (at + 9 <= head.length && head[at] === 0xff) {
		const marker = head[at + 1] ?? 0;
		if (marker === 0xff) {
			at += 1;
			continue;
		}
		const isStartOfFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
		if (isStartOfFrame) {
			const [height, width] = [head.readUInt16BE(at + 5), head.readUInt16BE(at + 7)];
			return isOnItsSide ? { width: height, height: width } : { width, height };
		}
		const isAlone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
		const length = isAlone ? 0 : head.readUInt16BE(at + 2);
		if (marker === 0xe1)
			isOnItsSide ||= exifOrientation(head.subarray(at + 4, at + 2 + length)) > 4;
		at += 2 + length;
	}
	return undefined;
}

/** WebP: lossy, lossless and extended files keep the size in different places (RFC 9649 §2.5–2.7). */
function readWebp(head: Buffer): Dimensions | undefined {
	if (head.length < 30 || head.toString('latin1', 8, 12) !== 'WEBP') return undefined;
	switch (head.toString('latin1', 12, 16)) {
		case 'VP8 ':
			return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
		case 'VP8L': {
			const bits = head.readUInt32LE(21);
			return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
		}
		case 'VP8X':
			return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
		default:
			return undefined;
	}
}

/**
 * Tells whether a PNG can be transparent at all: an alpha channel or a `tRNS` chunk.
 *
 * @param head the first bytes of a PNG
 * @returns `true` or `false`; `undefined` when `head` ends before that is known
 * Source: RFC 2083 §4.1.1 (colour types 4 and 6) and §4.2.1.2 (tRNS before IDAT).
 */
export function pngHasAlpha(head: Buffer): boolean | undefined {
	if (head.length < 26) return undefined;
	const colourType = head[25] ?? 0;
	if (colourType === 4 || colourType === 6) return true;
	let at = 8;
	while (at + 8 <= head.length) {
		const type = head.toString('latin1', at + 4, at + 8);
		if (type === 'tRNS') return true;
		if (type === 'IDAT') return false;
		at += 12 + head.readUInt32BE(at);
	}
	return undefined;
}
