import fc from 'fast-check';
import sharp from 'sharp';
import { readDimensions } from '../../nodes/GptImage/images/input/dimensions';
import { zlibRuns } from '../../nodes/GptImage/images/input/deflate';
import { drawMask, type Shape } from '../../nodes/GptImage/images/input/drawMask';
import { zlib } from '../node';

const alphaOf = async (png: Buffer) => {
	const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
	expect(info.channels).toBe(4);
	return {
		width: info.width,
		height: info.height,
		at: (x: number, y: number) => data[(y * info.width + x) * 4 + 3],
	};
};

/** Whether the middle of a pixel lies in the shape, said in another way than the node does. */
function covers({ kind, x, y, width, height }: Shape, px: number, py: number): boolean {
	const [across, down] = [(px + 0.5 - x) / width, (py + 0.5 - y) / height];
	if (kind === 'rectangle') return across >= 0 && across < 1 && down >= 0 && down < 1;
	return Math.hypot(across - 0.5, down - 0.5) <= 0.5;
}

const shape: fc.Arbitrary<Shape> = fc.record({
	kind: fc.constantFrom('rectangle', 'ellipse'),
	unit: fc.constant('pixels'),
	x: fc.integer({ min: -20, max: 60 }),
	y: fc.integer({ min: -20, max: 60 }),
	width: fc.integer({ min: 1, max: 80 }),
	height: fc.integer({ min: 1, max: 80 }),
});

describe('a mask that the node draws', () => {
	it('is transparent in its shapes and nowhere else', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 60 }),
				fc.integer({ min: 1, max: 60 }),
				fc.array(shape, { minLength: 1, maxLength: 3 }),
				fc.boolean(),
				async (width, height, shapes, isInverted) => {
					const mask = await alphaOf(drawMask({ width, height }, shapes, isInverted));
					expect([mask.width, mask.height]).toEqual([width, height]);
					for (let y = 0; y < height; y++) {
						for (let x = 0; x < width; x++) {
							const isInside = shapes.some((one) => covers(one, x, y));
							// On the very edge of an ellipse rounding decides.
							const isEdge = shapes.some(
								(one) =>
									one.kind === 'ellipse' &&
									Math.abs(
										Math.hypot(
											(x + 0.5 - one.x) / one.width - 0.5,
											(y + 0.5 - one.y) / one.height - 0.5,
										) - 0.5,
									) < 1e-9,
							);
							if (!isEdge) expect(mask.at(x, y)).toBe(isInside === isInverted ? 255 : 0);
						}
					}
				},
			),
			{ numRuns: 60 },
		);
	});

	it('takes percent of the width and height', async () => {
		const quarter: Shape = {
			kind: 'rectangle',
			unit: 'percent',
			x: 50,
			y: 0,
			width: 50,
			height: 50,
		};
		const mask = await alphaOf(drawMask({ width: 200, height: 100 }, [quarter], false));
		expect([mask.at(99, 0), mask.at(100, 0), mask.at(199, 49), mask.at(199, 50)]).toEqual([
			255, 0, 0, 255,
		]);
	});

	it('stays far under 4 MB for the largest image', () => {
		const circle: Shape = { kind: 'ellipse', unit: 'percent', x: 10, y: 10, width: 80, height: 80 };
		const mask = drawMask({ width: 3840, height: 2160 }, [circle], false);
		expect(mask.length).toBeLessThan(1024 * 1024);
		expect(readDimensions(mask)).toEqual({ width: 3840, height: 2160 });
	});
});

it('what is compressed comes out again as it was', () => {
	const runs = fc.array(fc.tuple(fc.nat(255), fc.integer({ min: 0, max: 1200 })));
	fc.assert(
		fc.property(runs, (rows) => {
			const bytes = rows.map(([value, times]) => Buffer.alloc(times, value));
			expect(zlib.inflateSync(zlibRuns(rows))).toEqual(Buffer.concat(bytes));
		}),
		{ numRuns: 500 },
	);
});

describe('the size of an image', () => {
	it.each(['png', 'jpeg', 'webp'] as const)('is read from the header of a %s', async (format) => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 300 }),
				fc.integer({ min: 1, max: 300 }),
				fc.boolean(),
				async (width, height, lossless) => {
					const image = sharp({ create: { width, height, channels: 4, background: '#abcd' } });
					const file = await (
						format === 'webp' ? image.webp({ lossless }) : image.toFormat(format)
					).toBuffer();
					expect(readDimensions(file)).toEqual({ width, height });
				},
			),
			{ numRuns: 15 },
		);
	});

	it.each([1, 2, 3, 4, 5, 6, 7, 8])(
		'is that of the image as shown, for EXIF orientation %i',
		async (orientation) => {
			const image = sharp({ create: { width: 40, height: 30, channels: 3, background: '#123' } });
			const file = await image.jpeg().withMetadata({ orientation }).toBuffer();
			const { info } = await sharp(file).rotate().toBuffer({ resolveWithObject: true });
			expect(readDimensions(file)).toEqual({ width: info.width, height: info.height });
		},
	);

	it('of a damaged or cut file is unknown or wrong, but never an exception', async () => {
		const image = sharp({ create: { width: 64, height: 48, channels: 3, background: '#345' } });
		const files = await Promise.all([
			image.clone().png().toBuffer(),
			image.clone().jpeg().withMetadata({ orientation: 6 }).toBuffer(),
			image.clone().webp().toBuffer(),
		]);
		fc.assert(
			fc.property(
				fc.constantFrom(...files),
				fc.nat(2000),
				fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 8 }),
				(file, length, changes) => {
					const damaged = Buffer.from(file.subarray(0, length));
					for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
					const size = readDimensions(damaged);
					if (size) expect(Math.min(size.width, size.height)).toBeGreaterThan(0);
				},
			),
			{ numRuns: 3000 },
		);
	});
});
