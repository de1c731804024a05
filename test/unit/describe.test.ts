import {
	describeImage,
	describeImages,
	type OutputDetail,
} from '../../nodes/GptImage/images/output/describe';
import { estimateSummaryOf, logLineOf, summaryOf } from '../../nodes/GptImage/images/output/hints';
import type { MadeImage } from '../../nodes/GptImage/images/output/items';
import { cheapestWays } from '../../nodes/GptImage/cost/cheapest';

const PNG = { name: 'png', mimeType: 'image/png', extension: 'png' } as const;

function made(more: Partial<MadeImage['facts']> = {}, fileName = 'a-fox-k3f9x2ab.png'): MadeImage {
	return {
		stored: {
			binary: { data: '', mimeType: 'image/png', fileName, bytes: 3000 },
			format: PNG,
			dimensions: { width: 1024, height: 1536 },
		},
		partials: [],
		index: 0,
		facts: {
			operation: 'generate',
			request: { model: 'gpt-image-2', prompt: 'A fox', quality: 'low' },
			answer: {
				size: '1024x1536',
				quality: 'low',
				usage: { input_tokens: 10, output_tokens: 301 },
			},
			requestId: 'req_1',
			durationMs: 12_345,
			retries: 1,
			retryReasons: ['500 server_error'],
			waitedMs: 500,
			cost: 0.00605,
			costBasis: 'your prices',
			imagesInRequest: 2,
			references: [],
			...more,
		},
	};
}

const keys = (image: MadeImage, detail?: OutputDetail) =>
	Object.keys(describeImage(image, 'data', detail));

describe('what an item says about its image', () => {
	it('is flat, short and in the order of interest when simplified', () => {
		expect(describeImage(made(), 'data')).toEqual({
			fileName: 'a-fox-k3f9x2ab.png',
			prompt: 'A fox',
			cost: 0.00605,
			model: 'gpt-image-2',
			size: '1024x1536',
			quality: 'low',
			format: 'png',
			inputTokens: 5,
			outputTokens: 151,
		});
		expect(keys(made())).toEqual([
			'fileName',
			'prompt',
			'cost',
			'model',
			'size',
			'quality',
			'format',
			'inputTokens',
			'outputTokens',
		]);
	});

	it('has what belongs to an option only with the option', () => {
		const link = { url: 'https://n8n.example.com/a', urlExpiresAt: '2026-11-25T00:00:00.000Z' };
		const file = { fileId: 'file-1', fileExpiresAt: '2026-11-25T00:00:00.000Z' };
		const image = { ...made({ fallbackFor: 'gpt-image-1' }), link, file };
		expect(keys(image).slice(9)).toEqual([
			...['fallbackFor', 'url', 'urlExpiresAt', 'fileId', 'fileExpiresAt'],
		]);
	});

	it('is all there is when raw, beginning alike', () => {
		const raw = describeImage(made(), 'photo', 'raw');
		expect(raw).toMatchObject({
			usage: { input_tokens: 10, output_tokens: 301 },
			retries: { count: 1, waitedMs: 500, reasons: ['500 server_error'] },
			requestId: 'req_1',
			binaryPropertyName: 'photo',
		});
		expect(Object.keys(raw).slice(0, 3)).toEqual(['fileName', 'prompt', 'cost']);
	});

	it('is what was selected, of both', () => {
		const chosen = describeImage(made(), 'data', ['cost', 'inputTokens', 'requestId', 'nothing']);
		expect(chosen).toEqual({ cost: 0.00605, inputTokens: 5, requestId: 'req_1' });
	});

	it('is summed up, and still flat, for several images in one item', () => {
		const images = [made(), made({}, 'b.png')].map((image, index) => ({
			image,
			field: `image_${index + 1}`,
		}));
		expect(describeImages(images)).toEqual({
			fileNames: 'a-fox-k3f9x2ab.png, b.png',
			imageCount: 2,
			prompt: 'A fox',
			cost: 0.0121,
			model: 'gpt-image-2',
			size: '1024x1536',
			quality: 'low',
			format: 'png',
			inputTokens: 10,
			outputTokens: 302,
		});
	});

	it('has no sum where one image has no figure', () => {
		const images = [made(), made({ cost: undefined })].map((image) => ({ image, field: 'a' }));
		expect(describeImages(images)).not.toHaveProperty('cost');
	});
});

describe('the line that sums a run up', () => {
	it.each([
		[[made()], 0, 4_100, '1 image, $0.00605, 4.1 s.'],
		[[made({ cost: 0.21 }), made({ cost: 0.21 })], 0, 61_000, '2 images, $0.42, 61 s.'],
		[
			[made({ cost: 0.21 }), made({ cost: undefined })],
			1,
			900,
			'2 images, at least $0.21, 0.9 s. 1 of 5 items failed.',
		],
		[[made({ cost: undefined })], 0, 900, '1 image, 0.9 s.'],
		[[], 5, 900, undefined],
	])('case %#', (images, failed, durationMs, line) => {
		expect(summaryOf({ images, items: 5, failed, durationMs })).toBe(line);
	});

	it('of an estimate names the sum at once and in a batch, and cheaper ways', () => {
		const totals = { items: 3, images: 5, size: '1024x1024', now: Date.UTC(2026, 10, 25) };
		expect(estimateSummaryOf({ ...totals, costs: [0.1, 0.1, 0.1] })).toBe(
			'3 items, 5 images: about $0.30, in a batch $0.15. Nothing was sent. Cheapest ways to 1024x1024: gpt-image-2.5-sunburst low $0.00588 ($0.00294 in a batch), gpt-image-2.5-flare low $0.00588 ($0.00294 in a batch), gpt-image-2 low $0.00588 ($0.00294 in a batch), gpt-image-2.5-sunburst medium $0.0132 ($0.00658 in a batch).',
		);
		expect(estimateSummaryOf({ ...totals, size: 'auto', costs: [0.1, undefined, 0.1] })).toMatch(
			/at least \$0\.20/,
		);
		expect(estimateSummaryOf({ ...totals, costs: [undefined] })).toMatch(/no figures/);
	});

	it('of one image goes into the log', () => {
		expect(logLineOf(made(), 3, 40)).toBe(
			'GPT Image: item 4 of 40: a-fox-k3f9x2ab.png, 1024x1536, gpt-image-2, $0.00605, 12 s',
		);
	});
});

describe('the cheapest ways to a size', () => {
	const now = Date.UTC(2026, 10, 25);

	it('are in order, at half the price in a batch, of models that stay', () => {
		const ways = cheapestWays('1024x1024', now, 50);
		const costs = ways.map(({ cost }) => cost);
		expect(costs).toEqual([...costs].sort((a, b) => a - b));
		expect(ways[0]).toMatchObject({ quality: 'low' });
		for (const { cost, batchCost } of ways) expect(batchCost).toBeCloseTo(cost / 2, 9);
		expect(ways.map(({ model }) => model)).not.toContain('gpt-image-1-mini');
	});

	it('leave out models that cannot make it', () => {
		const models = cheapestWays('2560x1440', now, 50).map(({ model }) => model);
		expect(new Set(models)).toEqual(
			new Set(['gpt-image-2', 'gpt-image-2.5-flare', 'gpt-image-2.5-sunburst']),
		);
	});
});
