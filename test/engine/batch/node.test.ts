import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { readBinary } from '../../harness';
import type { NodeRun } from '../../harness';
import { filesOf } from '../../support/batches';
import { pictureFile } from '../../support/madePictures';
import { imagesFrom, maskOf } from '../../support/parameters';
import { maskPicture, picture, sha256, storeFiles } from '../../support/pictures';
import { useSimulator } from '../../support/simulator';

const simulator = useSimulator();

const small = { size: '1024x1024', quality: 'low', prompt: '={{ $json.prompt }}' };

const prompts = (count: number, more: object = {}) =>
	Array.from({ length: count }, (_, index) => ({
		json: { sku: `A-${index}`, prompt: `picture ${index}`, ...more },
	}));

const submit = async (parameters: INodeParameters = {}, run: NodeRun = {}) =>
	await simulator.run({
		items: prompts(3),
		...run,
		parameters: { ...small, delivery: 'batch', ...parameters },
	});

const onBatch = async (operation: string, parameters: INodeParameters = {}, run: NodeRun = {}) =>
	await simulator.run({ ...run, parameters: { resource: 'batch', operation, ...parameters } });

const getImages = async (batchId: unknown, run: NodeRun = {}, more: INodeParameters = {}) =>
	await onBatch('getImages', { batchId: String(batchId), ...more }, run);

const firstId = ([first]: INodeExecutionData[]) => String(first?.json.batchId);

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

