import fc from 'fast-check';
import sharp from 'sharp';
import { PngDecoder } from '../../nodes/GptImage/images/png/decode';
import { encodePng } from '../../nodes/GptImage/images/png/encode';
import { filterRow, unfilter } from '../../nodes/GptImage/images/png/filters';
import { expander } from '../../nodes/GptImage/images/png/pixels';
import { process } from '../node';
import { pictureFile, withChunk } from '../support/madePictures';
import { inPieces, look, PNG_KINDS, pixelsOf, pngOf, type PngKind } from '../support/pngPictures';

/** How many damaged files are decoded; reports use more. */
const RUNS = Number(process.env.FUZZ_INPUTS ?? 500);

async function decode(file: Buffer, pieceBytes = 997): Promise<Buffer> {
	const decoder = await PngDecoder.open(inPieces(file, pieceBytes));
	const { width, height } = decoder.head;
	const all = Buffer.alloc(width * height * 4);
	const pixels = new Uint8Array(width * 4);
	const expand = expander(decoder.head, 4);
	let at = 0;
	for await (const row of decoder.rows()) {
		expand(row, pixels);
		all.set(pixels, at);
		at += pixels.length;
	}
	expect(at).toBe(all.length);
	return all;
}

describe('a PNG that is decoded', () => {
	it.each(PNG_KINDS)('has the pixels that sharp sees: %s', async (kind) => {
		await fc.assert(
			fc.asyncProperty(look, fc.integer({ min: 1, max: 3000 }), async (given, length) => {
				const file = await pngOf(kind, given);
				expect((await decode(file, length)).equals((await pixelsOf(file)).data)).toBe(true);
			}),
			{ numRuns: 25 },
		);
	});

	it.each<[PngKind, number]>([
		['grey', 0],
		['rgb', 2],
		['palette4', 3],
		['greyAlpha', 4],
		['rgba', 6],
	])('is one of each colour type here: %s', async (kind, colourType) => {
		const file = await pngOf(kind, { width: 20, height: 10, seed: 1, isFiltered: true });
		expect(file[25]).toBe(colourType);
	});

	it.each<[string, Promise<Buffer>]>([
		['is not a PNG', pictureFile('jpeg')],
		[
			'is interlaced',
			pictureFile('png').then(
				async (png) => await sharp(png).png({ progressive: true }).toBuffer(),
			),
		],
		[
			'has 16 bits for each colour',
			pictureFile('png').then(
				async (png) => await sharp(png).toColourspace('rgb16').png().toBuffer(),
			),
		],
		['is cut off', pictureFile('png').then((png) => png.subarray(0, -100))],
		['is cut off', pictureFile('png').then((png) => png.subarray(0, 20))],
		[
			'is damaged',
			pictureFile('png').then((png) =>
				Buffer.concat([png.subarray(0, 60), Buffer.alloc(500), png.subarray(560)]),
			),
		],
		['is damaged', pictureFile('png').then((png) => withChunk(png, 'PLTE', Buffer.alloc(900)))],
		[
			'has too many pixels',
			pictureFile('png').then((png) => {
				png.writeUInt32BE(60_000, 16);
				png.writeUInt32BE(60_000, 20);
				return png;
			}),
		],
	])('or says that it %s', async (problem, file) => {
		await expect(decode(await file)).rejects.toThrow(problem);
	});

	it('holds its rows against more data than they are', async () => {
		const bomb: Buffer[] = [];
		const rows = Array.from({ length: 200 }, () => Buffer.alloc(500_000));
		const header = { width: 10, height: 10, colourType: 2 };
		for await (const piece of encodePng(header, rows)) bomb.push(Buffer.from(piece));
		expect((await decode(Buffer.concat(bomb))).length).toBe(400);
	});

	it('never ends in anything but pixels or a reason, however it is damaged', async () => {
		const files = await Promise.all(
			PNG_KINDS.map(
				async (kind) => await pngOf(kind, { width: 30, height: 20, seed: 5, isFiltered: true }),
			),
		);
		const damage = fc.record({
			file: fc.constantFrom(...files),
			length: fc.oneof(fc.constant(99_999), fc.nat(3000)),
			changes: fc.array(fc.tuple(fc.oneof(fc.nat(60), fc.nat(2500)), fc.nat(255)), {
				maxLength: 4,
			}),
		});
		await fc.assert(
			fc.asyncProperty(damage, async ({ file, length, changes }) => {
				const bytes = Buffer.from(file.subarray(0, length));
				for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
				const reason = await decode(bytes).then(
					() => 'is whole',
					(error: Error) => error.message,
				);
				expect(reason).toMatch(
					/^(is (whole|cut off|damaged|interlaced|not a PNG)|has (16 bits for each colour|too many pixels))$/,
				);
			}),
			{ numRuns: RUNS },
		);
	});
});

describe('the filter of a row', () => {
	it('is undone to the same bytes', () => {
		const bytes = fc.uint8Array({ minLength: 24, maxLength: 24 });
		fc.assert(
			fc.property(bytes, bytes, fc.constantFrom(1, 2, 3, 4), (row, above, pixelBytes) => {
				const written = new Uint8Array(25);
				filterRow(row, above, pixelBytes, written, 0);
				const back = written.slice(1);
				expect(unfilter(written[0] ?? 9, back, above, pixelBytes)).toBe(true);
				expect(back).toEqual(row);
			}),
			{ numRuns: 500 },
		);
	});
});
