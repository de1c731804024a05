import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';
import { PRICES_DATE } from '../../nodes/GptImage/models/prices';
import { readBinary, storedFiles, useBinaryMode } from '../harness';
import { gate, until } from '../support/events';
import { imagesFrom, maskFrom, modelById } from '../support/parameters';
import { maskPicture, picture, sha256, storeFiles } from '../support/pictures';
import { useSimulator } from '../support/simulator';
import { named } from '../support/fileNames';

const simulator = useSimulator();

beforeEach(async () => await useBinaryMode('filesystem'));

/** The bytes behind a binary field of each item. */
async function bytesOf(items: INodeExecutionData[], field = 'data'): Promise<Buffer[]> {
	return await Promise.all(
		items.map(async ({ binary }) => {
			const file = binary?.[field];
			if (!file) throw new Error(`An item has no binary field "${field}"`);
			return await readBinary(file);
		}),
	);
}

const hashesOf = async (items: INodeExecutionData[], field?: string) =>
	(await bytesOf(items, field)).map(sha256);
const drawn = () => simulator.api.images.map((image) => image.sha256);

/** The facts that differ from run to run. */
const unforeseen = (index = 0) => ({
	created: expect.any(Number),
	durationMs: expect.any(Number),
	requestId: simulator.api.requests[index]?.requestId,
	bytes: simulator.api.images[index]?.bytes?.length,
});

/** The binary data of an image that was drawn, in n8n's file system. */
const fileOf = (fileName: unknown, mimeType: string, index = 0) => ({
	fileName,
	mimeType,
	fileType: 'image',
	fileExtension: mimeType.split('/').at(-1),
	fileSize: expect.stringMatching(/ (kB|MB)$/),
	bytes: simulator.api.images[index]?.bytes?.length,
	data: 'filesystem-v2',
	id: expect.stringMatching(/^filesystem-v2:/),
});

const usage = (text: number, image: number, output: number) => ({
	input_tokens: text + image,
	input_tokens_details: { image_tokens: image, text_tokens: text },
	output_tokens: output,
	output_tokens_details: { image_tokens: output, text_tokens: 0 },
	total_tokens: text + image + output,
});

