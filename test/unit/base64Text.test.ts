import fc from 'fast-check';
import { checkBase64, decodeBase64 } from '../../nodes/GptImage/images/input/base64Text';
import { inlineBytes } from '../../nodes/GptImage/images/input/stored';
import { delay } from '../node';

const decoded = async (text: string): Promise<Buffer | string> => {
	const checked = await checkBase64(text);
	return 'problem' in checked
		? checked.problem
		: Buffer.concat([...decodeBase64(text, checked.from)]);
};

/** Bytes whose base64 has a + in irregular places. */
const photo = Buffer.from(Array.from({ length: 9001 }, (_, at) => (at * at * 7 + 190) % 256));
const text = photo.toString('base64');

describe('base64 text is taken', () => {
	it.each<[string, string]>([
		['as it is', text],
		['as a data URL', `data:image/png;base64,${text}`],
		['as a data URL with a name and capitals', `DATA:image/png;name=a.png;BASE64,${text}`],
		['as a data URL behind white space', `\n  data:image/png;base64,${text}\n`],
		['in lines', text.replace(/.{76}/g, '$&\r\n')],
		['in lines that are indented', text.replace(/.{64}/g, '$&\n    ')],
		['in lines that were joined by spaces', text.replace(/.{76}/g, '$& ')],
		['as base64url', photo.toString('base64url')],
		['without its padding', text.replace(/=+$/, '')],
		['with white space around it', `  ${text}\n\n`],
	])('%s', async (_, given) => {
		expect(await decoded(given)).toEqual(photo);
	});

	it('whatever its length, and wherever it is broken', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.uint8Array({ minLength: 2, maxLength: 400 }),
				fc.integer({ min: 4, max: 90 }),
				fc.constantFrom('\n', '\r\n', '\n\t', '\n  '),
				fc.boolean(),
				async (given, width, newline, isUrl) => {
					const bytes = Buffer.from(given);
					const line = new RegExp(`.{${width}}`, 'g');
					const written = bytes
						.toString(isUrl ? 'base64url' : 'base64')
						.replace(line, `$&${newline}`);
					expect(await decoded(written)).toEqual(bytes);
				},
			),
			{ numRuns: 500 },
		);
	});

	it('of megabytes, piece by piece', async () => {
		const large = Buffer.alloc(3_000_001, photo);
		const written = large.toString('base64').replace(/.{76}/g, '$&\n');
		expect(Math.max(...[...decodeBase64(written)].map(({ length }) => length))).toBeLessThan(
			65_536,
		);
		expect(Buffer.concat([...decodeBase64(written)]).equals(large)).toBe(true);
	});
});

it('lets n8n do other things while a file that stands in a text is read', async () => {
	const bytes = Buffer.alloc(10_000_000, photo);
	let [turns, length] = [0, 0];
	const read = async () => {
		for await (const piece of await inlineBytes(bytes.toString('base64')).open()) {
			length += piece.length;
		}
	};
	const reading = read().finally(() => (turns = -turns));
	while (turns >= 0) {
		turns += 1;
		await delay(0);
	}
	await reading;
	expect(length).toBe(bytes.length);
	// 204 pieces of 48 kB.
	expect(-turns).toBeGreaterThan(10);
});

describe('base64 text is refused', () => {
	it.each<[string, string, string]>([
		['with a space for each +', text.replaceAll('+', ' '), 'Base64 has spaces where a + was'],
		['with a space for one +', text.replace('+', ' '), 'Base64 has spaces where a + was'],
		[
			'with a space for each + in lines',
			text.replaceAll('+', ' ').replace(/.{76}/g, '$&\n'),
			'Base64 has spaces where a + was',
		],
		['that is a web address', ' HTTPS://example.com/a.png', 'Base64 is a web address'],
		[
			'that is encoded for an address',
			encodeURIComponent(text),
			'Base64 is encoded for an address: it has % in it',
		],
		['that is cut within a group', text.slice(0, 5001), 'Base64 is cut off or has lost characters'],
		[
			'that has lost a character',
			text.slice(0, 50) + text.slice(51),
			'Base64 is cut off or has lost characters',
		],
		[
			'with more behind its end',
			`${Buffer.from('abcd').toString('base64')}${text}`,
			'Base64 has more text behind its end (=)',
		],
		[
			'of a data URL without base64',
			'data:image/svg+xml,%3Csvg/%3E',
			'Base64 is a data URL without base64',
		],
		['with other characters', 'not base64!', 'Base64 is not base64 text'],
		['that is JSON', `{"image":"${text}"}`, 'Base64 is not base64 text'],
		['that is empty', ' \n', 'Base64 is not base64 text'],
		['of nothing but a prefix', 'data:image/png;base64,', 'Base64 is not base64 text'],
	])('%s', async (_, given, problem) => {
		expect(await decoded(given)).toBe(problem);
	});

	it('or taken whole, whatever it is', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.string({ unit: fc.constantFrom(...'AZaz09+/-_= \n\t,:;%data'), maxLength: 200 }),
				async (given) => {
					const found = await decoded(given);
					expect(Buffer.isBuffer(found) ? found.length > 0 : /^Base64 /.test(found)).toBe(true);
				},
			),
			{ numRuns: 2000 },
		);
	});
});
