import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { withToolDefaults } from '../../nodes/GptImage/operations/parameters/toolDefaults';
import { readConnection } from '../../nodes/GptImage/openai/connection';
import type { RunSettings } from '../../nodes/GptImage/operations/parameters/runSettings';
import { isRecord } from '../../nodes/GptImage/values';
import { readBinary, useBinaryMode, type NodeRun } from '../harness';
import { gptImage, newNode, packageName } from '../harness/package';
import { asTool } from '../harness/tool';
import type { Fault } from '../simulator';
import { onDay } from '../support/date';
import { until } from '../support/events';
import { picture, sha256 } from '../support/pictures';
import { allSocketsClosed } from '../support/sockets';
import { useSimulator } from '../support/simulator';
import { STOPPED } from '../support/words';

// The pauses between attempts are of no interest here.
jest.mock('../../nodes/GptImage/openai/retry/wait', () => ({
	wait: async (_: number, stop: { throwIfReached(): void }) => {
		await Promise.resolve();
		stop.throwIfReached();
	},
}));

onDay('2026-11-22');
const simulator = useSimulator();

const make = async (
	options: INodeParameters = {},
	{ items = 1, ...run }: Omit<NodeRun, 'items'> & { items?: number } = {},
) =>
	await simulator.run({
		items: Array.from({ length: items }, (): INodeExecutionData => ({ json: {} })),
		...run,
		parameters: {
			prompt: 'A red fox',
			size: '1024x1024',
			quality: 'low',
			...run.parameters,
			options: { keepAtOpenAi: 2, ...options },
		},
	});

/** Without those that the account has from the beginning. */
const kept = async () =>
	(await simulator.api.files.existing()).filter(({ filename }) => filename.startsWith('image-'));

const uploads = () => simulator.api.requests.filter(({ path }) => path === '/v1/files');
const jsons = (items: INodeExecutionData[]) => items.map(({ json }) => json);

