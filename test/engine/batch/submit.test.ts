import { batchesOf, firstId, prompts } from '../../support/batchNode';
import { filesOf } from '../../support/batches';
import { onDay } from '../../support/date';
import { maskPicture, picture, sha256, storeFiles } from '../../support/pictures';
import { TODAY, useSimulator } from '../../support/simulator';

onDay(TODAY);
const simulator = useSimulator();
const { submit, getImages } = batchesOf(simulator);

/** The lines of the input file of a batch, as they were uploaded. */
async function linesOf(batchId: unknown): Promise<unknown[]> {
	const batches = await simulator.api.batches.all();
	const batch = batches.find(({ id }) => id === batchId);
	const text = String(await simulator.api.files.read(batch?.input_file_id ?? ''));
	return text
		.trimEnd()
		.split('\n')
		.map((line): unknown => JSON.parse(line));
}

describe('Delivery Batch', () => {
	it('makes one batch of all items, and one item of it', async () => {
		const { items } = await submit({ options: { batchName: 'Autumn' } });
		const [batch] = await simulator.api.batches.all();
		expect(items).toEqual([
			{
				json: {
					batchId: batch?.id,
					name: 'Autumn',
					requests: 3,
					estimatedCost: 0.008844,
					expiresAt: new Date((batch?.expires_at ?? 0) * 1000).toISOString(),
					status: 'validating',
					model: 'gpt-image-2',
					endpoint: '/v1/images/generations',
					part: '1/1',
				},
				pairedItem: [{ item: 0 }, { item: 1 }, { item: 2 }],
			},
		]);
		expect(batch).toMatchObject({
			endpoint: '/v1/images/generations',
			metadata: {
				node: 'n8n-nodes-gpt-image',
				version: '1',
				name: 'Autumn',
				part: '1/1',
				workflow: 'engine',
			},
		});
		expect(await linesOf(batch?.id)).toEqual(
			[0, 1, 2].map((index) => ({
				custom_id: `item-${index}-image-0`,
				method: 'POST',
				url: '/v1/images/generations',
				body: {
					model: 'gpt-image-2',
					prompt: `picture ${index}`,
					size: '1024x1024',
					quality: 'low',
				},
			})),
		);
		expect(simulator.api.stats()).toMatchObject({ imageRequests: 0, filesUploaded: 2 });
	});

	it('makes one batch for each model, split by Requests per Batch', async () => {
		const models = ['gpt-image-2', 'gpt-image-1.5', 'gpt-image-2', 'gpt-image-2'];
		const { items } = await submit(
			{ model: { mode: 'id', value: '={{ $json.model }}' }, options: { requestsPerBatch: 2 } },
			{ items: models.map((model, index) => ({ json: { model, prompt: `picture ${index}` } })) },
		);
		expect(items.map(({ json, pairedItem }) => [json.model, json.part, pairedItem])).toEqual([
			['gpt-image-2', '1/3', [{ item: 0 }, { item: 2 }]],
			['gpt-image-1.5', '2/3', [{ item: 1 }]],
			['gpt-image-2', '3/3', [{ item: 3 }]],
		]);
	});

	it('asks for many images of an item in several requests', async () => {
		const { items } = await submit(
			{ imageOptions: { n: 5 }, options: { imagesPerRequest: 2 } },
			{ items: prompts(1) },
		);
		expect(await linesOf(firstId(items))).toMatchObject([
			{ custom_id: 'item-0-image-0', body: { n: 2 } },
			{ custom_id: 'item-0-image-2', body: { n: 2 } },
			{ custom_id: 'item-0-image-4', body: { model: 'gpt-image-2' } },
		]);
		await simulator.api.batches.finish();
		const { items: images } = await getImages(firstId(items));
		expect(images.map(({ json }) => json.index)).toEqual([0, 1, 2, 3, 4]);
	});

	it('uploads each picture once, a mask too, however many lines use it', async () => {
		const photo = await picture('png');
		const binary = await storeFiles({ data: photo, mask: await maskPicture() });
		const { items } = await submit(
			{
				operation: 'edit',
				mask: { source: 'binary', maskBinaryPropertyName: 'mask' },
			},
			{ items: prompts(3).map((item) => ({ ...item, binary })) },
		);
		const vision = simulator.api.requests.filter(
			({ method, path, fields }) =>
				method === 'POST' && path === '/v1/files' && fields?.purpose === 'vision',
		);
		expect(vision.map(({ files }) => files[0]?.sha256)).toContain(sha256(photo.bytes));
		const lines = await linesOf(firstId(items));
		expect(lines).toMatchObject([0, 1, 2].map(() => ({ url: '/v1/images/edits' })));
		const { own, unused, missing } = await filesOf(simulator.api);
		expect({ unused, missing }).toEqual({ unused: [], missing: [] });
		expect(own.filter(({ purpose }) => purpose === 'vision')).toHaveLength(vision.length);
		expect(vision.length).toBeLessThanOrEqual(2);
		for (const { fields } of vision) {
			expect(fields).toEqual({
				purpose: 'vision',
				'expires_after[anchor]': 'created_at',
				'expires_after[seconds]': '259200',
			});
		}
	});

	it('takes images by URL and File ID as they are', async () => {
		const { items } = await submit(
			{
				operation: 'edit',
				images: {
					image: [
						{ source: 'url', url: 'https://example.com/a.png' },
						{ source: 'fileId', fileId: 'file-AbC123' },
					],
				},
			},
			{ items: prompts(1) },
		);
		expect(await linesOf(firstId(items))).toMatchObject([
			{
				body: { images: [{ image_url: 'https://example.com/a.png' }, { file_id: 'file-AbC123' }] },
			},
		]);
	});

	it('estimates both prices, and sends nothing', async () => {
		const { items } = await submit({ options: { estimateOnly: true } }, { items: prompts(1) });
		expect(items[0]?.json).toMatchObject({
			estimatedCost: 0.002948,
			estimatedCostNow: 0.005895,
		});
		expect(simulator.api.requests).toEqual([]);
	});

	it('takes over a batch with the same requests that is not finished', async () => {
		const { items } = await submit();
		const again = await submit();
		expect(firstId(again.items)).toBe(firstId(items));
		expect(again.items[0]?.json.takenOver).toMatch(/^A batch with the same requests/);
		expect(again.hints).toHaveLength(1);
		expect(simulator.api.stats()).toMatchObject({ batchesCreated: 1, filesUploaded: 2 });
		await simulator.api.batches.finish();
		await submit();
		expect(simulator.api.stats().batchesCreated).toBe(2);
	});

	it('tells an agent what to do', async () => {
		const { items } = await submit({}, { node: { type: 'n8n-nodes-gpt-image.gptImageTool' } });
		expect(items[0]?.json).toEqual({
			result: 'A batch of 3 requests was submitted; no image is made yet.',
			batchId: expect.stringMatching(/^batch_/),
			costInUsd: 0.008844,
			next: expect.stringMatching(/^Tell the user that the images are ready by .* at the latest\./),
		});
	});

	it('goes to Azure as well', async () => {
		const credentials = {
			...simulator.credentials(),
			kind: 'azure',
			baseUrl: simulator.api.url.replace('/v1', '/openai/v1'),
		};
		const { items } = await submit({}, { credentials });
		await simulator.api.batches.finish();
		const { items: images } = await getImages(firstId(items), { credentials });
		expect(images).toHaveLength(3);
		expect(new Set(simulator.api.requests.map(({ path }) => path.split('/')[1]))).toEqual(
			new Set(['openai']),
		);
	});
	it('is made of all items where one edit takes the pictures of all', async () => {
		const items = await Promise.all(
			['red', 'blue'].map(async (colour) => ({
				json: { prompt: 'together' },
				binary: await storeFiles({ data: await picture('png', { colour }) }),
			})),
		);
		const images = { image: [{ source: 'allItems', binaryPropertyName: 'data' }] };
		const { items: made } = await submit({ operation: 'edit', images }, { items });
		expect(made).toMatchObject([{ json: { requests: 1 }, pairedItem: [{ item: 0 }, { item: 1 }] }]);
		const [line] = await linesOf(firstId(made));
		expect(line).toMatchObject({ body: { images: [{}, {}] } });
	});

	it('names files after the prompt without the style', async () => {
		const { items } = await submit(
			{ options: { style: 'flat vector art' } },
			{ items: prompts(1) },
		);
		expect(await linesOf(firstId(items))).toMatchObject([
			{ body: { prompt: expect.stringMatching(/^picture 0\s+flat vector art$/) } },
		]);
		await simulator.api.batches.finish();
		const { items: images } = await getImages(firstId(items));
		expect(images[0]?.binary?.data?.fileName).toMatch(/picture-0/);
		expect(images[0]?.binary?.data?.fileName).not.toMatch(/vector/);
	});
});
