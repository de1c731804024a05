import { createBatch } from '../../../nodes/GptImage/openai/batches';
import { uploadFile } from '../../../nodes/GptImage/openai/files';
import { bytesOf } from '../../../nodes/GptImage/images/input/stored';
import { batchesOf, firstId } from '../../support/batchNode';
import { inNode } from '../../support/inNode';
import { useSimulator } from '../../support/simulator';

const simulator = useSimulator();
const { submit, getImages } = batchesOf(simulator);

/** Makes a batch as another program would. */
async function batchOf(lines: object[], endpoint: '/v1/images/edits' | '/v1/images/generations') {
	const text = lines.map((line) => JSON.stringify({ method: 'POST', url: endpoint, ...line }));
	const file = { fileName: 'in.jsonl', mimeType: 'application/jsonl' };
	const { id } = await inNode(simulator.credentials(), async (session) => {
		const bytes = bytesOf(Buffer.from(text.join('\n')));
		const input = await uploadFile(session, { ...file, ...bytes }, 'batch', 3600);
		return await createBatch(session, { inputFileId: input.id, endpoint, metadata: {} });
	});
	await simulator.api.batches.finish();
	return id;
}

const FOX = { model: 'gpt-image-2', prompt: 'a fox', size: '1024x1024', quality: 'low' };

const line = (customId: string, body: object = {}) => ({
	custom_id: customId,
	body: { ...FOX, ...body },
});

describe('a batch that has brought nothing', () => {
	const ofFailed = async (error: object) => {
		const { items } = await submit();
		await simulator.api.batches.fail(error);
		const end: unknown = await getImages(firstId(items)).catch((thrown: unknown) => thrown);
		return end;
	};

	it('is the failure of its input, in the words of the API', async () => {
		const said = { code: 'invalid_value', message: 'Bad size', param: 'body.size', line: 2 };
		expect(await ofFailed(said)).toMatchObject({
			context: {
				itemIndex: 0,
				data: {
					kind: 'api',
					code: 'invalid_value',
					param: 'body.size',
					reason: 'Line 2: Bad size',
				},
			},
		});
	});

	it('or that of all of it', async () => {
		expect(await ofFailed({ code: 'token_limit_exceeded', message: 'Too much' })).toMatchObject({
			message: 'The batch queue of the OpenAI account is full [item 1]',
			context: {
				data: {
					kind: 'api',
					class: 'batchQueue',
					code: 'token_limit_exceeded',
					reason: 'Too much',
					retryable: true,
				},
			},
		});
	});

	it('names its state where the API gives no reason', async () => {
		const { items } = await submit();
		await simulator.api.batches.expire();
		const [batch] = await simulator.api.batches.all();
		simulator.api.files.lose(batch?.metadata?.manifest ?? '');
		simulator.api.misbehave({
			on: 'batches.retrieve',
			status: 200,
			body: { ...batch, output_file_id: null, error_file_id: null },
		});
		await expect(getImages(firstId(items))).rejects.toMatchObject({
			context: { data: { kind: 'unmade', reason: expect.stringContaining('expired') } },
		});
	});
});

describe('a batch of another program', () => {
	it('has its images under its own names', async () => {
		const id = await batchOf(
			[line('hen', { n: 2 }), line('fox 10'), line('fox 9', { quality: 'best' })],
			'/v1/images/generations',
		);
		const { items } = await getImages(id);
		expect(items.map(({ binary }) => binary?.data?.fileName)).toEqual([
			'fox 10_1.png',
			'hen_1.png',
			'hen_2.png',
			undefined,
		]);
		expect(items[3]?.json.details).toMatchObject({ customId: 'fox 9', status: 400 });
		expect(items[3]?.json.details).not.toHaveProperty('item');
	});

	it('may be one of edits', async () => {
		const images = [{ file_id: 'file-AbC123' }];
		const { items } = await getImages(await batchOf([line('a', { images })], '/v1/images/edits'));
		expect(items.map(({ binary }) => Object.keys(binary ?? {}))).toEqual([['data']]);
	});

	it('may have an input that is wrong in more than one place', async () => {
		const id = await batchOf([line('a'), line('a'), line('a')], '/v1/images/generations');
		await expect(getImages(id)).rejects.toMatchObject({
			context: {
				data: { kind: 'api', reason: expect.stringMatching(/^Line \d: .* \(and 1 more\)$/) },
			},
		});
	});
});
