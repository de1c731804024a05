import fc from 'fast-check';
import sharp from 'sharp';
import { PictureScan } from '../../nodes/GptImage/images/scan/pictureScan';
import { process } from '../node';
import { exif, pictureFile, withChunk, withSegments, withWebpExif } from '../support/madePictures';

/** How many damaged files are looked at; `npm run fuzz` and reports use more. */
const RUNS = Number(process.env.FUZZ_INPUTS ?? 2000);

const FORMATS = ['png', 'jpeg', 'webp', 'gif'] as const;

/** Looks at a file that arrives in pieces of these lengths, over and over. */
function scan(format: string, file: Buffer, pieces: number[] = [file.length]): PictureScan {
	const seen = new PictureScan(format);
	for (let at = 0, index = 0; at < file.length; index++) {
		const length = Math.max(1, pieces[index % pieces.length] ?? 1);
		// A copy, which is written over behind it: the scan must keep nothing of it.
		const piece = Buffer.from(file.subarray(at, at + length));
		seen.write(piece);
		piece.fill(0xff);
		at += length;
	}
	return seen;
}

const pieces = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 });

describe('size and end of a picture', () => {
	it.each(FORMATS)('are found in a %s that arrives in any pieces', async (format) => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 90 }),
				fc.integer({ min: 1, max: 90 }),
				pieces,
				async (width, height, lengths) => {
					const file = await pictureFile(format, { width, height });
					const seen = scan(format, file, lengths);
					expect([seen.size, seen.problem()]).toEqual([{ width, height }, undefined]);
				},
			),
			{ numRuns: 40 },
		);
	});

	it.each(FORMATS)(
		'of a %s that is cut anywhere are told from those of a whole one',
		async (format) => {
			const file = await pictureFile(format);
			for (let length = 0; length < file.length; length++) {
				expect(scan(format, file.subarray(0, length)).problem()).toBeDefined();
			}
		},
	);

	it.each(FORMATS)('hold for a %s with more bytes behind its end', async (format) => {
		const file = Buffer.concat([await pictureFile(format), Buffer.from('a video, as phones do')]);
		expect(scan(format, file).problem()).toBeUndefined();
	});

	it.each(['lossless', 'lossy'])('are found in a %s WebP', async (kind) => {
		const file = await sharp(await pictureFile('png'))
			.webp({ lossless: kind === 'lossless' })
			.toBuffer();
		const seen = scan('webp', file, [3]);
		expect([seen.size, seen.problem()]).toEqual([{ width: 40, height: 30 }, undefined]);
	});

	it('are found in progressive, interlaced and animated files', async () => {
		const image = sharp(await pictureFile('png', { width: 300, height: 200 }));
		const files = [
			['jpeg', await image.clone().jpeg({ progressive: true, optimiseScans: true }).toBuffer()],
			['png', await image.clone().png({ progressive: true }).toBuffer()],
			['png', await image.clone().png({ palette: true }).toBuffer()],
			['webp', await image.clone().ensureAlpha(0.5).webp().toBuffer()],
		] as const;
		for (const [format, file] of files) {
			const seen = scan(format, file, [1, 50]);
			expect([seen.size, seen.problem()]).toEqual([{ width: 300, height: 200 }, undefined]);
		}
		expect(scan('png', files[1][1]).facts.png?.isInterlaced).toBe(true);
	});

	it.each([
		['<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>', undefined],
		['<svg><a></a></svg>\n<!-- made by hand -->\n', undefined],
		['<s:svg xmlns:s="http://www.w3.org/2000/svg"></s:svg >', undefined],
		['<svg><svg></svg><path/>', 'is cut off'],
		['<svg><path d="M0', 'is cut off'],
		['<svg><g></g></sv', 'is cut off'],
	])('of the SVG %s', (text, problem) => {
		expect(scan('svg', Buffer.from(text), [1]).problem()).toBe(problem);
	});
});

