/** Most characters of a value that a message repeats. */
const MOST = 100;

/** Most members of an object that are looked at to quote it. */
const MOST_MEMBERS = 100;

/**
 * Quotes a value that a field got, for a message: a few words of it, whatever it is and however large.
 *
 * @returns JSON, cut; e.g. `"huge"`, `{"a":1}`, `NaN`, `"iVBORw0K…" (4000000 characters)`
 */
export function quote(value: unknown): string {
	if (typeof value === 'string') return quoteText(value);
	if (typeof value !== 'object' || value === null) return String(value);
	let members = 0;
	const shorten = (_: string, member: unknown): unknown => {
		members += 1;
		if (members > MOST_MEMBERS) return undefined;
		if (typeof member === 'string') return member.slice(0, MOST);
		return typeof member === 'bigint' ? String(member) : member;
	};
	try {
		const text: unknown = JSON.stringify(value, shorten);
		return cut(typeof text === 'string' ? text : 'an object', MOST);
	} catch {
		// It contains itself, or a getter of it throws.
		return Array.isArray(value) ? 'a list' : 'an object';
	}
}

function quoteText(text: string): string {
	const quoted = JSON.stringify(text.slice(0, MOST));
	return text.length <= MOST ? quoted : `${quoted.slice(0, -1)}…" (${text.length} characters)`;
}

/** @returns a text of at most so many characters, one of which is `…` when it was cut */
export const cut = (text: string, most: number) =>
	text.length <= most ? text : `${text.slice(0, most - 1)}…`;
