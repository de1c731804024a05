import type { INodeParameters } from 'n8n-workflow';
import { batchesOf, firstId, prompts } from '../../support/batchNode';
import { filesOf } from '../../support/batches';
import { until } from '../../support/events';
import { pictureFile } from '../../support/madePictures';
import { imagesFrom, maskOf } from '../../support/parameters';
import { maskPicture, picture, sha256, storeFiles } from '../../support/pictures';
import { useSimulator } from '../../support/simulator';
import { STOPPED } from '../../support/words';

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

	it.each<[string, INodeParameters]>([
		['Partial Images or Keep Connection Alive', { options: { partialImages: 2 } }],
		['Keep Consistent Across Items', { options: { consistency: 'first' } }],
		['Include Input Binary Data', { options: { includeInputBinary: true } }],
		['Placeholder in Manual Runs', { options: { placeholder: true } }],
	])('refuses %s', async (option, parameters) => {
		// Chosen from the list, Batch hides them.
		await expect(submit({ ...parameters, delivery: '={{ "batch" }}' })).rejects.toMatchObject({
			message: `${option} does not go with Delivery Batch [item 1]`,
			description: expect.stringMatching(/Remove the option, or set Delivery to Now\.$/),
		});
		expect(simulator.api.requests).toEqual([]);
	});

	it('refuses Markup', async () => {
		const binary = await storeFiles({ data: await picture('png'), drawn: await maskPicture() });
		const run = submit(
			{
				operation: 'edit',
				model: { mode: 'id', value: 'gpt-image-2.6-flare' },
				images: imagesFrom('data'),
				options: { markupBinaryPropertyName: 'drawn' },
			},
			{ items: [{ json: { prompt: 'a fox' }, binary }] },
		);
		await expect(run).rejects.toThrow('Markup does not go with Delivery Batch');
		expect(simulator.api.requests).toEqual([]);
	});

	it('refuses Keep the Rest Unchanged', async () => {
		const bytes = await pictureFile('png', { width: 1024, height: 1024 });
		const photo = { bytes, fileName: 'photo.png', mimeType: 'image/png' };
		const run = submit(
			{
				operation: 'edit',
				images: imagesFrom('data'),
				options: { mask: { set: { ...maskOf({}).set, keepRest: true } } },
			},
			{ items: [{ json: { prompt: 'a fox' }, binary: await storeFiles({ data: photo }) }] },
		);
		await expect(run).rejects.toThrow('Keep the Rest Unchanged does not go with Delivery Batch');
		expect(simulator.api.requests).toEqual([]);
	});

	it('checks all items before anything is sent', async () => {
		const items = [...prompts(2), { json: { prompt: '' } }];
		await expect(submit({}, { items })).rejects.toThrow(/^Prompt .* \[item 3\]$/);
		expect(simulator.api.requests).toEqual([]);
	});

	it('submits the other items when the node continues on errors', async () => {
		const { items } = await submit(
			{},
			{
				items: [...prompts(2), { json: { prompt: '' } }],
				node: { onError: 'continueRegularOutput' },
			},
		);
		expect(items).toMatchObject([
			{ json: { requests: 2 }, pairedItem: [{ item: 0 }, { item: 1 }] },
			{
				json: { error: expect.stringMatching(/^Prompt .* \[item 3\]$/) },
				pairedItem: { item: 2 },
			},
		]);
	});

	it('keeps a budget at half the price', async () => {
		const { items } = await submit({ options: { maxCost: 0.006 } });
		expect(items).toMatchObject([
			{ json: { requests: 2, estimatedCost: 0.005896 } },
			{
				json: { details: { code: 'budget_reached', spent: 0.005896, limit: 0.006 } },
				pairedItem: { item: 2 },
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

	it('leaves nothing behind when the batch is refused', async () => {
		simulator.api.misbehave({ on: 'batches.create', status: 400 });
		const binary = await storeFiles({ data: await picture('png') });
		const items = prompts(2).map((item) => ({ ...item, binary }));
		await expect(submit({ operation: 'edit' }, { items })).rejects.toMatchObject({
			context: { data: { kind: 'api', status: 400 } },
		});
		expect((await filesOf(simulator.api)).own).toEqual([]);
		expect(simulator.api.stats().filesDeleted).toBe(3);
	});

	it('says which other batches were submitted when one is refused', async () => {
		simulator.api.misbehave({ on: 'batches.create' }, { on: 'batches.create', status: 400 });
		const end: unknown = await submit({ options: { requestsPerBatch: 1 } }).catch(
			(error: unknown) => error,
		);
		const [first, third] = (await simulator.api.batches.all()).map(({ id }) => id).reverse();
		expect(end).toMatchObject({
			context: { itemIndex: 1, data: { status: 400 } },
			description: expect.stringContaining(`${first}, ${third}`),
		});
	});

	it('hands on what was submitted beside what was refused when the node continues on errors', async () => {
		simulator.api.misbehave({ on: 'batches.create', status: 400 });
		const { items } = await submit(
			{ options: { requestsPerBatch: 2 } },
			{ node: { onError: 'continueRegularOutput' } },
		);
		expect(items).toMatchObject([
			{ json: { requests: 1, part: '2/2' }, pairedItem: [{ item: 2 }] },
			{ json: { details: { status: 400 } }, pairedItem: { item: 0 } },
			{ json: { details: { status: 400 } }, pairedItem: { item: 1 } },
		]);
	});

	it('does not submit what nobody can estimate, within a budget', async () => {
		const model = { mode: 'id', value: 'gpt-image-2.6-flare' };
		const { items } = await submit(
			{ model, options: { maxCost: 1 } },
			{ node: { onError: 'continueRegularOutput' } },
		);
		expect(items.map(({ json }) => json.details)).toMatchObject(
			Array(3).fill({ code: 'budget_reached', spent: 0, limit: 1 }),
		);
		expect(simulator.api.stats().batchesCreated).toBe(0);
	});

	it('is an error when the budget is too small for the first item', async () => {
		await expect(submit({ options: { maxCost: 0.001 } })).rejects.toMatchObject({
			context: { itemIndex: 0, data: { kind: 'budget', estimatedCost: 0.002948, limit: 0.001 } },
		});
	});

	it('ends with the execution', async () => {
		simulator.api.misbehave({ on: 'files.create', until: new Promise(() => {}) });
		const stop = new AbortController();
		const submitting = submit({}, { signal: stop.signal });
		const ended = expect(submitting).rejects.toThrow(STOPPED);
		await until(() => simulator.api.requests.some(({ method }) => method === 'POST'));
		stop.abort();
		await ended;
		expect((await filesOf(simulator.api)).own).toEqual([]);
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
});
