import { BOUNDS } from '../../bounds';
import { exifOrientation } from './exif';
import type { PictureFacts } from './facts';
import type { Walk } from './walker';

/** Goes through the chunks of a WebP to the length that its head states (RFC 9649 §2.3 to §2.7). */
export function* walkWebp(facts: PictureFacts): Walk {
	const head = yield { take: 12 };
	// The stated length begins behind it.
	let left = head.readUInt32LE(4) - 4;
	let hasPixels = false;
	while (left >= 8) {
		const frame = yield { take: 8 };
		const [type, length] = [frame.toString('latin1', 0, 4), frame.readUInt32LE(4)];
		left -= 8 + length;
		if (left < 0) {
			facts.state = 'damaged';
			return;
		}
		let seen = 0;
		if (type === 'VP8X' || type === 'VP8 ' || type === 'VP8L') {
			seen = Math.min(length, 10);
			readSize(type, yield { take: seen }, facts);
		}
		hasPixels ||= type === 'VP8 ' || type === 'VP8L' || type === 'ANMF';
		if (type === 'EXIF') {
			seen = Math.min(length, BOUNDS.metadataBytes);
			facts.orientation = exifOrientation(yield { take: seen });
		}
		yield { skip: length - seen };
		// Some writers leave the last filling byte out.
		if (length % 2 === 1 && left > 0) {
			left -= 1;
			if (left > 0) yield { skip: 1 };
		}
	}
	facts.state = facts.stored && hasPixels ? 'whole' : 'damaged';
}

/** Lossy, lossless and extended files keep the size in different places. */
function readSize(type: string, data: Buffer, facts: PictureFacts) {
	if (facts.stored || data.length < (type === 'VP8L' ? 5 : 10)) return;
	if (type === 'VP8L') {
		const bits = data.readUInt32LE(1);
		facts.stored = { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
	} else if (type === 'VP8 ') {
		facts.stored = {
			width: data.readUInt16LE(6) & 0x3fff,
			height: data.readUInt16LE(8) & 0x3fff,
		};
	} else {
		facts.stored = { width: data.readUIntLE(4, 3) + 1, height: data.readUIntLE(7, 3) + 1 };
	}
}
