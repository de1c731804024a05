import fc from 'fast-check';
import { imageFileName } from '../../nodes/GptImage/images/output/fileName';
import { path } from '../node';

const EXTENSIONS = ['png', 'jpg', 'webp', 'gif', 'svg'];

/** Windows opens a device under these names, whatever extension follows (Microsoft, "Naming Files, Paths, and Namespaces"). */
const RESERVED = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])\s*(\.|$)/i;

const PARTS = {
	prompt: 'A fox: red',
	item: 0,
	id: 'k3f9x2ab',
	dimensions: { width: 1024, height: 1536 },
	model: 'gpt-image-2',
	// A quarter of an hour before midnight in UTC.
	now: Date.UTC(2026, 10, 22, 23, 45),
};

describe('imageFileName', () => {
	it.each([
		['', 0, 1, 'png', 'a-fox-red-k3f9x2ab.png'],
		['', 1, 3, 'webp', 'a-fox-red-k3f9x2ab_2.webp'],
		['fox {id}', 0, 1, 'png', 'fox k3f9x2ab.png'],
		['fox', 0, 1, 'png', 'fox.png'],
		['fox', 0, 3, 'png', 'fox_1.png'],
		['fox', 2, 3, 'png', 'fox_3.png'],
		['fox.png', 0, 1, 'png', 'fox.png'],
		['fox.PNG', 0, 1, 'png', 'fox.png'],
		['fox.jpeg', 0, 1, 'jpg', 'fox.jpg'],
		['fox.png', 0, 1, 'jpg', 'fox.jpg'],
		['fox.png', 1, 2, 'png', 'fox_2.png'],
		['fox v1.5', 0, 1, 'png', 'fox v1.5.png'],
		['../../etc/passwd', 0, 1, 'png', 'etc-passwd.png'],
		['C:\\Windows\\fox', 0, 1, 'png', 'C-Windows-fox.png'],
		['/', 0, 1, 'png', 'image.png'],
		['..', 0, 1, 'png', 'image.png'],
		['.htaccess', 0, 1, 'png', 'htaccess.png'],
		['a\u0000b\nc', 0, 1, 'png', 'a-b-c.png'],
		['Füchse 🦊 im Schnee', 0, 1, 'png', 'Füchse 🦊 im Schnee.png'],
		['Fu\u0308chse', 0, 1, 'png', 'Füchse.png'],
		['gnp.\u202Efox', 0, 1, 'png', 'gnp.-fox.png'],
		['con', 0, 1, 'png', '_con.png'],
		['LPT1', 0, 1, 'png', '_LPT1.png'],
		['nul.tar', 0, 1, 'png', '_nul.tar.png'],
		['con', 0, 2, 'png', '_con_1.png'],
		['console', 0, 1, 'png', 'console.png'],
		['x'.repeat(300), 0, 1, 'png', `${'x'.repeat(80)}.png`],
		['{prompt}', 0, 1, 'png', 'A fox- red.png'],
		['{PROMPT}', 0, 1, 'png', '{PROMPT}.png'],
		['{date} {model} {size}', 0, 1, 'png', '2026-11-22 gpt-image-2 1024x1536.png'],
		['{index}', 0, 1, 'png', '1.png'],
		['fox {index}', 2, 3, 'png', 'fox 3.png'],
		['{unknown}', 0, 1, 'png', '{unknown}.png'],
	])('makes of %j (number %i of %i, %s) %j', (pattern, index, images, extension, name) => {
		expect(imageFileName(pattern, { ...PARTS, index, images, extension })).toBe(name);
	});

	it.each([
		['', 1, 'a-fox-red-k3f9x2ab.png'],
		['', 2, 'a-fox-red-k3f9x2ab_1.png'],
		['fox', 1, 'fox.png'],
		['{item}-fox', 1, '3-fox.png'],
	])('makes of %j, for the third item with %i images, %j', (pattern, images, name) => {
		const parts = { ...PARTS, item: 2, index: 0, images, extension: 'png' };
		expect(imageFileName(pattern, parts)).toBe(name);
	});

	it.each([
		[
			'A lighthouse at dawn, watercolor, soft light on the waves',
			'a-lighthouse-at-dawn-watercolor-soft',
		],
		['日本の城、夜', '日本の城-夜'],
		['Ein Füchslein (rot)!', 'ein-füchslein-rot'],
		['../../etc/passwd', 'etc-passwd'],
		['🦊🦊', 'image'],
		['x'.repeat(300), 'x'.repeat(40)],
	])('tells of %j in the default name', (prompt, slug) => {
		const parts = { ...PARTS, prompt, index: 0, images: 1, extension: 'png' };
		expect(imageFileName('', parts)).toBe(`${slug}-k3f9x2ab.png`);
	});

	/** Anything, and what likes to go wrong. */
	const wish = fc.oneof(
		fc.string({ unit: 'binary', maxLength: 300 }),
		fc.string({ unit: 'grapheme', maxLength: 300 }),
		fc
			.array(
				fc.oneof(
					fc.constantFrom(
						'../',
						'..\\',
						'/',
						'C:',
						'.',
						' ',
						'con',
						'NUL',
						'com¹',
						'.png',
						'\u202E',
					),
					fc.string({ maxLength: 4 }),
				),
				{ maxLength: 12 },
			)
			.map((parts) => parts.join('')),
		fc.constantFrom('🦊', '漢', 'ü', 'x').map((character) => character.repeat(300)),
	);
	const patternWithIndex = fc
		.tuple(wish, fc.constantFrom('', '{index}', '{prompt}-{index}', '{date}-{prompt}-{index}'))
		.map((parts) => parts.join(''));
	const name = fc
		.tuple(wish, wish, fc.integer({ min: 1, max: 100 }), fc.constantFrom(...EXTENSIONS))
		.chain(([pattern, prompt, images, extension]) =>
			fc.nat({ max: images - 1 }).map((index) => ({
				extension,
				result: imageFileName(pattern, { ...PARTS, prompt, index, images, extension }),
			})),
		);
	const runs = { numRuns: 3000 };

	it('never leaves its folder', () => {
		fc.assert(
			fc.property(name, ({ result }) => {
				for (const system of [path.posix, path.win32]) {
					expect(system.basename(result)).toBe(result);
					expect(system.dirname(system.join('folder', result))).toBe('folder');
				}
				expect(result).not.toMatch(/[\p{Cc}<>:"|?*]/u);
			}),
			runs,
		);
	});

	it('always ends in the extension, with something before it', () => {
		fc.assert(
			fc.property(name, ({ result, extension }) => {
				expect(path.extname(result)).toBe(`.${extension}`);
				expect(path.basename(result, `.${extension}`)).not.toMatch(/^[\s.]|[\s.]$|^$/);
			}),
			runs,
		);
	});

	it('is never longer than the 255 bytes of a file name', () => {
		fc.assert(
			fc.property(name, ({ result }) => {
				expect(Buffer.byteLength(result)).toBeLessThanOrEqual(255);
			}),
			runs,
		);
	});

	it('is never the name of a device', () => {
		fc.assert(
			fc.property(name, ({ result }) => {
				expect(result).not.toMatch(RESERVED);
			}),
			runs,
		);
	});

	it('has the whole id in the default name, whatever the prompt', () => {
		fc.assert(
			fc.property(wish, (prompt) => {
				const parts = { ...PARTS, prompt, index: 0, images: 1, extension: 'png' };
				expect(imageFileName('', parts)).toMatch(/-k3f9x2ab\.png$/);
			}),
			runs,
		);
	});

	it('tells the images of one item apart', () => {
		fc.assert(
			fc.property(patternWithIndex, wish, (pattern, prompt) => {
				const parts = { ...PARTS, prompt, images: 3, extension: 'png' };
				const names = [0, 1, 2].map((index) => imageFileName(pattern, { ...parts, index }));
				expect(new Set(names.map((each) => each.toLowerCase())).size).toBe(3);
			}),
			runs,
		);
	});
});
