import { BOUNDS } from '../../bounds';
import { exifOrientation } from './exif';
import type { PictureFacts } from './facts';
import type { Walk } from './walker';

/** Longest chunk a PNG may have (RFC 2083 §3.2). */
const MAX_CHUNK_BYTES = 2 ** 31 - 1;

/** Goes through the chunks of a PNG to its `IEND` (RFC 2083 §3.2 and §4; PNG 3rd edition §11.3.4.5 for `eXIf`). */
export function* walkPng(facts: PictureFacts): Walk {
	yield { skip: 8 };
	let hasPixels = false;
	for (;;) {
		const frame = yield { take: 8 };
		const [length, type] = [frame.readUInt32BE(0), frame.toString('latin1', 4, 8)];
		const isFirst = facts.png === undefined;
		if (
			length > MAX_CHUNK_BYTES ||
			!/^[A-Za-z]{4}$/.test(type) ||
			isFirst !== (type === 'IHDR') ||
			(isFirst && length !== 13) ||
			(type === 'IEND' && (length !== 0 || !hasPixels))
		) {
			facts.state = 'damaged';
			return;
		}
		let seen = 0;
		if (type === 'IHDR') readHeader(yield { take: (seen = length) }, facts);
		if (type === 'tRNS' && facts.png) facts.png.hasAlpha = true;
		if (type === 'IDAT') hasPixels = true;
		if (type === 'eXIf') {
			seen = Math.min(length, BOUNDS.metadataBytes);
			facts.orientation = exifOrientation(yield { take: seen });
		}
		// The rest, and the check sum.
		yield { skip: length - seen + 4 };
		if (type !== 'IEND') continue;
		facts.state = 'whole';
		return;
	}
}

function readHeader(header: Buffer, facts: PictureFacts) {
	facts.stored = { width: header.readUInt32BE(0), height: header.readUInt32BE(4) };
	const [bitDepth = 0, colourType = 0] = header.subarray(8);
	facts.png = {
		bitDepth,
		colourType,
		isInterlaced: header[12] !== 0,
		hasAlpha: colourType === 4 || colourType === 6,
	};
}
