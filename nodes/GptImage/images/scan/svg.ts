import type { PictureFacts } from './facts';
import type { Walk } from './walker';

const [LESS_THAN, GREATER_THAN, SLASH, EXCLAMATION, QUESTION] = [0x3c, 0x3e, 0x2f, 0x21, 0x3f];

/** Longest name of an end tag that is looked at; a prefix is allowed, as in `</svg:svg>`. */
const MAX_NAME_CHARACTERS = 64;

/** Goes through the tags of an SVG: it is whole when its last one ends the drawing. */
export function* walkSvg(facts: PictureFacts): Walk {
	for (;;) {
		yield { until: LESS_THAN };
		const first = (yield { take: 1 })[0];
		// Comments and instructions may stand behind the end.
		if (first === EXCLAMATION || first === QUESTION) continue;
		facts.state = 'open';
		if (first !== SLASH) continue;
		let name = '';
		while (name.length < MAX_NAME_CHARACTERS) {
			const next = (yield { take: 1 })[0] ?? GREATER_THAN;
			if (next === GREATER_THAN) break;
			name += String.fromCharCode(next);
		}
		if (/^([\w-]+:)?svg\s*$/.test(name)) facts.state = 'whole';
	}
}