/** Two of the three requests are such that the API refuses the second. */
const oneRefused = {
	imageOptions: { moderation: '={{ $json.moderation }}' },
};
const refusedItems = [0, 1, 2].map((index) => ({
	json: { prompt: `picture ${index}`, moderation: index === 1 ? 'strict' : 'low' },
}));

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
	])('refuses %s', async (option, parameters) => {
		// Chosen from the list, Batch hides them.
		await expect(submit({ ...parameters, delivery: '={{ "batch" }}' })).rejects.toMatchObject({
			message: `${option} does not go with Delivery Batch [item 1]`,
			description: expect.stringMatching(/Remove the option, or set Delivery to Now\.$/),
		});
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
		await expect(submit({}, { items })).rejects.toThrow('Prompt is empty [item 3]');
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
			{ json: { error: 'Prompt is empty [item 3]' }, pairedItem: { item: 2 } },
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
		await expect(submit({ operation: 'edit' }, { items })).rejects.toThrow();
		expect((await filesOf(simulator.api)).own).toEqual([]);
		expect(simulator.api.stats().filesDeleted).toBe(3);
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

describe('Get Images', () => {
	it('gives the items as if they had been made at once', async () => {
		const outputOptions = {
			includeOtherFields: true,
			fileName: '{item}-{prompt}',
			simplify: false,
		};
		const { items } = await submit({ outputOptions });
		await simulator.api.batches.finish();
		const { items: images } = await getImages(firstId(items));
		const now = await simulator.run({
			items: prompts(3),
			parameters: { ...small, outputOptions },
		});
		const told = images.map(({ json: { batchId, ...json } }) => {
			expect(batchId).toBe(firstId(items));
			return { ...json, cost: undefined, costBasis: undefined, created: undefined };
		});
		const expected = now.items.map(({ json: { durationMs, ...json } }) => {
			expect(durationMs).toBeDefined();
			return { ...json, cost: undefined, costBasis: undefined, created: undefined };
		});
		const varying = { requestId: expect.any(String), bytes: expect.any(Number) };
		expect(told).toEqual(expected.map((json) => ({ ...json, ...varying })));
		expect(images.map(({ json }) => json.cost)).toEqual(Array(3).fill(0.002948));
		expect(images.map(({ json }) => json.sku)).toEqual(['A-0', 'A-1', 'A-2']);
		expect(images.map(({ pairedItem }) => pairedItem)).toEqual(Array(3).fill({ item: 0 }));
		const drawn = new Map(simulator.api.images.map((image) => [image.sha256, image.prompt]));
		for (const [index, { binary }] of images.entries()) {
			if (!binary?.data) throw new Error('There is no image');
			expect(drawn.get(sha256(await readBinary(binary.data)))).toBe(`picture ${index}`);
		}
	});

	it('puts failures behind the images', async () => {
		const { items } = await submit(oneRefused, { items: refusedItems });
		await simulator.api.batches.finish();
		const { items: out, hints } = await getImages(firstId(items));
		expect(
			out.map(({ json, binary }) => [json.index, json.error, Object.keys(binary ?? {})]),
		).toEqual([
			[0, undefined, ['data']],
			[0, undefined, ['data']],
			[undefined, expect.stringMatching(/ \[item-1-image-0\]$/), []],
		]);
		expect(out[2]?.json.details).toMatchObject({
			batchId: firstId(items),
			customId: 'item-1-image-0',
			item: 1,
			kind: 'api',
			status: 400,
			reason: expect.stringContaining("'strict'"),
		});
		expect(hints).toEqual([
			expect.objectContaining({ message: '1 of 3 requests of the batch have failed.' }),
		]);
	});

	it('puts failures at their place when the node continues on errors', async () => {
		const { items } = await submit(oneRefused, { items: refusedItems });
		await simulator.api.batches.finish();
		const { items: out } = await getImages(firstId(items), {
			node: { onError: 'continueRegularOutput' },
		});
		expect(out.map(({ json }) => json.error !== undefined)).toEqual([false, true, false]);
	});

	it('fails when nothing was made', async () => {
		const { items } = await submit(oneRefused, { items: refusedItems.slice(1, 2) });
		await simulator.api.batches.finish();
		await expect(getImages(firstId(items))).rejects.toThrow(/\[item-0-image-0\]$/);
	});

	it.each(['expire', 'cancel'])('hands on what was finished before: %s', async (end) => {
		const { items } = await submit();
		await simulator.api.batches.progress(2);
		if (end === 'expire') await simulator.api.batches.expire();
		else await onBatch('cancel', { batchId: firstId(items) });
		simulator.api.advance(20 * 60_000);
		const { items: out } = await getImages(firstId(items));
		expect(out.map(({ json }) => typeof json.error)).toEqual(['undefined', 'undefined', 'string']);
		expect(out[2]?.json.details).toMatchObject({ kind: 'unmade' });
	});

	it('says that a batch is not finished, or nothing', async () => {
		const { items } = await submit();
		await simulator.api.batches.progress(1);
		await expect(getImages(firstId(items))).rejects.toThrow(
			'The batch is not finished: it is in_progress, 1 of 3 requests are done [item 1]',
		);
		const patient = await getImages(firstId(items), {}, { emptyUntilFinished: true });
		expect(patient.items).toEqual([]);
	});

	it('works without the manifest', async () => {
		const { items } = await submit({ outputOptions: { fileName: 'never' } });
		await simulator.api.batches.finish();
		const [batch] = await simulator.api.batches.all();
		simulator.api.files.lose(batch?.metadata?.manifest ?? '');
		const { items: images } = await getImages(firstId(items));
		const names = images.map(({ binary }) => binary?.data?.fileName);
		expect(names).toEqual(Array(3).fill(expect.stringMatching(/^image-[\da-f]{8}_1\.png$/)));
		expect(new Set(names).size).toBe(3);
	});

	it.each([
		['', /^Batch ID is empty/],
		['a b', /^Batch ID is "a b"/],
		['batch_none', /^There is no batch with the Batch ID "batch_none"/],
	])('refuses the Batch ID %j', async (batchId, message) => {
		await expect(getImages(batchId)).rejects.toThrow(message);
	});
});

describe('the other operations', () => {
	it('tell the state of a batch', async () => {
		const { items } = await submit({ options: { batchName: 'Autumn' } });
		await simulator.api.batches.progress(1);
		const [batch] = await simulator.api.batches.all();
		const { items: got } = await onBatch('get', { batchId: firstId(items) });
		expect(got[0]?.json).toMatchObject({
			batchId: batch?.id,
			name: 'Autumn',
			status: 'in_progress',
			isFinished: false,
			requests: 3,
			completed: 1,
			failed: 0,
			isOfThisNode: true,
		});
	});

	it('list the batches of the node, newest first', async () => {
		const ids: string[] = [];
		for (const name of ['One', 'Two', 'Two']) {
			const { items } = await submit({
				prompt: `={{ $json.prompt }} ${ids.length}`,
				options: { batchName: name },
			});
			ids.unshift(firstId(items));
			simulator.api.advance(1000);
		}
		const list = async (parameters: INodeParameters) =>
			(await onBatch('getAll', parameters)).items.map(({ json }) => json.batchId);
		expect(await list({ returnAll: true })).toEqual(ids);
		expect(await list({ limit: 1 })).toEqual(ids.slice(0, 1));
		expect(await list({ filters: { batchName: 'One' } })).toEqual(ids.slice(2));
		await simulator.api.batches.finish(ids[0]);
		expect(await list({ filters: { onlyUnfinished: true } })).toEqual(ids.slice(1));
	});

	it('cancel a batch that has not ended', async () => {
		const { items } = await submit();
		const { items: cancelled } = await onBatch('cancel', { batchId: firstId(items) });
		expect(cancelled[0]?.json.status).toBe('cancelling');
		simulator.api.advance(20 * 60_000);
		await expect(onBatch('cancel', { batchId: firstId(items) })).rejects.toThrow(
			'The batch cannot be cancelled: it is cancelled already [item 1]',
		);
	});
});