describe('Keep at OpenAI', () => {
	it('uploads each image as it is, for so many hours, and tells its id', async () => {
		const { items } = await make({ imagesPerRequest: 2 }, { items: 2, parameters: { n: 3 } });
		const files = await kept();
		expect(files).toHaveLength(6);
		for (const { json, binary } of items) {
			const file = files.find(({ id }) => id === json.fileId);
			expect(file).toMatchObject({ purpose: 'vision', bytes: binary?.data?.bytes });
			expect(json.fileExpiresAt).toBe(new Date(1000 * (file?.expires_at ?? 0)).toISOString());
			expect((file?.expires_at ?? 0) - (file?.created_at ?? 0)).toBe(7200);
			expect(file?.filename).toMatch(/^image-[\da-f]{20}\.png$/);
			const bytes = binary?.data && (await readBinary(binary.data));
			const uploaded = await simulator.api.files.read(String(json.fileId));
			expect(bytes && sha256(bytes)).toBe(sha256(uploaded));
			expect(json).not.toHaveProperty('fileError');
		}
		expect(new Set(jsons(items).map(({ fileId }) => fileId)).size).toBe(6);
		await allSocketsClosed(simulator.api);
	});

	it('makes an image that an edit can take, and the next edit its result', async () => {
		let fileId = (await make()).items[0]?.json.fileId;
		for (const prompt of ['Add a hat', 'Make the hat blue']) {
			const { items } = await make(
				{},
				{
					parameters: {
						operation: 'edit',
						prompt,
						images: { image: [{ source: 'fileId', fileId: String(fileId) }] },
					},
				},
			);
			const edited = simulator.api.requests.find(
				({ json }) => isRecord(json) && json.prompt === prompt,
			);
			expect(edited?.json).toMatchObject({ images: [{ file_id: fileId }] });
			expect(items[0]?.json.fileId).not.toBe(fileId);
			fileId = items[0]?.json.fileId;
		}
		expect(simulator.api.images).toHaveLength(3);
	});

	it('takes several file ids with commas between them', async () => {
		const { items } = await make({}, { items: 2 });
		const ids = jsons(items).map(({ fileId }) => fileId);
		await make(
			{},
			{
				parameters: {
					operation: 'edit',
					images: { image: [{ source: 'fileId', fileId: ids.join(', ') }] },
				},
			},
		);
		expect(simulator.api.requests.at(-2)?.json).toMatchObject({
			images: ids.map((id) => ({ file_id: id })),
		});
	});

	it.each([0, 721, 1.5, 'soon'])('refuses %j hours', async (keepAtOpenAi) => {
		await expect(make({ keepAtOpenAi })).rejects.toThrow(/^Keep at OpenAI is /);
	});

	it('uploads nothing without it', async () => {
		const { items } = await simulator.run({ parameters: { prompt: 'A fox' } });
		expect(uploads()).toEqual([]);
		expect(items[0]?.json).not.toHaveProperty('fileId');
	});

	it('works in memory mode, and in one item', async () => {
		await useBinaryMode('memory');
		const { items } = await make({ oneItem: true }, { parameters: { n: 2 } });
		await useBinaryMode('filesystem');
		const files = await kept();
		const ids = [items[0]?.json.images].flat().map((one) => (isRecord(one) ? one.fileId : one));
		expect(ids.sort()).toEqual(files.map(({ id }) => id).sort());
	});

	it('tells the ids of all images in one item as an edit takes them', async () => {
		const { items } = await make({ oneItem: true, simplify: true }, { parameters: { n: 2 } });
		const ids = (await kept()).map(({ id }) => id);
		expect(String(items[0]?.json.fileId).split(', ').sort()).toEqual(ids.sort());
		const fileId = String(items[0]?.json.fileId);
		const images = { image: [{ source: 'fileId', fileId }] };
		await make({ keepAtOpenAi: 1 }, { parameters: { operation: 'edit', images } });
		const edit = simulator.api.requests.find(({ path }) => path === '/v1/images/edits');
		expect(edit?.json).toMatchObject({
			images: fileId.split(', ').map((file_id) => ({ file_id })),
		});
	});

	it.each<[string, Fault, string]>([
		['a key that may not do it', { status: 403 }, 'Files'],
		['an address that has no files', { status: 404, body: '<html>Not found</html>' }, 'address'],
		['a server that is down', { status: 500, times: Infinity }, 'API'],
		['an answer without a file', { status: 200, body: { ok: true }, times: Infinity }, 'file'],
	])('costs nothing but a note with %s', async (_, fault, words) => {
		const refusal =
			fault.status === 403
				? {
						body: {
							error: {
								message: 'Missing scopes: api.files.write',
								type: 'invalid_request_error',
								code: null,
							},
						},
					}
				: {};
		simulator.api.misbehave({ on: 'files', ...fault, ...refusal });
		const { items } = await make({ timeout: 8 });
		expect(items[0]?.binary?.data?.bytes).toBeGreaterThan(100);
		expect(items[0]?.json).toMatchObject({
			cost: 0.005895,
			fileError: expect.stringContaining(words),
		});
		expect(items[0]?.json).not.toHaveProperty('fileId');
		expect(simulator.api.images).toHaveLength(1);
	});

	it('takes secrets out of the note', async () => {
		const message = `Bad key ${simulator.api.apiKey}`;
		simulator.api.misbehave({ on: 'files', status: 400, body: { error: { message } } });
		const { items } = await make();
		expect(items[0]?.json.fileError).toContain('Bad key [');
		expect(items[0]?.json.fileError).not.toContain(simulator.api.apiKey);
	});

	it('finds a file whose answer got lost, and uploads it once', async () => {
		simulator.api.misbehave({ on: 'files.create', effect: true, resetAfterBytes: -1 });
		const { items } = await make();
		const files = await kept();
		expect(files.map(({ id }) => id)).toEqual([items[0]?.json.fileId]);
	});

	it('lets other requests go on meanwhile', async () => {
		const allMade = until(() => simulator.api.images.length === 6);
		simulator.api.misbehave({ on: 'files', times: Infinity, until: allMade });
		const { items } = await make({ requestsInParallel: 1 }, { items: 6 });
		expect(jsons(items).every(({ fileId }) => typeof fileId === 'string')).toBe(true);
	});

	it('ends with Timeout, and tries no more after five that failed', async () => {
		simulator.api.misbehave({ on: 'files', times: Infinity, until: new Promise(() => {}) });
		const { items } = await make({ timeout: 1 }, { items: 12 });
		const told = jsons(items).map(({ fileError }) => String(fileError));
		expect(told.filter((one) => one.includes('within 1 seconds')).length).toBeGreaterThanOrEqual(5);
		expect(told.at(-1)).toMatch(/^Not tried, since 5 uploads before it failed/);
		expect(simulator.api.images).toHaveLength(12);
		await allSocketsClosed(simulator.api);
	});

	it('ends with the execution', async () => {
		const stop = new AbortController();
		simulator.api.misbehave({ on: 'files', until: new Promise(() => {}) });
		const made = make({}, { signal: stop.signal });
		await until(() => uploads().length > 0);
		stop.abort();
		await expect(made).rejects.toThrow(STOPPED);
		await allSocketsClosed(simulator.api);
	});

	it('does not count against a budget', async () => {
		const { items } = await make({ maxCost: 0.0059 });
		expect(items[0]?.json.fileId).toEqual(expect.any(String));
	});

	it('does not upload what cannot be edited', async () => {
		const { bytes } = await picture('gif');
		const answer = { created: 1, data: [{ b64_json: bytes.toString('base64') }] };
		simulator.api.misbehave({ status: 200, body: answer });
		const { items } = await make();
		expect(items[0]?.json.fileError).toBe('GIF files cannot be edited.');
		expect(uploads()).toEqual([]);
	});
});

