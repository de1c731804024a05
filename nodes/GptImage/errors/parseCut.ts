import { BOUNDS } from '../bounds';

/** How often a JSON text that was cut off is cut further, at its last comma. */
const MOST_CUTS = 3;

/**
 * Parses a JSON text that may be cut off, or too deep: what is whole of it counts.
 *
 * @returns `undefined` when nothing can be made of it
 */
export function parseCut(text: string): unknown {
	let rest = text;
	for (let cuts = 0; cuts <= MOST_CUTS; cuts++) {
		for (const candidate of completions(rest)) {
			try {
				return JSON.parse(candidate);
			} catch {
				// The next way to end it may do.
			}
		}
		const comma = rest.lastIndexOf(',');
		if (comma < 0) return undefined;
		rest = rest.slice(0, comma);
	}
	return undefined;
}

/** How a JSON text may go on to its end: as it is; inside of a text; behind a value, a comma, a name. */
function completions(text: string): string[] {
	const open: string[] = [];
	let isInText = false;
	for (let at = 0; at < text.length; at++) {
		const character = text[at];
		if (isInText) {
			if (character === '\\') at += 1;
			else if (character === '"') isInText = false;
		} else if (character === '"') isInText = true;
		else if (character === '{' || character === '[') {
			// What is nested deeper than anybody nests is not worth the time: the text ends before it.
			if (open.length === BOUNDS.jsonDepth) return completions(text.slice(0, at));
			open.push(character === '{' ? '}' : ']');
		} else if (character === '}' || character === ']') open.pop();
	}
	if (open.length === 0 && !isInText) return [text];
	const ends = open.reverse().join('');
	if (!isInText) return ['', 'null', '"":null', ':null'].map((end) => text + end + ends);
	// An escape may be cut in two.
	const escape = text.lastIndexOf('\\');
	const whole = escape >= text.length - 5 ? [text, text.slice(0, escape)] : [text];
	return whole.flatMap((start) => [`${start}"${ends}`, `${start}":null${ends}`]);
}
