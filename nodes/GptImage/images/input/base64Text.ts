import { sleep } from 'n8n-workflow';

/** Characters that are looked at, or decoded, at once. */
const SLICE_CHARACTERS = 64 * 1024;

/** n8n does other things for a moment after so many slices. */
const SLICES_AT_ONCE = 32;

/** How a data URL begins; what is longer than a few hundred characters is not one. */
const DATA_URL = /^data:([^,]{0,300}),/i;

/** Longest line of text that is broken by single spaces; a form has them where each + was, in no order. */
const MAX_SPACED_LINE = 1024;

const NOT_BASE64 = /[^A-Za-z\d+/_-]+/g;

/** What is wrong with a text. */
export interface Base64Problem {
	problem: string;
	remedy: string;
}

const problem = (problem: string, remedy: string): Base64Problem => ({ problem, remedy });

/**
 * Decodes base64 a piece at a time, so that text and bytes are never both held. White space, padding and other
 * characters are passed over, as Node does; `-` and `_` are those of base64url.
 *
 * @param from where the text begins, behind a data URL's comma
 */
export function* decodeBase64(text: string, from = 0): Generator<Buffer> {
	let left = '';
	for (let at = from; at < text.length; at += SLICE_CHARACTERS) {
		const clean = left + text.slice(at, at + SLICE_CHARACTERS).replace(NOT_BASE64, '');
		const whole = clean.length & ~3;
		left = clean.slice(whole);
		if (whole > 0) yield Buffer.from(clean.slice(0, whole), 'base64');
	}
	if (left.length > 1) yield Buffer.from(left, 'base64');
}

/**
 * Checks base64 text as far as it can be known from the text: as liberal as it is safe. White space, base64url,
 * a missing padding and a data URL are fine; what was damaged on its way is not.
 *
 * @returns where the text begins behind a data URL's comma, or what is wrong with it
 */
export async function checkBase64(text: string): Promise<{ from: number } | Base64Problem> {
	const prefix = DATA_URL.exec(text.slice(0, 400).trimStart());
	const from = prefix ? text.indexOf(',') + 1 : 0;
	if (prefix && !/;base64\s*$/i.test(prefix[1] ?? '')) {
		return problem(
			'Base64 is a data URL without base64',
			'Use a data URL that has ;base64 before its comma, or the file itself from a binary field.',
		);
	}
	if (/^\s*https?:\/\//i.test(text.slice(0, 100))) {
		return problem(
			'Base64 is a web address',
			'Set Add From to URL. An address that is not public has to be fetched before this node, e.g. by HTTP Request.',
		);
	}
	let end = text.length;
	while (end > from && /[\s=]/.test(text[end - 1] ?? '')) end -= 1;
	const count = await countCharacters(text, from, end);
	if (typeof count !== 'number') return count;
	if (count === 0) return EMPTY;
	if (!spacesFit(text, from, end)) return PLUS_LOST;
	const padding = text.slice(end).replace(/\s+/g, '').length;
	if (count % 4 === 1 || padding > 2 || (padding > 0 && (count + padding) % 4 !== 0)) {
		return problem('Base64 is cut off or has lost characters', WHOLE_TEXT);
	}
	return { from };
}

const WHOLE_TEXT =
	'Pass the whole text on, from its first to its last character, as the node before has it.';

const EMPTY = problem(
	'Base64 is not base64 text',
	'Use the base64 text of an image file, with or without data:image/…;base64, before it. If it comes from an expression, check that the expression finds the text.',
);

const PLUS_LOST = problem(
	'Base64 has spaces where a + was',
	'A form or an address has turned each + into a space on the way here. Send the text as JSON, or as a file; in a form write %2B for each +.',
);

/** @returns how many characters are base64, or what is wrong with one that is not */
async function countCharacters(
	text: string,
	from: number,
	end: number,
): Promise<number | Base64Problem> {
	let count = 0;
	for (let at = from, slices = 1; at < end; at += SLICE_CHARACTERS, slices++) {
		const clean = text.slice(at, Math.min(end, at + SLICE_CHARACTERS)).replace(/\s+/g, '');
		const wrong = /[^A-Za-z\d+/_-]/.exec(clean)?.[0];
		if (wrong === '%') {
			return problem(
				'Base64 is encoded for an address: it has % in it',
				'Decode it first, e.g. {{ decodeURIComponent($json.image) }}.',
			);
		}
		if (wrong === '=') return problem('Base64 has more text behind its end (=)', WHOLE_TEXT);
		if (wrong !== undefined) return EMPTY;
		count += clean.length;
		if (slices % SLICES_AT_ONCE === 0) await sleep(0);
	}
	return count;
}

/** Spaces are those of a wrapped text when all lines are equally long, as far as they do not stand at line breaks. */
function spacesFit(text: string, from: number, end: number): boolean {
	let lineStart = from;
	let lineLength: number | undefined;
	for (let at = text.indexOf(' ', from); at >= 0 && at < end; at = text.indexOf(' ', at)) {
		const start = at;
		while (text[at] === ' ') at += 1;
		const isAtBreak = isBreak(text[start - 1]) || isBreak(text[at]);
		if (!isAtBreak && start > from) {
			const length = start - lineStart;
			lineLength ??= length;
			if (length !== lineLength || length > MAX_SPACED_LINE || at - start > 1) return false;
		}
		lineStart = at;
	}
	return lineLength === undefined || end - lineStart <= lineLength;
}

const isBreak = (character: string | undefined) =>
	character === '\n' || character === '\r' || character === '\t' || character === undefined;
