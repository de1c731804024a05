import { exifOrientation } from './exif';
import type { PictureFacts } from './facts';
import type { Walk } from './walker';

const [APP1, START_OF_SCAN, END_OF_IMAGE] = [0xe1, 0xda, 0xd9];

/**
 * Goes through the segments of a JPEG, and through the pixels between them, to its end marker
 * (ITU T.81 B.1.1 and B.2). Phones put more behind it, such as a video: that is not looked at.
 */
export function* walkJpeg(facts: PictureFacts): Walk {
	yield { skip: 2 };
	let hasPixels = false;
	for (;;) {
		yield { until: 0xff };
		let marker: number;
		// Any number of fill bytes may stand before it.
		do marker = (yield { take: 1 })[0] ?? 0;
		while (marker === 0xff);
		if (marker === END_OF_IMAGE) {
			facts.state = facts.stored && hasPixels ? 'whole' : 'damaged';
			return;
		}
		if (isAlone(marker)) continue;
		const length = (yield { take: 2 }).readUInt16BE(0) - 2;
		if (length < 0) {
			facts.state = 'damaged';
			return;
		}
		let seen = 0;
		if (marker === APP1) {
			const turned = exifOrientation(yield { take: (seen = length) });
			if (turned !== 1) facts.orientation = turned;
		} else if (isStartOfFrame(marker) && length >= 5) {
			const frame = yield { take: (seen = 5) };
			facts.stored ??= { height: frame.readUInt16BE(1), width: frame.readUInt16BE(3) };
		}
		hasPixels ||= marker === START_OF_SCAN;
		yield { skip: length - seen };
	}
}

/** No segment follows: a stuffed zero among the pixels, TEM, a restart, a second start. */
const isAlone = (marker: number) => marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8);

const isStartOfFrame = (marker: number) =>
	marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
