import type { PictureFacts } from './facts';
import type { Walk } from './walker';

const [EXTENSION, FRAME, TRAILER] = [0x21, 0x2c, 0x3b];

/** Goes through the blocks of a GIF to its trailer (GIF89a §17 to §27). */
export function* walkGif(facts: PictureFacts): Walk {
	const head = yield { take: 13 };
	facts.stored = { width: head.readUInt16LE(6), height: head.readUInt16LE(8) };
	yield { skip: tableBytes(head[10] ?? 0) };
	let hasPixels = false;
	for (;;) {
		const block = (yield { take: 1 })[0];
		if (block === EXTENSION) {
			yield { skip: 1 };
		} else if (block === FRAME) {
			const frame = yield { take: 9 };
			// The colour table, and the size of the first code.
			yield { skip: tableBytes(frame[8] ?? 0) + 1 };
			hasPixels = true;
		} else {
			facts.state = block === TRAILER && hasPixels ? 'whole' : 'damaged';
			return;
		}
		for (let length = 1; length > 0; ) {
			length = (yield { take: 1 })[0] ?? 0;
			yield { skip: length };
		}
	}
}

/** Bytes of a colour table, from the field that tells whether there is one. */
const tableBytes = (packed: number) => (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0);
