import type { INode, INodeParameters } from 'n8n-workflow';
import { readBinary, runWorkflow } from '../harness';
import { onDay } from '../support/date';
import { withErrorOutput } from '../support/errorOutput';
import { picture, sha256, storeFiles } from '../support/pictures';
import { useSimulator } from '../support/simulator';
import { named } from '../support/fileNames';

onDay('2026-11-22');
const simulator = useSimulator();

const generate = async (options: INodeParameters, more: INodeParameters = {}) =>
	await simulator.run({
		parameters: { prompt: PROMPT, options, ...more },
		items: [
			{
				json: { chat: 7, error: 'from before', model: 'input' },
				binary: await storeFiles({ photo: await picture('png') }),
			},
		],
	});

const PROMPT = 'A fox: red/blue?';
const SLUG = 'a-fox-red-blue';

describe('All Images in One Item', () => {
	it('puts the images into numbered binary fields of one item', async () => {
		const { items } = await generate({ oneItem: true, outputFormat: 'webp' }, { n: 3 });
		expect(items).toHaveLength(1);
		const [item] = items;
		expect(Object.keys(item?.binary ?? {})).toEqual(['image_1', 'image_2', 'image_3']);
		for (const [index, drawn] of simulator.api.images.entries()) {
			const stored = item?.binary?.[`image_${index + 1}`];
			expect(stored && sha256(await readBinary(stored))).toBe(drawn.sha256);
		}
		expect(item?.pairedItem).toEqual({ item: 0 });
		expect(item?.json).toEqual({
			operation: 'generate',
			model: 'gpt-image-2',
			images: [1, 2, 3].map((number) => ({
				operation: 'generate',
				model: 'gpt-image-2',
				size: '1024x1024',
				quality: 'medium',
				background: 'opaque',
				format: 'webp',
				index: number - 1,
				created: expect.any(Number),
				usage: expect.any(Object),
				cost: expect.any(Number),
				costBasis: 'OpenAI prices of 2026-11-22',
				imagesInRequest: 3,
				requestId: simulator.api.requests[0]?.requestId,
				durationMs: expect.any(Number),
				prompt: PROMPT,
				fileName: named(SLUG, `_${number}.webp`),
				mimeType: 'image/webp',
				bytes: simulator.api.images[number - 1]?.bytes?.length,
				binaryPropertyName: `image_${number}`,
			})),
		});
	});

	it('takes the name of Output Data Field Name, across several requests', async () => {
		const options = { oneItem: true, binaryPropertyName: 'slide', imagesPerRequest: 1 };
		const { items } = await generate(options, { n: 2 });
		expect(Object.keys(items[0]?.binary ?? {})).toEqual(['slide_1', 'slide_2']);
	});
});

describe('the input item', () => {
	it('is dropped unless asked for', async () => {
		const { items } = await generate({});
		expect(Object.keys(items[0]?.binary ?? {})).toEqual(['data']);
		expect(items[0]?.json).not.toHaveProperty('chat');
	});

	it('is passed on, without ever marking the item as failed', async () => {
		const { items } = await generate({ includeOtherFields: true, includeInputBinary: true });
		expect(items[0]?.json).toMatchObject({ chat: 7, model: 'gpt-image-2' });
		expect(items[0]?.json).not.toHaveProperty('error');
		expect(Object.keys(items[0]?.binary ?? {})).toEqual(['photo', 'data']);
	});
});

