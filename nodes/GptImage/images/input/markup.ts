import { BOUNDS } from '../../bounds';

/** @returns whether bytes begin as markup does, after a byte order mark and white space */
export const isMarkup = (head: Buffer) => /^(\uFEFF)?\s*</.test(head.toString('utf8', 0, 256));

/**
 * Finds what a text in XML or HTML is, behind its declaration, comments and document type.
 *
 * @param head the first bytes; licences and editors' comments may come before it
 * @returns name of the first element in small letters, without prefix; `undefined` when there is none
 */
export function rootElement(head: Buffer): string | undefined {
	if (!isMarkup(head)) return undefined;
	const text = head.toString('utf8', 0, BOUNDS.prologBytes);
	let at = text.indexOf('<');
	for (;;) {
		if (text.startsWith('<?', at)) at = behind(text, '?>', at);
		else if (text.startsWith('<!--', at)) at = behind(text, '-->', at);
		else if (text.startsWith('<!', at)) at = behindDoctype(text, at);
		else break;
		if (at < 0) return undefined;
		at = text.indexOf('<', at);
		if (at < 0) return undefined;
	}
	const name = /^<(?:[\w-]{1,64}:)?([\w-]{1,64})/.exec(text.slice(at, at + 140));
	return name?.[1]?.toLowerCase();
}

function behind(text: string, end: string, at: number): number {
	const found = text.indexOf(end, at);
	return found < 0 ? -1 : found + end.length;
}

/** A document type may declare entities of its own, between brackets. */
function behindDoctype(text: string, at: number): number {
	const [end, bracket] = [text.indexOf('>', at), text.indexOf('[', at)];
	if (bracket < 0 || bracket > end) return end < 0 ? -1 : end + 1;
	const closed = text.indexOf(']', bracket);
	return closed < 0 ? -1 : behind(text, '>', closed);
}
