import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import fc from 'fast-check';
import { MODEL_FAMILIES } from '../../nodes/GptImage/models/catalogue';
import { outputTokens } from '../../nodes/GptImage/cost/outputTokens';
import { onDay } from '../support/date';
import { maskFrom, modelById } from '../support/parameters';
import { maskPicture, picture, storeFiles } from '../support/pictures';
import { useSimulator } from '../support/simulator';

onDay('2026-11-22');
const simulator = useSimulator({ draw: 'noise', imageBytes: 30_000 });

const run = async (
	parameters: INodeParameters,
	options: INodeParameters,
	items: INodeExecutionData[] = [{ json: {} }],
) => await simulator.run({ parameters: { prompt: 'A red fox', ...parameters, options }, items });
const estimateOnly = true;

/** Output tokens OpenAI prints, or its calculator gives: square, portrait, landscape, 2560x1440, 3840x2160. */
const PRINTED: Array<[string, string, number[]]> = [
	['gpt-image-2', 'low', [196, 158, 158, 205, 371]],
	['gpt-image-2', 'medium', [1756, 1372, 1372, 1843, 3336]],
	['gpt-image-2', 'high', [7024, 5488, 5488, 7370, 13342]],
	['gpt-image-2.5-flare', 'low', [196, 158, 158, 205, 371]],
	['gpt-image-2.5-flare', 'medium', [439, 343, 343, 478, 865]],
	['gpt-image-2.5-sunburst', 'high', [1756, 1372, 1372, 1843, 3336]],
	['gpt-image-2.5-sunburst', 'xhigh', [3122, 2459, 2459, 3276, 5930]],
	['gpt-image-2.5-sunburst', 'max', [7024, 5488, 5488, 7370, 13342]],
	['gpt-image-1.5', 'low', [272, 408, 400]],
	['gpt-image-1.5', 'medium', [1056, 1584, 1568]],
	['gpt-image-1-mini', 'high', [4160, 6240, 6208]],
];
const SIZES = ['1024x1024', '1024x1536', '1536x1024', '2560x1440', '3840x2160'];
const rows = PRINTED.flatMap(([model, quality, tokens]) =>
	tokens.map((count, index): [string, string, string, number] => [
		model,
		SIZES[index] ?? '',
		quality,
		count,
	]),
);
const figuresOf = (model: string) =>
	MODEL_FAMILIES.find(({ id }) => id === model)?.outputTokens ?? { base: {} };

describe('the estimate', () => {
	it.each(rows)('of an image of %s, %s, %s counts %i tokens', (model, size, quality, count) => {
		expect(outputTokens(figuresOf(model), quality, size)).toBe(count);
	});

	it.each([
		['Quality Auto as High', undefined, '1024x1024', 7024],
		['Size Auto as the dearest of the standard sizes', 'medium', undefined, 1756],
	])('counts %s', (_, quality, size, count) => {
		expect(outputTokens(figuresOf('gpt-image-2'), quality, size)).toBe(count);
	});

	it.each([
		['a quality', 'extreme', '1024x1024'],
		['a size', 'low', '640x480'],
	])('of %s nobody has published is none', (_, quality, size) => {
		expect(outputTokens(figuresOf('gpt-image-1.5'), quality, size)).toBeUndefined();
	});

	it('is never less than the cost, and more only by the text, whatever the prompt', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.string({ minLength: 1, maxLength: 400, unit: 'grapheme' }),
				fc.constantFrom('low', 'medium', 'high'),
				fc.constantFrom('1024x1024', '1536x1024', '1088x1360'),
				fc.integer({ min: 1, max: 3 }),
				async (text, quality, size, n) => {
					const parameters = { prompt: `A ${text}`, quality, size, n };
					const [estimate] = (await run(parameters, { estimateOnly })).items;
					const { items } = await run(parameters, {});
					const cost = items.reduce((dollars, { json }) => dollars + Number(json.cost), 0);
					const estimated = Number(estimate?.json.estimatedCost);
					expect(estimated).toBeGreaterThanOrEqual(cost - 0.000002);
					expect(estimated - cost).toBeLessThan((Buffer.byteLength(text) + 10) * 0.000005);
				},
			),
			{ numRuns: 25 },
		);
	});
});