describe('the size of a picture as it is shown', () => {
	const turns = [1, 2, 3, 4, 5, 6, 7, 8];
	const shown = (orientation: number) =>
		orientation > 4 ? { width: 30, height: 40 } : { width: 40, height: 30 };

	it.each(turns)(
		'follows Exif orientation %i of a JPEG, before and behind long metadata',
		async (turn) => {
			const jpeg = await pictureFile('jpeg');
			const long: [number, Buffer] = [
				0xe1,
				Buffer.alloc(65_000, 'http://ns.adobe.com/xmp/extension/\0'),
			];
			const turned: [number, Buffer] = [0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif(turn)])];
			for (const segments of [
				[turned],
				[turned, long, long, long, long, long, long],
				[long, long, long, long, long, long, turned],
			]) {
				const file = withSegments(jpeg, segments);
				const { info } = await sharp(file).rotate().toBuffer({ resolveWithObject: true });
				expect(shown(turn)).toEqual({ width: info.width, height: info.height });
				expect(scan('jpeg', file, [4099]).size).toEqual(shown(turn));
			}
		},
	);

	it.each(turns)(
		'follows Exif orientation %i of a PNG, before and behind its pixels',
		async (turn) => {
			const png = withChunk(await pictureFile('png'), 'iCCP', Buffer.alloc(400_000));
			for (const place of ['front', 'end'] as const) {
				const seen = scan('png', withChunk(png, 'eXIf', exif(turn), place), [7777]);
				expect([seen.size, seen.problem()]).toEqual([shown(turn), undefined]);
			}
		},
	);

	it.each(turns)('follows Exif orientation %i at the end of a WebP', async (turn) => {
		const webp = await pictureFile('webp');
		for (const data of [exif(turn), Buffer.concat([Buffer.from('Exif\0\0'), exif(turn)])]) {
			const file = withWebpExif(webp, { width: 40, height: 30 }, data);
			const { info } = await sharp(file).rotate().toBuffer({ resolveWithObject: true });
			expect(shown(turn)).toEqual({ width: info.width, height: info.height });
			const seen = scan('webp', file, [5]);
			expect([seen.size, seen.problem()]).toEqual([shown(turn), undefined]);
		}
	});

	it('passes over what is longer than metadata may be', async () => {
		const png = withChunk(await pictureFile('png'), 'eXIf', exif(6, 2_000_000), 'end');
		expect(scan('png', png, [65_536]).size).toEqual({ width: 40, height: 30 });
	});
});

describe('a file that was damaged', () => {
	it('never is an exception, in no format and no pieces', async () => {
		const sources = await Promise.all(
			FORMATS.map(async (format) => [format, await pictureFile(format)] as const),
		);
		const turned = [
			...sources,
			['jpeg', withSegments(await pictureFile('jpeg'), [[0xe1, exif(6)]])] as const,
			['png', withChunk(await pictureFile('png'), 'eXIf', exif(6))] as const,
			[
				'webp',
				withWebpExif(await pictureFile('webp'), { width: 40, height: 30 }, exif(6)),
			] as const,
		];
		const damage = fc.record({
			file: fc.constantFrom(...turned),
			length: fc.nat(6000),
			changes: fc.array(fc.tuple(fc.oneof(fc.nat(60), fc.nat(5000)), fc.nat(255)), {
				maxLength: 8,
			}),
			inserted: fc.uint8Array({ maxLength: 12 }),
			at: fc.nat(3000),
			lengths: pieces,
		});
		fc.assert(
			fc.property(damage, ({ file: [format, file], length, changes, inserted, at, lengths }) => {
				const bytes = Buffer.concat([file.subarray(0, at), inserted, file.subarray(at, length)]);
				for (const [place, value] of changes) if (place < bytes.length) bytes[place] = value;
				const seen = scan(format, bytes, lengths);
				expect(seen.facts).toEqual(scan(format, bytes).facts);
				if (seen.size) expect(Math.min(seen.size.width, seen.size.height)).toBeGreaterThan(0);
				expect([undefined, 'is cut off', 'is damaged']).toContain(seen.problem());
			}),
			{ numRuns: RUNS },
		);
	});

	it('holds no more than its metadata, however long its parts claim to be', () => {
		for (const [format, head] of [
			['png', '\x89PNG\r\n\x1a\n\x7f\xff\xff\xffIHDR'],
			['webp', 'RIFF\xff\xff\xff\xffWEBPEXIF\xf0\xff\xff\xff'],
			['jpeg', '\xff\xd8\xff\xe1\xff\xff'],
		] as const) {
			const seen = new PictureScan(format);
			seen.write(Buffer.from(head, 'latin1'));
			for (let count = 0; count < 100; count++) seen.write(Buffer.alloc(100_000));
			expect(seen.problem()).toBeDefined();
		}
	});
});
