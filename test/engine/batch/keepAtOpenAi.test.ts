import type { INodeExecutionData } from 'n8n-workflow';
import { readBinary } from '../../harness';
import { batchesOf, firstId, prompts } from '../../support/batchNode';
import { sha256 } from '../../support/pictures';
import { allSocketsClosed } from '../../support/sockets';
import { useSimulator } from '../../support/simulator';

const simulator = useSimulator();
const { submit, getImages } = batchesOf(simulator);

/** Copies of images that were made. */
const copies = async () =>
	(await simulator.api.files.existing()).filter(({ filename }) => filename.startsWith('image-'));

const submitted = async (hours: number, more = {}) =>
	firstId((await submit({ options: { keepAtOpenAi: hours, ...more } })).items);

/** Each item names the copy of its own image. */
async function expectCopies(items: INodeExecutionData[], hours: number) {
	const files = await copies();
	expect(files).toHaveLength(items.length);
	for (const { json, binary } of items) {
		if (!binary?.data) throw new Error('There is no image');
		const file = files.find(({ id }) => id === json.fileId);
		const copy = await simulator.api.files.read(String(json.fileId));
		expect(sha256(copy)).toBe(sha256(await readBinary(binary.data)));
		expect(json.fileExpiresAt).toBe(new Date(1000 * (file?.expires_at ?? 0)).toISOString());
		expect((file?.expires_at ?? 0) - (file?.created_at ?? 0)).toBe(hours * 3600);
		expect(json).not.toHaveProperty('fileError');
	}
}

describe('Keep at OpenAI in a batch', () => {
	it('uploads the images when they are fetched, for the hours that were asked for', async () => {
		const batchId = await submitted(2);
		await simulator.api.batches.finish();
		expect(await copies()).toEqual([]);
		// The hours do not begin before.
		simulator.api.advance(5 * 3_600_000);
		const { items } = await getImages(batchId);
		expect(items).toHaveLength(3);
		await expectCopies(items, 2);
		await allSocketsClosed(simulator.api);
	});

	it('goes by each item', async () => {
		const items = prompts(3).map(({ json }, index) => ({ json: { ...json, hours: index + 1 } }));
		const { items: made } = await submit(
			{ options: { keepAtOpenAi: '={{ $json.hours }}' } },
			{ items },
		);
		await simulator.api.batches.finish();
		const { items: images } = await getImages(firstId(made));
		const files = await copies();
		const hours = images.map(({ json }) => {
			const file = files.find(({ id }) => id === json.fileId);
			return ((file?.expires_at ?? 0) - (file?.created_at ?? 0)) / 3600;
		});
		expect(hours).toEqual([1, 2, 3]);
	});

	it('uploads nothing without it', async () => {
		const { items } = await submit();
		await simulator.api.batches.finish();
		const { items: images } = await getImages(firstId(items));
		expect(images.filter(({ json }) => 'fileId' in json || 'fileError' in json)).toEqual([]);
		expect(await copies()).toEqual([]);
	});

	it('costs nothing but a note when the upload fails', async () => {
		const batchId = await submitted(2);
		await simulator.api.batches.finish();
		const body = { error: { message: 'Missing scopes: api.files.write', code: null } };
		simulator.api.misbehave({ on: 'files.create', status: 403, body, times: Infinity });
		const { items } = await getImages(batchId);
		expect(items).toMatchObject(
			Array(3).fill({ json: { batchId, fileError: expect.stringContaining('Files') } }),
		);
		expect(items.every(({ binary }) => (binary?.data?.bytes ?? 0) > 100)).toBe(true);
	});

	it('tells an agent the file id, and how to go on with it', async () => {
		const batchId = await submitted(2, { simplify: true });
		await simulator.api.batches.finish();
		const { items } = await getImages(batchId, {
			node: { type: 'n8n-nodes-gpt-image.gptImageTool' },
		});
		await expectCopies(items, 2);
		for (const { json } of items) {
			expect(json.next).toContain(`with its File ID, ${String(json.fileId)}.`);
		}
	});
});
