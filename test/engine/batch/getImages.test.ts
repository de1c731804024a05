import { readBinary } from '../../harness';
import {
	batchesOf,
	firstId,
	oneRefused,
	prompts,
	refusedItems,
	SMALL,
} from '../../support/batchNode';
import { until } from '../../support/events';
import { sha256 } from '../../support/pictures';
import { useSimulator } from '../../support/simulator';
import { allSocketsClosed } from '../../support/sockets';
import { STOPPED } from '../../support/words';

const simulator = useSimulator();
const { submit, onBatch, getImages } = batchesOf(simulator);

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
			parameters: { ...SMALL, outputOptions },
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
			expect.objectContaining({ message: '1 of 3 requests of the batch failed.' }),
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
			'The batch is not finished: it is in_progress, 1 of 3 requests done [item 1]',
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

	it('counts the requests that nobody can name, without the manifest', async () => {
		const { items } = await submit();
		await simulator.api.batches.progress(1);
		await simulator.api.batches.expire();
		const [batch] = await simulator.api.batches.all();
		simulator.api.files.lose(batch?.metadata?.manifest ?? '');
		simulator.api.misbehave({
			on: 'batches.retrieve',
			status: 200,
			body: { ...batch, error_file_id: null },
		});
		const { items: out, hints } = await getImages(firstId(items));
		expect(out).toHaveLength(1);
		expect(hints).toMatchObject([
			{ message: 'The batch, which is expired, has no result for 2 requests.' },
		]);
	});

	it('passes on the fields of an item that failed, and signs links to the images', async () => {
		const { items } = await submit(
			{
				...oneRefused,
				outputOptions: { includeOtherFields: true },
				options: { temporaryLink: 60 },
			},
			{ items: refusedItems },
		);
		await simulator.api.batches.finish();
		const { items: out } = await getImages(firstId(items));
		const link = expect.stringMatching(/\/binary-data\/signed\?token=/);
		expect(out.map(({ json }) => json.url)).toEqual([link, link, undefined]);
		expect(out[2]?.json).toEqual({
			...refusedItems[1]?.json,
			error: expect.any(String),
			details: expect.not.objectContaining({ input: expect.anything() }),
		});
		// n8n merges there what Get Images was given.
		const { items: told } = await getImages(firstId(items), {
			node: { onError: 'continueErrorOutput' },
		});
		expect(told.map(({ json }) => json.details)).toContainEqual(
			expect.objectContaining({ input: refusedItems[1]?.json }),
		);
	});

	it('passes on the fields with each request of an item that failed', async () => {
		const { items } = await submit(
			{
				...oneRefused,
				n: 2,
				outputOptions: { includeOtherFields: true },
				options: { imagesPerRequest: 1 },
			},
			{ items: refusedItems.slice(0, 2) },
		);
		await simulator.api.batches.finish();
		const { items: out } = await getImages(firstId(items));
		expect(out.map(({ binary }) => Object.keys(binary ?? {}))).toEqual([
			['data'],
			['data'],
			[],
			[],
		]);
		expect(out.map(({ json: { prompt, moderation } }) => ({ prompt, moderation }))).toEqual(
			[0, 0, 1, 1].map((index) => refusedItems[index]?.json),
		);
		expect(new Set(out.slice(2).map(({ json }) => json.error)).size).toBe(2);
	});

	it('counts the prices the user had set, half of them', async () => {
		const usd = { textInput: 0, imageInput: 0, imageOutput: 1000 };
		const { items } = await submit({ options: { prices: { usd } } }, { items: prompts(1) });
		await simulator.api.batches.finish();
		const { items: images } = await getImages(firstId(items));
		// 196 tokens.
		expect(images[0]?.json.cost).toBe(0.098);
	});

	it('tells what is wrong with each of several batches when the node continues on errors', async () => {
		const { items: submitted } = await submit();
		await simulator.api.batches.finish();
		const { items } = await onBatch(
			'getImages',
			{ batchId: '={{ $json.batchId }}' },
			{
				items: ['batch_none', firstId(submitted)].map((batchId) => ({ json: { batchId } })),
				node: { onError: 'continueRegularOutput' },
			},
		);
		expect(items.map(({ json, pairedItem }) => [typeof json.error, pairedItem])).toEqual([
			['string', { item: 0 }],
			...Array(3).fill(['undefined', { item: 1 }]),
		]);
	});

	it('ends with the execution', async () => {
		const { items } = await submit();
		await simulator.api.batches.finish();
		simulator.api.misbehave({ on: 'files.content', until: new Promise(() => {}) });
		const stop = new AbortController();
		const fetching = getImages(firstId(items), { signal: stop.signal });
		const ended = expect(fetching).rejects.toThrow(STOPPED);
		await until(() => simulator.api.requests.some(({ path }) => path.endsWith('/content')));
		stop.abort();
		await ended;
		await allSocketsClosed(simulator.api);
	});

	it.each([
		['', /^Batch ID is empty/],
		['a b', /^Batch ID is "a b"/],
		['batch_none', /^There is no batch with the Batch ID "batch_none"/],
	])('refuses the Batch ID %j', async (batchId, message) => {
		await expect(getImages(batchId)).rejects.toThrow(message);
	});

	it('refuses a batch of something else before it is read', async () => {
		const { items } = await submit();
		await simulator.api.batches.finish();
		const [batch] = await simulator.api.batches.all();
		simulator.api.misbehave({
			on: 'batches.retrieve',
			status: 200,
			body: { ...batch, endpoint: '/v1/chat/completions' },
		});
		await expect(getImages(firstId(items))).rejects.toThrow(
			'Batch ID names a batch of /v1/chat/completions, not of images [item 1]',
		);
		const read = simulator.api.requests.filter(({ path }) => path.endsWith('/content'));
		expect(read).toEqual([]);
	});
});
