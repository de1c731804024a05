import fc from 'fast-check';
import sharp from 'sharp';
import { drawMask } from '../../nodes/GptImage/images/input/drawMask';
import { Areas, type Shape } from '../../nodes/GptImage/images/input/shapes';
import type { Dimensions } from '../../nodes/GptImage/images/scan/facts';
import { nextTurn } from '../node';
import { PictureScan } from '../../nodes/GptImage/images/scan/pictureScan';

const MAX_BYTES = 4 * 1024 * 1024;

async function draw(size: Dimensions, shapes: Shape[], isInverted = false): Promise<Buffer> {
	const mask = await drawMask(size, new Areas(size, shapes, isInverted), MAX_BYTES);
	if (!mask) throw new Error('The mask is too long');
	return mask;
}

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
					const mask = await alphaOf(await draw({ width, height }, shapes, isInverted));
					expect([mask.width, mask.height]).toEqual([width, height]);
					let wrong = 0;
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
							const alpha = isInside === isInverted ? 255 : 0;
							if (!isEdge && mask.at(x, y) !== alpha) wrong += 1;
						}
					}
					expect(wrong).toBe(0);
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
		const mask = await alphaOf(await draw({ width: 200, height: 100 }, [quarter]));
		expect([mask.at(99, 0), mask.at(100, 0), mask.at(199, 49), mask.at(199, 50)]).toEqual([
			255, 0, 0, 255,
		]);
	});

	it('stays far under 4 MB for the largest image', async () => {
		const circle: Shape = { kind: 'ellipse', unit: 'percent', x: 10, y: 10, width: 80, height: 80 };
		const mask = await draw({ width: 3840, height: 2160 }, [circle]);
		expect(mask.length).toBeLessThan(64 * 1024);
		const scan = new PictureScan('png');
		scan.write(mask);
		expect([scan.size, scan.problem()]).toEqual([{ width: 3840, height: 2160 }, undefined]);
	});

	const lines: Shape[] = Array.from({ length: 200 }, (_, at) => ({
		kind: 'ellipse',
		unit: 'percent',
		x: (at * 37) % 90,
		y: (at * 53) % 70,
		width: 3 + (at % 17),
		height: 5 + (at % 23),
	}));

	it('is given up when it grows longer than is of use', async () => {
		const size = { width: 1000, height: 750 };
		const areas = new Areas(size, lines, false);
		const whole = await drawMask(size, areas, MAX_BYTES);
		const bytes = whole?.length ?? 0;
		expect(bytes).toBeGreaterThan(1000);
		expect(await drawMask(size, areas, bytes)).toHaveLength(bytes);
		expect(await drawMask(size, areas, bytes - 1)).toBeUndefined();
	});

	it('lets n8n do other things between two pieces, and ends when it is stopped', async () => {
		const size = { width: 8000, height: 6000 };
		const stop = new AbortController();
		const areas = new Areas(size, lines, true);
		const rows = jest.spyOn(areas, 'spansAt');
		const drawing = drawMask(size, areas, 2 ** 31, stop.signal);
		await nextTurn();
		stop.abort(new Error('stopped'));
		await expect(drawing).rejects.toThrow('stopped');
		// The piece that was begun, and the one behind it, of 32 rows each.
		expect(rows.mock.calls.length).toBeLessThanOrEqual(64);
	});
});
