/** Longest text of the API that is passed on, in characters. */
const MAX_CHARACTERS = 500;

/**
 * Makes a text of the API fit to be shown; it is never trusted: no control characters, no page of a proxy, no secret.
 *
 * @param secrets texts that must not be passed on, however they are written
 */
export function redact(text: string, secrets: string[]): string {
	const clean = secrets
		.flatMap(spellings)
		.reduce((rest, spelling) => rest.replaceAll(spelling, '[secret]'), text)
		.replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
		.replace(/\b(sk|sess)-[\w*-]{6,}/g, '[key]')
		.trim();
	// By code points: half of a pair is no character.
	return [...clean].slice(0, MAX_CHARACTERS).join('');
}

/** @returns a copy of something the API said with every text in it made fit to be shown */
export function redactAll<Said extends object>(said: Said, secrets: string[]): Said {
	return JSON.parse(JSON.stringify(said), (_, value: unknown) =>
		typeof value === 'string' ? redact(value, secrets) : value,
	);
}

/** A secret as it is, in JSON, in a URL or form, and inside of base64, longest first. */
function spellings(secret: string): string[] {
	const base64 = [0, 1, 2].map((before) => base64Inside(secret, before));
	const base64url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
	const form = new URLSearchParams({ '': secret }).toString().slice(1);
	const all = [
		secret,
		JSON.stringify(secret).slice(1, -1),
		encodeURIComponent(secret),
		form,
		...base64,
		...base64url,
	];
	return [...new Set(all)].sort((a, b) => b.length - a.length);
}

/** The characters of base64 that depend on the secret alone when some bytes come before it. */
function base64Inside(secret: string, before: number): string {
	const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
	const text = bytes.toString('base64');
	return text.slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
}
