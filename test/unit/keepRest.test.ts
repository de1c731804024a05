import fc from 'fast-check';
import sharp from 'sharp';
import { CompositeError, keepRest } from '../../nodes/GptImage/images/composite/keepRest';
import { SoftMask } from '../../nodes/GptImage/images/composite/softMask';
import { PngDecoder } from '../../nodes/GptImage/images/png/decode';
import { process } from '../node';
import { pictureFile, withChunk } from '../support/madePictures';
import { fileOf, inPieces, look, PNG_KINDS, pixelsOf, pngOf } from '../support/pngPictures';

interface Size {
	width: number;
	height: number;
}

/** A part of a mask: a square or a circle, transparent or veiled. */
interface Part {
	isRound: boolean;
	alpha: number;
	x: number;
	y: number;
	radius: number;
}

const shape: fc.Arbitrary<Part> = fc.record({
	isRound: fc.boolean(),
	alpha: fc.constantFrom(0, 0, 0, 1, 128, 254),
	x: fc.integer({ min: -10, max: 60 }),
	y: fc.integer({ min: -10, max: 60 }),
	radius: fc.integer({ min: 0, max: 30 }),
});

async function maskOf({ width, height }: Size, shapes: Part[]) {
	const pixels = Buffer.alloc(width * height * 4, 255);
	for (const { isRound, alpha, x, y, radius } of shapes) {
		for (let row = 0; row < height; row++) {
			for (let column = 0; column < width; column++) {
				const [across, down] = [Math.abs(column - x), Math.abs(row - y)];
				const isIn = isRound
					? Math.hypot(across, down) <= radius
					: Math.max(across, down) <= radius;
				if (isIn) pixels[(row * width + column) * 4 + 3] = alpha;
			}
		}
	}
	const raw = { width, height, channels: 4 as const };
	return { pixels, file: await sharp(pixels, { raw }).png().toBuffer() };
}

async function put(
	first: Buffer,
	mask: Buffer,
	edit: Buffer,
	{ softEdge = 8, pieceBytes = 4001 } = {},
): Promise<Buffer> {
	const keep = { first: fileOf(first), mask: fileOf(mask), softEdge };
	const pieces: Buffer[] = [];
	for await (const piece of keepRest(keep, inPieces(edit, pieceBytes), undefined)) {
		pieces.push(Buffer.from(piece));
	}
	return Buffer.concat(pieces);
}

/** How many pictures of each kind are put together; reports use more. */
const RUNS = Number(process.env.FUZZ_PICTURES ?? 12);

/** What the API answers with. */
const editKind = fc.constantFrom('rgb', 'rgba', 'grey', 'palette8' as const);

