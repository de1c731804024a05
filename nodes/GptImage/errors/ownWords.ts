/** Texts of a request are compared by pieces of this many characters; one that is not longer, as a whole word. */
const PIECE = 20;

/** Texts of a request that are shorter than this are not looked for. */
const SHORTEST = 3;

/**
 * Takes out of an error what the request itself had said, whole or in part, and web addresses: a server that repeats
 * the prompt must not be misunderstood.
 *
 * @param text the error, cut already
 * @param own prompt, file names and other free text of the request
 */
export function withoutOwnWords(text: string, own: string[]): string {
	const said = simplified(text).replace(/\bhttps?:\/\/\S+/g, ' ');
	const isOwn = new Uint8Array(said.length);
	for (const one of own) mark(said, simplified(one), isOwn);
	let rest = '';
	for (let at = 0; at < said.length; at++) rest += isOwn[at] ? ' ' : said.charAt(at);
	return rest.replace(/\s+/g, ' ').trim();
}

const simplified = (text: string) => text.toLowerCase().replace(/\s+/g, ' ').trim();

function mark(said: string, own: string, isOwn: Uint8Array) {
	if (own.length < SHORTEST) return;
	if (own.length <= PIECE) {
		for (let at = said.indexOf(own); at >= 0; at = said.indexOf(own, at + 1)) {
			if (isWhole(said, at, own.length)) isOwn.fill(1, at, at + own.length);
		}
		return;
	}
	const pieces = new Set<string>();
	for (let at = 0; at + PIECE <= own.length; at++) pieces.add(own.slice(at, at + PIECE));
	for (let at = 0; at + PIECE <= said.length; at++) {
		if (pieces.has(said.slice(at, at + PIECE))) isOwn.fill(1, at, at + PIECE);
	}
}

function isWhole(text: string, at: number, length: number): boolean {
	const around = [text.charAt(at - 1), text.charAt(at + length)];
	return around.every((character) => !/[\p{L}\p{N}]/u.test(character));
}
