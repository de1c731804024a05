import fc from 'fast-check';
import sharp from 'sharp';
import { drawPlaceholder } from '../../nodes/GptImage/placeholder/draw';
import { nextTurn } from '../node';

async function decode(png: Buffer) {
	const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
	const pixel = (x: number, y: number) =>
		[...data.subarray((y * info.width + x) * info.channels).subarray(0, 3)].join();
	return { ...info, data, pixel };
}

const [INK, PANEL] = ['255,255,255', '24,24,28'];

/** Reads what stands on the panel, dot by dot: what is drawn larger is the same. */
async function read(png: Buffer): Promise<string[]> {
	const { width, height, pixel } = await decode(png);
	const isPanel = (x: number, y: number) => [INK, PANEL].includes(pixel(x, y));
	const [middle, centre] = [height >> 1, width >> 1];
	const columns = Array.from({ length: width }, (_, x) => x).filter((x) => isPanel(x, middle));
	const rows = Array.from({ length: height }, (_, y) => y).filter((y) => isPanel(centre, y));
	const [left = 0, top = 0] = [columns[0], rows[0]];
	const scale = rows.length / 25;
	return Array.from({ length: 25 }, (_, row) =>
		Array.from({ length: columns.length / scale }, (__, column) =>
			pixel(left + Math.floor((column + 0.5) * scale), top + Math.floor((row + 0.5) * scale)) ===
			INK
				? '#'
				: ' ',
		)
			.join('')
			.trimEnd(),
	).filter((line) => line !== '');
}

const WORD = [
	'           ##                     #            ##       #',
	'            #                     #             #       #',
	'    ####    #    ###   ###   ###  # ##   ###    #    ## #  ###  # ##',
	'    #   #   #       # #     #   # ##  # #   #   #   #  ## #   # ##  #',
	'    ####    #    #### #     ##### #   # #   #   #   #   # ##### #',
	'    #       #   #   # #   # #     #   # #   #   #   #   # #     #',
	'    #      ###   ####  ###   ###  #   #  ###   ###   ####  ###  #',
];

describe('a placeholder', () => {
	it.each([
		[1024, 1024],
		[1536, 1024],
		[160, 80],
	])('of %ix%i has the word and its size on it, as large as they fit', async (width, height) => {
		const lines = await read(await drawPlaceholder(width, height, 'A red fox'));
		expect(lines.slice(0, 7)).toEqual(WORD);
		expect(lines.slice(7)).toHaveLength(7);
	});

	it('tells every digit', async () => {
		const seen = new Map<string, string>();
		for (const [width, height] of [
			[1024, 1024],
			[1536, 789],
			[1792, 1024],
		] as const) {
			const lines = (await read(await drawPlaceholder(width, height, ''))).slice(7);
			const text = `${width}x${height}`;
			// The line stands in the middle of 73 dots.
			const left = Math.floor((73 - (text.length * 6 - 1)) / 2);
			[...text].forEach((digit, index) => {
				const at = left + index * 6;
				const shape = lines.map((line) => line.padEnd(80).slice(at, at + 5)).join('\n');
				expect(seen.get(digit) ?? shape).toBe(shape);
				seen.set(digit, shape);
			});
		}
		expect([...seen.keys()].sort().join('')).toBe('0123456789x');
		expect(new Set(seen.values()).size).toBe(11);
	});

	it('is a PNG of its size, of any size, in four colours at most beside the text', async () => {
		const edge = fc.integer({ min: 1, max: 400 });
		await fc.assert(
			fc.asyncProperty(edge, edge, fc.string(), async (width, height, prompt) => {
				const png = await drawPlaceholder(width, height, prompt);
				const { data, channels, ...info } = await decode(png);
				expect(info).toMatchObject({ width, height });
				expect(channels).toBe(3);
				const colours = new Set<number>();
				for (let at = 0; at < data.length; at += 3) colours.add(data.readUIntBE(at, 3));
				for (const colour of [0xffffff, 0x18181c]) colours.delete(colour);
				expect(colours.size).toBeGreaterThan(0);
				expect(colours.size).toBeLessThanOrEqual(4);
				expect(png).toEqual(await drawPlaceholder(width, height, prompt));
			}),
			{ numRuns: 60 },
		);
	});

	it('looks different for each prompt', async () => {
		const prompts = Array.from({ length: 50 }, (_, index) => `A fox ${index}`);
		const all = await Promise.all(prompts.map(async (one) => await drawPlaceholder(64, 64, one)));
		expect(new Set(all.map((png) => png.toString('base64'))).size).toBe(50);
	});

	it('lets n8n do other things while it draws a large one', async () => {
		let turns = 0;
		let isDrawn = false;
		const drawn = drawPlaceholder(3840, 2160, 'A fox').finally(() => (isDrawn = true));
		while (!isDrawn) {
			turns += 1;
			await nextTurn();
		}
		// 48 pieces of half a megabyte, and the loop goes round at least once for each.
		expect(turns).toBeGreaterThanOrEqual(48);
		const { width, height } = await sharp(await drawn).metadata();
		expect([width, height]).toEqual([3840, 2160]);
	});
});