describe('the item of an image', () => {
	it('of Generate says what was made, and holds it as binary data', async () => {
		const { items } = await simulator.run({ parameters: { prompt: 'A red fox' } });
		expect(items).toEqual([
			{
				json: {
					operation: 'generate',
					model: 'gpt-image-2',
					size: '1024x1024',
					quality: 'medium',
					background: 'opaque',
					format: 'png',
					index: 0,
					usage: usage(3, 0, 1756),
					cost: 0.052695,
					costBasis: `OpenAI prices of ${PRICES_DATE}`,
					imagesInRequest: 1,
					prompt: 'A red fox',
					fileName: named('a-red-fox'),
					mimeType: 'image/png',
					binaryPropertyName: 'data',
					...unforeseen(),
				},
				binary: { data: fileOf(named('a-red-fox'), 'image/png') },
				pairedItem: { item: 0 },
			},
		]);
		expect(await hashesOf(items)).toEqual(drawn());
		const [bytes] = await bytesOf(items);
		const { format, width, height } = await sharp(bytes).metadata();
		expect({ format, width, height }).toEqual({ format: 'png', width: 1024, height: 1024 });
	});

	it('of Edit says what was made, and holds it as binary data', async () => {
		const binary = await storeFiles({
			photo: await picture('jpeg', { width: 128, height: 64 }),
			hole: await maskPicture({ width: 128, height: 64 }),
		});
		const { items } = await simulator.run({
			parameters: {
				operation: 'edit',
				model: modelById('gpt-image-2.5-flare'),
				prompt: 'Add a hat',
				images: imagesFrom('photo'),
				size: '1536x1024',
				quality: 'low',
				options: {
					outputFormat: 'webp',
					binaryPropertyName: 'picture',
					fileName: 'hat',
					mask: maskFrom('hole'),
				},
			},
			items: [{ json: { id: 7 }, binary }],
		});
		expect(items).toEqual([
			{
				json: {
					operation: 'edit',
					model: 'gpt-image-2.5-flare',
					size: '1536x1024',
					quality: 'low',
					background: 'opaque',
					format: 'webp',
					index: 0,
					usage: usage(3, 16, 158),
					cost: 0.004883,
					costBasis: `OpenAI prices of ${PRICES_DATE}`,
					imagesInRequest: 1,
					prompt: 'Add a hat',
					fileName: 'hat.webp',
					mimeType: 'image/webp',
					binaryPropertyName: 'picture',
					...unforeseen(),
				},
				binary: { picture: fileOf('hat.webp', 'image/webp') },
				pairedItem: { item: 0 },
			},
		]);
		expect(await hashesOf(items, 'picture')).toEqual(drawn());
	});

	it('is one of several when several were asked for', async () => {
		const { items } = await simulator.run({
			parameters: { prompt: 'Three foxes', n: 3 },
			items: [{ json: {} }, { json: {} }],
		});
		const seen = items.map(({ json, binary, pairedItem }) => [
			json.index,
			json.imagesInRequest,
			binary?.data?.fileName,
			pairedItem,
		]);
		const three = (item: number) =>
			[0, 1, 2].map((index) => [index, 3, named('three-foxes', `_${index + 1}.png`), { item }]);
		expect(seen).toEqual([...three(0), ...three(1)]);
		expect((await hashesOf(items)).sort()).toEqual(drawn().sort());
		expect(new Set(drawn()).size).toBe(3);
	});

	it('is counted on over the requests of its input item', async () => {
		const { items } = await simulator.run({
			parameters: { prompt: 'Five foxes', n: 5, options: { imagesPerRequest: 2 } },
		});
		const seen = items.map(({ json }) => [json.index, json.imagesInRequest, json.fileName]);
		expect(seen).toEqual([
			[0, 2, named('five-foxes', '_1.png')],
			[1, 2, named('five-foxes', '_2.png')],
			[2, 2, named('five-foxes', '_3.png')],
			[3, 2, named('five-foxes', '_4.png')],
			[4, 1, named('five-foxes', '_5.png')],
		]);
	});

	it('tells of the retries it took', async () => {
		simulator.api.misbehave(
			{ code: 'server_error', retryAfterMs: 1 },
			{ code: 'rate_limit_exceeded', retryAfterMs: 1 },
		);
		const { items } = await simulator.run({ parameters: { prompt: 'A fox' } });
		expect(items.map(({ json }) => json.retries)).toEqual([
			{
				count: 2,
				waitedMs: expect.any(Number),
				reasons: ['500 server_error', '429 rate_limit_exceeded'],
			},
		]);
	});
});

describe('the order of the items', () => {
	it.each(['generate', 'edit'])(
		'of %s is that of the input, whoever is first',
		async (operation) => {
			const data = await picture('png');
			const input = await Promise.all(
				Array.from({ length: 12 }, async (_, index) => ({
					json: { prompt: `Fox number ${index}` },
					binary: await storeFiles({ data }),
				})),
			);
			// The first to come is the last to be answered.
			const gates = input.map(gate);
			simulator.api.misbehave(...gates.map(({ opened }) => ({ until: opened })));
			const running = simulator.run({
				parameters: {
					operation,
					prompt: '={{ $json.prompt }}',
					options: { requestsInParallel: 12, includeOtherFields: true },
				},
				items: input,
			});
			await until(() => simulator.api.stats().running === 12);
			for (const [index, { open }] of gates.reverse().entries()) {
				open();
				await until(() => simulator.api.images.length === index + 1);
			}
			const { items } = await running;
			const answered = simulator.api.images.map(({ prompt }) => prompt);
			const prompts = input.map(({ json }) => json.prompt);
			expect(answered).not.toEqual(prompts);
			expect(items.map(({ json }) => json.prompt)).toEqual(prompts);
			expect(items.map(({ pairedItem }) => pairedItem)).toEqual(input.map((_, item) => ({ item })));
			const wanted = prompts.map(
				(text) => simulator.api.images.find(({ prompt }) => prompt === text)?.sha256,
			);
			expect(await hashesOf(items)).toEqual(wanted);
			expect(new Set(wanted).size).toBe(12);
		},
	);
});