describe('Estimate Only', () => {
	it('of Generate tells cost, tokens and the request, and sends nothing', async () => {
		const parameters = { quality: 'high', size: '1536x1024', n: 12 };
		const { items } = await run(parameters, {
			estimateOnly,
			imagesPerRequest: 10,
			outputFormat: 'webp',
			style: 'Flat vector art',
		});
		expect(items).toEqual([
			{
				json: {
					operation: 'generate',
					model: 'gpt-image-2',
					size: '1536x1024',
					quality: 'high',
					images: 12,
					requests: 2,
					estimatedCost: 1.97577,
					estimatedCostInBatch: 0.987885,
					estimateBasis: "OpenAI's published figures, OpenAI prices of 2026-11-22",
					estimatedTokens: { textInput: 18, imageInput: 0, imageOutput: 65856 },
					request: {
						method: 'POST',
						path: '/images/generations',
						body: {
							model: 'gpt-image-2',
							prompt: 'A red fox\n\nFlat vector art',
							size: '1536x1024',
							quality: 'high',
							output_format: 'webp',
							n: 10,
						},
					},
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(simulator.api.requests).toEqual([]);
	});

	it('of Edit names the files without their bytes', async () => {
		const photo = await picture('jpeg', { width: 64, height: 64 });
		const hole = await maskPicture({ width: 64, height: 64 });
		const binary = await storeFiles({ photo, hole });
		const { items } = await run(
			{
				operation: 'edit',
				images: {
					image: [
						{ source: 'binary', binaryPropertyName: 'photo' },
						{ source: 'url', url: 'https://example.com/a.png' },
					],
				},
				size: '1024x1024',
				quality: 'low',
			},
			{ estimateOnly, mask: maskFrom('hole') },
			[{ json: {}, binary }],
		);
		// A picture behind a link counts as 1024x1024.
		expect(items[0]?.json).toMatchObject({
			estimatedTokens: { textInput: 3, imageInput: 1024 + 8, imageOutput: 196 },
			request: {
				path: '/images/edits',
				images: [
					{ fileName: 'photo.jpg', mimeType: 'image/jpeg', bytes: photo.bytes.length },
					{ image_url: 'https://example.com/a.png' },
				],
				mask: { fileName: 'photo.png', mimeType: 'image/png', bytes: hole.bytes.length },
			},
		});
		expect(items[0]?.binary).toBeUndefined();
	});

	it('makes all checks', async () => {
		await expect(run({ size: 'custom', width: 1000 }, { estimateOnly })).rejects.toThrow(
			/^Size 1000x1024 is not a multiple of 16/,
		);
	});

	it.each([[1], ['yes'], ['={{ null }}'], ['={{ "TRUE" }}']])(
		'refuses %j instead of paying',
		async (value) => {
			await expect(run({}, { estimateOnly: value })).rejects.toThrow(/^Estimate Only is /);
			expect(simulator.api.requests).toEqual([]);
		},
	);

	it('passes the fields of the input on, but no error', async () => {
		const options = { estimateOnly, includeOtherFields: true };
		const { items } = await run({}, options, [{ json: { id: 7, error: 'old', model: 'x' } }]);
		expect(items[0]?.json).toMatchObject({ id: 7, model: 'gpt-image-2' });
		expect(items[0]?.json).not.toHaveProperty('error');
	});

	it('names the model that takes the place of one that was shut down', async () => {
		const options = { estimateOnly, fallbackModel: 'gpt-image-2' };
		const { items } = await run({ model: modelById('dall-e-3') }, options);
		expect(items[0]?.json).toMatchObject({
			model: 'gpt-image-2',
			fallbackFor: 'dall-e-3',
			warning: expect.stringContaining('dall-e-3 was shut down'),
		});
	});

	it('of an edit of all items belongs to them all', async () => {
		const binary = await storeFiles({ data: await picture('png') });
		const images = { image: [{ source: 'allItems', binaryPropertyName: 'data' }] };
		const { items } = await run({ operation: 'edit', images }, { estimateOnly }, [
			{ json: {}, binary },
			{ json: {}, binary },
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([[{ item: 0 }, { item: 1 }]]);
	});

	it('says so where OpenAI has published nothing', async () => {
		const { items } = await run({ model: modelById('gpt-image-2.6-flare') }, { estimateOnly });
		expect(items[0]?.json).not.toHaveProperty('estimatedCost');
		expect(items[0]?.json.estimateBasis).toMatch(/^none: OpenAI has published no figures/);
	});

	it('gives tokens but no cost for a model without prices', async () => {
		const usd = { textInput: 0, imageInput: 0, imageOutput: 10 };
		const prices = { prices: { usd } };
		const [priced] = (await run({ quality: 'low', size: '1024x1024' }, { estimateOnly, ...prices }))
			.items;
		expect(priced?.json).toMatchObject({
			estimatedCost: 0.00196,
			estimateBasis: "OpenAI's published figures, your prices",
		});
	});

	it('counts the references of a series', async () => {
		const { items } = await run(
			{ quality: 'low', size: '1024x1024' },
			{ estimateOnly, consistency: 'both' },
			[{ json: {} }, { json: {} }, { json: {} }],
		);
		expect(items.map(({ json }) => [json.references, json.estimatedTokens])).toEqual([
			[undefined, { textInput: 3, imageInput: 0, imageOutput: 196 }],
			[[{ item: 0 }], { textInput: 3, imageInput: 1024, imageOutput: 196 }],
			[[{ item: 0 }, { item: 1 }], { textInput: 3, imageInput: 2048, imageOutput: 196 }],
		]);
		expect(items[1]?.json.request).toMatchObject({
			path: '/images/edits',
			images: [{ image_url: 'the image of item 1' }],
		});
	});
});