describe('the tool of an AI agent', () => {
	const settingsOf = async (
		credential: object,
		wish: { keepAtOpenAiHours?: number; estimateOnly?: boolean } = {},
		settings: Partial<RunSettings> = {},
	) => {
		const node = { ...newNode(gptImage, true), ...asPainter };
		const connection = await readConnection({
			getNode: () => node,
			getCredentials: async <T extends object>() =>
				await Promise.resolve({ kind: 'openAi', apiKey: 'sk-1', ...credential } as T),
		});
		const context = { getNode: () => node };
		return withToolDefaults({ context, connection, settings }, { estimateOnly: false, ...wish });
	};

	const asPainter = { type: `${packageName}.gptImageTool`, name: 'Painter' };

	it('tells the file id, and how to go on with it', async () => {
		const { items } = await make({}, { node: asPainter, nodeType: asTool(gptImage) });
		const { fileId, fileExpiresAt, next } = items[0]?.json ?? {};
		expect(fileExpiresAt).toEqual(expect.any(String));
		expect(next).toContain(
			`To change the image, call a tool that edits images with its File ID, ${String(fileId)}.`,
		);
	});

	it('edits by the file id that the agent gives, without a word in the panel', async () => {
		const fileId = String((await make()).items[0]?.json.fileId);
		const { items } = await simulator.run({
			parameters: { operation: 'edit', prompt: '={{ $json.prompt }}' },
			items: [{ json: { prompt: 'Add a hat', File_ID: fileId } }],
			node: asPainter,
			nodeType: asTool(gptImage),
		});
		expect(items[0]?.json.result).toMatch(/^Image 1 was edited/);
		expect(simulator.api.requests.at(-1)?.json).toMatchObject({ images: [{ file_id: fileId }] });
	});

	it('says what is missing when the agent gives none', async () => {
		const { items } = await simulator.run({
			parameters: { operation: 'edit', prompt: 'Add a hat' },
			items: [{ json: { File_ID: '' } }],
			node: asPainter,
			nodeType: asTool(gptImage),
		});
		expect(items[0]?.json.error).toMatch(
			/Give the fileId of an image that was made before, or ask the user/,
		);
	});

	it.each<[string, object, boolean]>([
		['OpenAI', {}, true],
		['OpenAI by its address', { baseUrl: 'https://api.openai.com/v1/' }, true],
		['a gateway', { baseUrl: 'https://gateway.example.com/v1' }, false],
		['Azure', { kind: 'azure', baseUrl: 'https://a.openai.azure.com/openai/v1' }, false],
	])('keeps images of %s by itself: %j %s', async (_, credential, isKept) => {
		expect(await settingsOf(credential)).toMatchObject({
			keepAtOpenAiHours: isKept ? 24 : undefined,
		});
	});

	it('keeps nothing when the option is 0', async () => {
		await make({ keepAtOpenAi: 0 }, { node: asPainter, nodeType: asTool(gptImage) });
		expect(uploads()).toEqual([]);
	});

	it('keeps nothing of an estimate, and leaves a batch to Get Images', async () => {
		const estimate = await settingsOf({}, { estimateOnly: true });
		const inBatch = async (wish: { keepAtOpenAiHours?: number }) =>
			await settingsOf({}, wish, { batch: { requestsPerBatch: 1 } });
		const batches = await Promise.all([
			inBatch({}),
			inBatch({ keepAtOpenAiHours: 0 }),
			inBatch({ keepAtOpenAiHours: 5 }),
		]);
		const hours = [estimate, ...batches].map(({ keepAtOpenAiHours }) => keepAtOpenAiHours);
		expect(hours).toEqual([undefined, undefined, 0, 5]);
	});

	it('goes by its options', async () => {
		expect(await settingsOf({}, { keepAtOpenAiHours: 0 })).toMatchObject({
			keepAtOpenAiHours: undefined,
		});
	});
});