describe('the fields of the input', () => {
	const input = { id: 7, deep: { list: [1, null] }, model: 'mine', error: 'of another node' };
	const run = async (includeOtherFields: boolean) => {
		const { items } = await simulator.run({
			parameters: { prompt: 'A fox', options: { includeOtherFields } },
			items: [{ json: input }],
		});
		return items.map(({ json }) => json);
	};

	it('are left behind', async () => {
		expect(await run(false)).toEqual([expect.not.objectContaining({ id: 7 })]);
	});

	it('are passed on, those of the image coming first, and never an error', async () => {
		const [json] = await run(true);
		expect(json).toMatchObject({ id: 7, deep: { list: [1, null] }, model: 'gpt-image-2' });
		expect(json).not.toHaveProperty('error');
	});

	it('are the same objects afterwards', async () => {
		const before = JSON.stringify(input);
		await run(true);
		expect(JSON.stringify(input)).toBe(before);
	});
});

describe('the type of an image', () => {
	const noise = useSimulator({ draw: 'noise', imageBytes: 6000 });

	it('is told by its bytes, whatever the answer claims', async () => {
		const { items } = await noise.run({
			parameters: { prompt: 'A fox', options: { outputFormat: 'jpeg', fileName: 'fox.jpg' } },
		});
		expect(items).toMatchObject([
			{
				json: { format: 'png', mimeType: 'image/png', fileName: 'fox.png' },
				binary: { data: { mimeType: 'image/png', fileName: 'fox.png', fileExtension: 'png' } },
			},
		]);
	});

	it.each([
		['png', 'image/png', 'png'],
		['jpeg', 'image/jpeg', 'jpg'],
		['webp', 'image/webp', 'webp'],
	])('of a %s is %s', async (outputFormat, mimeType, extension) => {
		const { items } = await simulator.run({
			parameters: { prompt: 'A fox', options: { outputFormat } },
		});
		const fileName = named('a-fox', `.${extension}`);
		expect(items).toMatchObject([
			{
				json: { format: outputFormat, mimeType, fileName },
				binary: { data: { mimeType, fileName } },
			},
		]);
		const [bytes] = await bytesOf(items);
		expect((await sharp(bytes).metadata()).format).toBe(outputFormat);
	});
});

describe('what stays in the binary store', () => {
	const run = async (parameters: INodeParameters) => {
		const before = await storedFiles();
		const { items } = await simulator.run({
			parameters: { prompt: 'A fox', ...parameters },
			items: [{ json: {} }, { json: {} }],
			node: { onError: 'continueRegularOutput' },
		});
		const added = (await storedFiles()).filter((file) => !before.includes(file));
		return { added, kept: items.filter(({ binary }) => binary) };
	};

	it.each([
		['one image each', {}, 2],
		['three images each', { n: 3 }, 6],
		['previews on the way', { options: { keepAlive: true } }, 2],
	])('are the images and nothing else: %s', async (_, parameters, count) => {
		const { added, kept } = await run(parameters);
		expect(kept).toHaveLength(count);
		expect(added).toHaveLength(count);
	});

	it.each([
		['is cut off', { truncateAfterBytes: 20_000 }],
		['breaks', { resetAfterBytes: 20_000 }],
		['is damaged', { garbage: 'badBase64' }],
		['is no picture', { garbage: 'wrongMagic' }],
	] as const)('is nothing of an image that %s', async (_, fault) => {
		simulator.api.misbehave(fault);
		const { added, kept } = await run({ options: { requestsInParallel: 1 } });
		expect(kept).toHaveLength(1);
		expect(added).toHaveLength(1);
	});
});

describe('the JSON of an item', () => {
	it.each(['filesystem', 'memory'] as const)(
		'is small and without base64 in %s mode',
		async (mode) => {
			await useBinaryMode(mode);
			const binary = await storeFiles({ data: await picture('png') });
			const { items } = await simulator.run({
				parameters: {
					operation: 'edit',
					prompt: 'A fox',
					n: 2,
					options: { includeOtherFields: true },
				},
				items: [{ json: { id: 7 }, binary }],
			});
			expect(await hashesOf(items)).toEqual(drawn());
			const texts = items.map(({ json }) => JSON.stringify(json));
			expect(texts.map((text) => text.length < 1000)).toEqual([true, true]);
			const heads = simulator.api.images.map(
				(image) => image.bytes?.toString('base64', 0, 24) ?? '',
			);
			for (const head of heads) expect(texts.join()).not.toContain(head);
		},
	);
});
