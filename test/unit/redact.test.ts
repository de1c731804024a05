import fc from 'fast-check';
import { BOUNDS } from '../../nodes/GptImage/bounds';
import { Redactor } from '../../nodes/GptImage/errors/redact';

const CANARY = 'sk-proj-cAnArY/KeY+0123456789==';

/** Ways to write a text that somebody could read it from. */
const SPELLINGS: Array<[string, (text: string) => string]> = [
	['as it is', (text) => text],
	['in lower case', (text) => text.toLowerCase()],
	['in upper case', (text) => text.toUpperCase()],
	['in JSON', (text) => JSON.stringify(text)],
	['in JSON in JSON', (text) => JSON.stringify(JSON.stringify(text))],
	['in a URL', encodeURIComponent],
	['twice in a URL', (text) => encodeURIComponent(encodeURIComponent(text))],
	['in a form', (text) => new URLSearchParams({ key: text }).toString()],
	['in base64', (text) => Buffer.from(text).toString('base64')],
	['in base64url', (text) => Buffer.from(text).toString('base64url')],
	['in base64 behind other text', (text) => Buffer.from(`Bearer ${text}\n`).toString('base64')],
	['in base64 behind one byte', (text) => Buffer.from(`:${text}`).toString('base64')],
	['in hexadecimal', (text) => Buffer.from(text).toString('hex')],
	['in HTML', (text) => text.replace(/[^a-z]/gi, (one) => `&#${one.codePointAt(0)};`)],
	[
		'in HTML by hexadecimal',
		(text) => text.replace(/./g, (one) => `&#x${one.codePointAt(0)?.toString(16)};`),
	],
	['escaped', (text) => text.replace(/./g, (one) => `\\u00${one.codePointAt(0)?.toString(16)}`)],
	['in percent', (text) => text.replace(/./g, (one) => `%${one.codePointAt(0)?.toString(16)}`)],
	['with line breaks', (text) => text.replace(/(.{5})/g, '$1\r\n')],
	['with invisible characters', (text) => text.replace(/(.{5})/g, '$1\u200b')],
	['with blanks', (text) => [...text].join(' ')],
];

describe('a secret is found', () => {
	it.each(SPELLINGS)('%s', (_, spell) => {
		const shown = new Redactor([CANARY]).text(`Your key ${spell(CANARY)}, was wrong`);
		expect(shown).toMatch(/^Your key .*\[secret\].*was wrong$/);
		expect(shown.replace('[secret]', '').length).toBeLessThan(40);
	});

	it.each([6, 16, 100, 480, 495, 499, 1990, 5000])('behind %i other characters', (count) => {
		const shown = new Redactor([CANARY]).text(`${'. '.repeat(count / 2)}${CANARY}. `.repeat(3));
		expect(shown).not.toMatch(/proj|canary/i);
	});

	it('where the text is cut off in it', () => {
		for (let length = 8; length <= CANARY.length; length++) {
			const shown = new Redactor([CANARY]).text(`the key ${CANARY.slice(0, length + 3)}`);
			expect(shown).toMatch(/^the key \[secret\][/+=]*$/);
		}
	});

	it('whichever secrets contain or overlap one another', () => {
		const secrets = ['gateway', 'gateway-secret-9f8e', 'secret-9f8e7d6c', '9f8e7d6c5b4a'];
		const all = 'gateway-secret-9f8e7d6c5b4a';
		for (const order of [secrets, secrets.toReversed()]) {
			expect(new Redactor(order).text(`header was ${all}!`)).toBe('header was [secret]!');
		}
	});

	it('in keys, numbers, lists and texts of JSON', () => {
		const redactor = new Redactor([CANARY, '9876543210']);
		const said = {
			[`k ${CANARY}`]: 1,
			org: 9876543210,
			list: [CANARY, { a: 98765432101 }],
			ok: 12,
			no: null,
		};
		expect(redactor.json(said)).toEqual({
			'k [secret]': 1,
			org: '[secret]',
			list: ['[secret]', { a: '[secret]' }],
			ok: 12,
			no: null,
		});
	});

	it('among any other text', () => {
		const secret = fc
			.string({ minLength: 12, maxLength: 60 })
			.filter((text) => text.replace(/[^a-z\d]/gi, '').length > 8);
		const spelling = fc.constantFrom(...SPELLINGS.map(([, spell]) => spell));
		fc.assert(
			fc.property(
				secret,
				secret,
				spelling,
				fc.string(),
				fc.string({ maxLength: 3000 }),
				(one, other, spell, before, after) => {
					const shown = new Redactor([other, one]).text(`${before} ${spell(one)} ${after}`);
					expect(shown.length).toBeLessThanOrEqual(BOUNDS.textCharacters);
					expect(shown).not.toContain(one);
				},
			),
			{ numRuns: 500 },
		);
	});
});

describe('what is no secret', () => {
	it('stays', () => {
		const text =
			'Rate limit reached in organization org-1 on images per min: Limit 5. Visit https://x.example.';
		expect(new Redactor([CANARY]).text(text)).toBe(text);
	});

	it('of JSON is bounded in depth and number, and never a name that means something to JavaScript', () => {
		const redactor = new Redactor([]);
		let deep: Record<string, unknown> = { end: 1 };
		for (let level = 0; level < 20_000; level++) deep = { deep };
		const text = JSON.stringify(redactor.json(deep));
		expect(text.match(/deep/g)).toHaveLength(BOUNDS.jsonLevels - 1);
		const wide = redactor.json({ list: Array.from({ length: 1e6 }, (_, index) => index) });
		expect(JSON.stringify(wide).length).toBeLessThan(3000);
		const odd: Record<string, unknown> = JSON.parse('{"__proto__":{"a":1},"constructor":1,"b":2}');
		expect(redactor.json(odd)).toEqual({ b: 2 });
	});
});