describe('the input item of one that failed', () => {
	const failed = async (
		options: INodeParameters,
		node: Partial<INode>,
		more: INodeParameters = {},
	) => {
		const json = { chat: 7, error: 'from before', details: 'of mine' };
		return await simulator.run({
			parameters: { prompt: PROMPT, options, ...more },
			items: [{ json, binary: await storeFiles({ photo: await picture('png') }) }],
			node,
		});
	};
	const REFUSAL = { status: 400, body: { error: { message: 'No' } } };
	const both = { includeOtherFields: true, includeInputBinary: true };
	const regular = { onError: 'continueRegularOutput' } as const;
	const told = {
		error: expect.stringMatching(/./),
		details: expect.objectContaining({ description: expect.any(String) }),
	};

	it.each<[string, INodeParameters, INodeParameters?]>([
		['the API refuses it', {}],
		['a parameter is wrong', {}, { prompt: '' }],
		['an option is wrong', { timeout: -1 }],
	])('is passed on as for any other when %s', async (_, options, more = {}) => {
		simulator.api.misbehave(REFUSAL);
		const { items } = await failed({ ...both, ...options }, regular, more);
		expect(items).toEqual([
			{
				json: { chat: 7, ...told },
				binary: { photo: expect.objectContaining({ mimeType: 'image/png' }) },
				pairedItem: { item: 0 },
			},
		]);
	});

	it('is dropped unless asked for, and where the option itself is wrong', async () => {
		for (const options of [{}, { includeOtherFields: 'perhaps' }]) {
			simulator.api.misbehave(REFUSAL);
			const { items } = await failed(options, regular);
			expect(items).toEqual([{ json: told, pairedItem: { item: 0 } }]);
		}
	});

	it("is there once on n8n's error output, which merges its JSON but no files", async () => {
		simulator.api.misbehave(REFUSAL);
		const json = { chat: 7, error: 'from before' };
		const binary = await storeFiles({ photo: await picture('png') });
		const result = await runWorkflow(withErrorOutput({ prompt: PROMPT, options: both }), {
			credentials: simulator.credentials(),
			items: [{ json, binary }],
		});
		expect(result.items('GPT Image', 0)).toEqual([]);
		expect(result.items('GPT Image', 1)).toEqual([
			{ json: { chat: 7, ...told }, binary, pairedItem: { item: 0 } },
		]);
	});
});

describe('File Name', () => {
	it.each<[string, unknown[], INodeParameters?]>([
		['', [named(SLUG, '_1.png'), named(SLUG, '_2.png')]],
		['fox', ['fox_1.png', 'fox_2.png']],
		['fox.png', ['fox_1.png', 'fox_2.png']],
		['{prompt}', ['A fox- red-blue_1.png', 'A fox- red-blue_2.png']],
		['{index}-{model}', ['1-gpt-image-2.png', '2-gpt-image-2.png']],
		[
			'{date}_{size}',
			['2026-11-22_1536x1024_1.png', '2026-11-22_1536x1024_2.png'],
			{ size: '1536x1024' },
		],
		['{size}', ['1024x1024_1.png', '1024x1024_2.png']],
		['../../etc/{unknown}', ['etc-{unknown}_1.png', 'etc-{unknown}_2.png']],
	])('%j makes %j', async (fileName, names, more = {}) => {
		const { items } = await generate({ fileName }, { n: 2, ...more });
		expect(items.map(({ binary }) => binary?.data?.fileName)).toEqual(names);
		expect(items.map(({ json }) => json.fileName)).toEqual(names);
	});
});

describe('Partial Images', () => {
	it.each([0, 1, 2, 3])('asks for %i and passes on the image alone', async (partialImages) => {
		const { items } = await generate({ partialImages });
		expect(simulator.api.requests[0]?.json).toMatchObject({
			stream: true,
			partial_images: partialImages,
		});
		expect(Object.keys(items[0]?.binary ?? {})).toEqual(['data']);
	});

	it('are passed on in binary fields of their own when they are to be kept', async () => {
		const { items } = await generate({ partialImages: 2, keepPartialImages: true }, { n: 2 });
		expect(items).toHaveLength(2);
		for (const [index, { binary }] of items.entries()) {
			expect(Object.keys(binary ?? {})).toEqual(['data', 'data_partial_1', 'data_partial_2']);
			expect(binary?.data?.fileName).toEqual(named(SLUG, `_${index + 1}.png`));
			expect(binary?.data_partial_1?.fileName).toEqual(named(SLUG, `_${index + 1}_partial_1.png`));
		}
	});
});