describe('an edit that keeps the rest', () => {
	it.each(PNG_KINDS)('has not one other pixel outside the mask: %s', async (kind) => {
		await fc.assert(
			fc.asyncProperty(
				look,
				editKind,
				fc.array(shape, { maxLength: 4 }),
				fc.oneof(fc.constantFrom(0, 1, 8), fc.integer({ min: 0, max: 70 })),
				fc.integer({ min: 1, max: 3000 }),
				async (given, second, shapes, softEdge, pieceBytes) => {
					const first = await pngOf(kind, given);
					const edit = await pngOf(second, { ...given, seed: given.seed + 1 });
					const mask = await maskOf(given, shapes);
					const made = await pixelsOf(await put(first, mask.file, edit, { softEdge, pieceBytes }));
					const old = await pixelsOf(first);
					const fresh = await pixelsOf(edit);
					expect([made.width, made.height]).toEqual([given.width, given.height]);
					let differing = 0;
					for (let at = 0; at < old.data.length; at += 4) {
						const isOutside = mask.pixels[at + 3] !== 0;
						const expected = isOutside ? old : softEdge === 0 ? fresh : undefined;
						if (!expected) continue;
						for (let byte = at; byte < at + 4; byte++) {
							if (made.data[byte] !== expected.data[byte]) differing += 1;
						}
					}
					expect(differing).toBe(0);
				},
			),
			{ numRuns: RUNS },
		);
	});

	it('changes little by little along the edge, all inside the mask', async () => {
		const size = { width: 64, height: 48 };
		const flat = async (background: string) =>
			await sharp({ create: { ...size, channels: 3, background } })
				.png()
				.toBuffer();
		const mask = await maskOf(size, [{ isRound: false, alpha: 0, x: 32, y: 24, radius: 20 }]);
		const { data } = await pixelsOf(await put(await flat('#000'), mask.file, await flat('#fff')));
		const row = Array.from({ length: 64 }, (_, x) => data[(24 * 64 + x) * 4] ?? 0);
		expect(row.slice(0, 12)).toEqual(Array.from({ length: 12 }, () => 0));
		expect(row.slice(12, 22)).toEqual([29, 57, 85, 113, 142, 170, 198, 226, 255, 255]);
		expect(row.slice(33, 64)).toEqual(row.slice(1, 32).reverse());
	});

	it('shows all of the new picture in the middle of an area too narrow for the edge', async () => {
		const size = { width: 40, height: 40 };
		const [first, edit] = [
			await pngOf('rgb', { ...size, seed: 1, isFiltered: true }),
			await pngOf('rgb', { ...size, seed: 2, isFiltered: true }),
		];
		const mask = await maskOf(size, [{ isRound: false, alpha: 0, x: 20, y: 20, radius: 2 }]);
		const made = await pixelsOf(await put(first, mask.file, edit, { softEdge: 200 }));
		const at = (20 * 40 + 20) * 4;
		expect(made.data.subarray(at, at + 4)).toEqual(
			(await pixelsOf(edit)).data.subarray(at, at + 4),
		);
	});

	it('keeps what the first image says of its colours, and no texts', async () => {
		const png = await pictureFile('png');
		const first = [
			['gAMA', Buffer.from([0, 0, 0xb1, 0x8f])],
			['iCCP', Buffer.from('a profile')],
			['tEXt', Buffer.from('Software\0a camera')],
			['caBX', Buffer.from('marks of origin')],
		].reduce((file, [type, data]) => withChunk(file, String(type), Buffer.from(data ?? '')), png);
		const edit = withChunk(
			await pictureFile('png', { seed: 3 }),
			'tEXt',
			Buffer.from('made\0by a model'),
		);
		const { file } = await maskOf({ width: 40, height: 30 }, []);
		const made = (await put(first, file, edit)).toString('latin1');
		expect(['gAMA', 'iCCP', 'tEXt', 'caBX'].filter((type) => made.includes(type))).toEqual([
			'gAMA',
			'iCCP',
		]);
	});

	it.each<[string, () => Promise<[Buffer, Buffer, Buffer]>, string]>([
		[
			'another size',
			async () => [
				await pictureFile('png'),
				(await maskOf({ width: 40, height: 30 }, [])).file,
				await pictureFile('png', { width: 41, height: 30 }),
			],
			'The image is 41x30 pixels, but the first image is 40x30',
		],
		[
			'another format',
			async () => [
				await pictureFile('png'),
				(await maskOf({ width: 40, height: 30 }, [])).file,
				await pictureFile('jpeg'),
			],
			'The image is not a PNG',
		],
		[
			'no end',
			async () => [
				await pictureFile('png'),
				(await maskOf({ width: 40, height: 30 }, [])).file,
				(await pictureFile('png')).subarray(0, -12),
			],
			'The image is cut off',
		],
		[
			'no middle',
			async () => [
				await pictureFile('png'),
				(await maskOf({ width: 40, height: 30 }, [])).file,
				(await pictureFile('png')).subarray(0, 2000),
			],
			'The image is cut off',
		],
		[
			'a mask of another size',
			async () => [
				await pictureFile('png'),
				(await maskOf({ width: 9, height: 30 }, [])).file,
				await pictureFile('png'),
			],
			'The mask is 9x30 pixels, but the first image is 40x30',
		],
		[
			'a first image that is gone bad',
			async () => [
				(await pictureFile('png')).subarray(0, 900),
				(await maskOf({ width: 40, height: 30 }, [])).file,
				await pictureFile('png'),
			],
			'The first image is cut off',
		],
	])('is refused with %s', async (_, make, message) => {
		const [first, mask, edit] = await make();
		const made = put(first, mask, edit);
		await expect(made).rejects.toThrow(message);
		await expect(made).rejects.toBeInstanceOf(CompositeError);
	});
});

describe('the distance to the edge of a mask', () => {
	it('is that to the nearest pixel that must not change', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 24 }),
				fc.integer({ min: 1, max: 24 }),
				fc.array(shape, { minLength: 1, maxLength: 4 }),
				fc.integer({ min: 0, max: 30 }),
				async (width, height, shapes, softEdge) => {
					const mask = await maskOf({ width, height }, shapes);
					const soft = await SoftMask.of(await PngDecoder.open(inPieces(mask.file, 500)), softEdge);
					const isFixed = (x: number, y: number) => mask.pixels[(y * width + x) * 4 + 3] !== 0;
					const fixed = Array.from(
						{ length: width * height },
						(_, at) => [at % width, Math.floor(at / width)] as const,
					).filter(([x, y]) => isFixed(x, y));
					const far = (x: number, y: number) =>
						Math.min(softEdge + 1, ...fixed.map(([a, b]) => Math.hypot(a - x, b - y)));
					const deepest = Math.max(
						...Array.from({ length: width * height }, (_, at) =>
							far(at % width, Math.floor(at / width)),
						),
					);
					expect(soft.isOpen).toBe(deepest > 0);
					const row = new Uint8Array(width);
					let worst = 0;
					for (let y = 0; y < height; y++) {
						soft.weightsAt(y, row);
						for (let x = 0; x < width; x++) {
							const weight = deepest === 0 ? 0 : (far(x, y) / deepest) * 255;
							worst = Math.max(worst, Math.abs((row[x] ?? 0) - weight));
						}
					}
					expect(worst).toBeLessThanOrEqual(4);
				},
			),
			{ numRuns: 100 },
		);
	});
});
