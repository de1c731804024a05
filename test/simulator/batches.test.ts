import OpenAI, { AzureOpenAI, BadRequestError, ConflictError, NotFoundError, toFile } from 'openai';
import sharp from 'sharp';

import { isRecord } from './body';
import { startSimulator, type Simulator } from './index';

const model = 'gpt-image-2';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
	simulator = await startSimulator({ today: '2026-11-22' });
	client = new OpenAI({ apiKey: simulator.apiKey, baseURL: simulator.url, maxRetries: 0 });
});
afterEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const generations = '/v1/images/generations' as const;
const edits = '/v1/images/edits' as const;

/** A line of an input file. */
const line = (id: string, body: object = {}, more: object = {}) =>
	JSON.stringify({
		custom_id: id,
		method: 'POST',
		url: generations,
		body: { model, prompt: `Picture ${id}`, quality: 'low', ...body },
		...more,
	});

async function upload(text: string, by = client) {
	const file = await toFile(Buffer.from(text), 'batch.jsonl');
	return await by.files.create({ file, purpose: 'batch' });
}

async function submit(
	lines: string[],
	more: Partial<OpenAI.BatchCreateParams> = {},
	by = client,
): Promise<OpenAI.Batch> {
	const { id } = await upload(lines.join('\n'), by);
	return await by.batches.create({
		input_file_id: id,
		endpoint: generations,
		completion_window: '24h',
		...more,
	});
}

/** The lines of a file of results. */
async function results(id: string | null | undefined): Promise<Array<Record<string, unknown>>> {
	const text = await (await client.files.content(id ?? 'none')).text();
	expect(text.endsWith('\n')).toBe(true);
	return text
		.trimEnd()
		.split('\n')
		.map((row) => {
			const value: unknown = JSON.parse(row);
			if (!isRecord(value)) throw new TypeError('no object');
			return value;
		});
}

const ids = (rows: Array<Record<string, unknown>>) => rows.map((row) => row.custom_id);

async function failureOf(call: Promise<unknown>): Promise<unknown> {
	return await call.then(
		() => 'It succeeded.',
		(error: unknown) => error,
	);
}

describe('a batch', () => {
	it('is made, worked off and read', async () => {
		const before = await submit([line('a'), line('b'), line('c', { n: 2 })], {
			metadata: { name: 'Night' },
		});
		expect(before).toMatchObject({
			id: expect.stringMatching(/^batch_/),
			object: 'batch',
			status: 'validating',
			endpoint: generations,
			completion_window: '24h',
			expires_at: before.created_at + 24 * 3600,
			metadata: { name: 'Night' },
			request_counts: { total: 0, completed: 0, failed: 0 },
		});
		simulator.advance(MINUTE);
		expect(await client.batches.retrieve(before.id)).toMatchObject({
			status: 'in_progress',
			in_progress_at: before.created_at + 60,
			request_counts: { total: 3, completed: 0, failed: 0 },
			model,
		});
		simulator.advance(10 * MINUTE);
		expect(await client.batches.retrieve(before.id)).toMatchObject({
			status: 'finalizing',
			request_counts: { total: 3, completed: 3, failed: 0 },
			output_file_id: null,
		});
		simulator.advance(MINUTE);
		const done = await client.batches.retrieve(before.id);
		expect(done).toMatchObject({
			status: 'completed',
			completed_at: before.created_at + 12 * 60,
			usage: { output_tokens: 4 * 196 },
			error_file_id: null,
		});
		const rows = await results(done.output_file_id);
		expect(ids(rows)).not.toEqual(['a', 'b', 'c']);
		expect(ids(rows).sort()).toEqual(['a', 'b', 'c']);
		const last = rows.find((row) => row.custom_id === 'c');
		expect(last).toEqual({
			id: expect.stringMatching(/^batch_req_/),
			custom_id: 'c',
			response: {
				status_code: 200,
				request_id: expect.stringMatching(/^req_/),
				body: expect.objectContaining({
					data: Array(2).fill({ b64_json: expect.any(String) }),
					usage: expect.objectContaining({ output_tokens: 2 * 196 }),
				}),
			},
			error: null,
		});
		expect(simulator.paid).toHaveLength(3);
		expect(simulator.paid.find(({ customId }) => customId === 'c')).toEqual({
			operation: 'generate',
			model,
			prompt: 'Picture c',
			images: 2,
			batchId: done.id,
			customId: 'c',
		});
		expect(simulator.stats()).toMatchObject({
			imagesPaid: 4,
			batchesCreated: 1,
			filesUploaded: 1,
			imageRequests: 0,
		});
		expect(await client.files.retrieve(done.output_file_id ?? '')).toMatchObject({
			purpose: 'batch_output',
			filename: `${done.id}_output.jsonl`,
			expires_at: (done.completed_at ?? 0) + 30 * 24 * 3600,
			bytes: (await simulator.files.read(done.output_file_id ?? '')).length,
		});
		expect(simulator.images).toHaveLength(4);
	});

	it('edits files of the account, with a mask', async () => {
		const picture = (channels: 3 | 4) =>
			sharp({ create: { width: 64, height: 64, channels, background: '#8000' } }).png();
		const save = async (channels: 3 | 4, name: string) => {
			const file = await toFile(await picture(channels).toBuffer(), name, { type: 'image/png' });
			return (await client.files.create({ file, purpose: 'vision' })).id;
		};
		const image = await save(3, 'photo.png');
		const mask = await save(4, 'mask.png');
		const edit = (id: string, body: object) => line(id, body, { url: edits });
		const batch = await submit(
			[
				edit('masked', { images: [{ file_id: image }], mask: { file_id: mask } }),
				edit('lost', { images: [{ file_id: 'file-lost' }] }),
			],
			{ endpoint: edits },
		);
		await simulator.batches.finish();
		// The results can be read although the inputs are gone.
		await client.files.delete(image);
		const done = await client.batches.retrieve(batch.id);
		expect(done.request_counts).toEqual({ total: 2, completed: 1, failed: 1 });
		expect(ids(await results(done.output_file_id))).toEqual(['masked']);
		expect(await results(done.error_file_id)).toEqual([
			{
				id: expect.any(String),
				custom_id: 'lost',
				response: {
					status_code: 404,
					request_id: expect.any(String),
					body: {
						error: {
							message: 'No such File object: file-lost',
							type: 'invalid_request_error',
							param: 'id',
							code: null,
						},
					},
				},
				error: null,
			},
		]);
		expect(simulator.stats()).toMatchObject({ filesUploaded: 3, filesDeleted: 1, imagesPaid: 1 });
	});

	it('puts requests that fail into a file of their own', async () => {
		const batch = await submit([
			line('good'),
			line('unsafe', { prompt: '[moderation]' }),
			line('wrong', { size: '1x1' }),
			line('unlucky', { prompt: 'A fox [server_error]' }),
		]);
		await simulator.batches.finish(batch.id);
		const done = await client.batches.retrieve(batch.id);
		expect(done).toMatchObject({
			status: 'completed',
			request_counts: { total: 4, completed: 1, failed: 3 },
		});
		const errors = await results(done.error_file_id);
		const found = Object.fromEntries(errors.map((row) => [row.custom_id, row.response]));
		expect(found).toMatchObject({
			unsafe: { status_code: 400, body: { error: { code: 'moderation_blocked' } } },
			wrong: { status_code: 400, body: { error: { param: 'size' } } },
			unlucky: { status_code: 500, body: { error: { code: 'server_error' } } },
		});
	});

	it('has no output file when every request failed', async () => {
		const batch = await submit([line('unsafe', { prompt: '[moderation]' })]);
		await simulator.batches.finish();
		expect(await client.batches.retrieve(batch.id)).toMatchObject({
			status: 'completed',
			output_file_id: null,
			error_file_id: expect.any(String),
		});
	});

	it('expires with what was finished', async () => {
		const batch = await submit([line('a'), line('b'), line('c')]);
		await simulator.batches.progress(1);
		expect(await client.batches.retrieve(batch.id)).toMatchObject({
			status: 'in_progress',
			request_counts: { total: 3, completed: 1, failed: 0 },
		});
		await simulator.batches.expire();
		const done = await client.batches.retrieve(batch.id);
		expect(done).toMatchObject({ status: 'expired', expired_at: expect.any(Number) });
		const finished = ids(await results(done.output_file_id));
		const rest = await results(done.error_file_id);
		expect([...finished, ...ids(rest)].sort()).toEqual(['a', 'b', 'c']);
		expect(finished).toHaveLength(1);
		expect(rest[0]).toMatchObject({ response: null, error: { code: 'batch_expired' } });
		expect(simulator.stats().imagesPaid).toBe(1);
	});

	it('is cancelled by its owner, who keeps what was finished', async () => {
		const batch = await submit([line('a'), line('b')]);
		await simulator.batches.progress(1);
		expect(await client.batches.cancel(batch.id)).toMatchObject({ status: 'cancelling' });
		simulator.advance(9 * MINUTE);
		expect((await client.batches.retrieve(batch.id)).status).toBe('cancelling');
		simulator.advance(MINUTE);
		const done = await client.batches.retrieve(batch.id);
		expect(done).toMatchObject({
			status: 'cancelled',
			cancelled_at: (done.cancelling_at ?? 0) + 600,
			request_counts: { total: 2, completed: 1, failed: 0 },
		});
		expect(await results(done.output_file_id)).toHaveLength(1);
		const again = await failureOf(client.batches.cancel(batch.id));
		expect(again).toBeInstanceOf(ConflictError);
	});

	it('lets its results go when it was told to', async () => {
		const batch = await submit([line('a')], {
			output_expires_after: { anchor: 'created_at', seconds: 3600 },
		});
		await simulator.batches.finish();
		const { output_file_id: output } = await client.batches.retrieve(batch.id);
		expect(await results(output)).toHaveLength(1);
		simulator.advance(HOUR);
		expect(await failureOf(client.files.content(output ?? ''))).toBeInstanceOf(NotFoundError);
	});

	it('expires when the work takes longer than a day', async () => {
		const slow = await startSimulator({ batchStages: { workMs: 40 * HOUR } });
		const by = new OpenAI({ apiKey: slow.apiKey, baseURL: slow.url, maxRetries: 0 });
		const batch = await submit([line('a'), line('b')], {}, by);
		slow.advance(30 * HOUR);
		const found = await by.batches.retrieve(batch.id);
		await slow.close();
		expect(found).toMatchObject({
			status: 'expired',
			expired_at: batch.created_at + 24 * 3600,
			request_counts: { total: 2, completed: 1, failed: 0 },
		});
	});
});

describe('a batch fails in validation', () => {
	it.each<[string, string[], string, number | null, string | null]>([
		['no JSON', [line('a'), '{"custom_id":'], 'invalid_json_line', 2, null],
		['an empty file', ['\n'], 'empty_file', null, null],
		['an id twice', [line('a'), line('a')], 'duplicate_custom_id', 2, 'custom_id'],
		['a long id', [line('x'.repeat(65))], 'invalid_custom_id', 1, 'custom_id'],
		[
			'two models',
			[line('a'), line('b', { model: 'gpt-image-1.5' })],
			'model_mismatch',
			2,
			'body.model',
		],
		[
			'a model without batches',
			[line('a', { model: 'gpt-image-2.6-flare' })],
			'model_not_found',
			1,
			'body.model',
		],
		['another address', [line('a', {}, { url: edits })], 'url_mismatch', 1, 'url'],
		['another method', [line('a', {}, { method: 'GET' })], 'invalid_method', 1, 'method'],
		['no body', [line('a', {}, { body: undefined })], 'missing_required_parameter', 1, 'body'],
	])('for %s', async (_name, lines, code, number, param) => {
		const batch = await submit(lines);
		simulator.advance(MINUTE);
		expect(await client.batches.retrieve(batch.id)).toMatchObject({
			status: 'failed',
			failed_at: batch.created_at + 60,
			errors: {
				object: 'list',
				data: [{ code, line: number, param, message: expect.any(String) }],
			},
		});
		expect(simulator.paid).toEqual([]);
	});
});

it('fails when too much is enqueued', async () => {
	const batch = await submit([line('a')]);
	await simulator.batches.fail();
	expect(await client.batches.retrieve(batch.id)).toMatchObject({
		status: 'failed',
		errors: { data: [{ code: 'token_limit_exceeded', line: null }] },
	});
});

describe('batches are not created', () => {
	it.each<[object, string]>([
		[{ input_file_id: undefined }, 'input_file_id'],
		[{ endpoint: '/v1/images/paint' }, 'endpoint'],
		[{ completion_window: '1h' }, 'completion_window'],
		[{ metadata: { key: 'x'.repeat(513) } }, 'metadata.key'],
		[{ metadata: { ['k'.repeat(65)]: 'x' } }, 'metadata'],
		[{ metadata: Object.fromEntries([...Array(17).keys()].map((n) => [n, 'x'])) }, 'metadata'],
		[
			{ output_expires_after: { anchor: 'created_at', seconds: 60 } },
			'output_expires_after.seconds',
		],
		[{ colour: 'red' }, 'colour'],
	])('with %j', async (more, param) => {
		const { id } = await upload(line('a'));
		const body = { input_file_id: id, endpoint: generations, completion_window: '24h', ...more };
		const error = await failureOf(client.post('/batches', { body }));
		expect(error).toBeInstanceOf(BadRequestError);
		expect(error).toMatchObject({ status: 400, param });
		expect(simulator.stats().batchesCreated).toBe(0);
	});

	it('for a file that is not there, or for something else', async () => {
		const create = async (id: string) =>
			await failureOf(
				client.batches.create({
					input_file_id: id,
					endpoint: generations,
					completion_window: '24h',
				}),
			);
		expect(await create('file-none')).toBeInstanceOf(NotFoundError);
		const file = await toFile(Buffer.from(line('a')), 'a.jsonl');
		const { id } = await client.files.create({ file, purpose: 'user_data' });
		expect(await create(id)).toBeInstanceOf(BadRequestError);
	});

	it('more often than an hour has room for, nor files than a minute', async () => {
		const limited = await startSimulator({ batchesPerHour: 2, uploadsPerMinute: 3 });
		const by = new OpenAI({ apiKey: limited.apiKey, baseURL: limited.url, maxRetries: 0 });
		await submit([line('a')], {}, by);
		await submit([line('b')], {}, by);
		const refused = await failureOf(submit([line('c')], {}, by));
		expect(refused).toMatchObject({ status: 429, message: expect.stringContaining('per hour') });
		const full = await failureOf(upload(line('d'), by));
		expect(full).toMatchObject({ status: 429, message: expect.stringContaining('per minute') });
		limited.advance(HOUR);
		await submit([line('e')], {}, by);
		expect(limited.stats()).toMatchObject({ batchesCreated: 3, filesUploaded: 4 });
		await limited.close();
	});
});

it('are listed newest first, page by page', async () => {
	const made: string[] = [];
	for (const name of ['1', '2', '3', '4', '5']) made.push((await submit([line(name)])).id);
	const page = await client.batches.list({ limit: 2 });
	expect(page).toMatchObject({ has_more: true });
	expect(page.data.map(({ id }) => id)).toEqual([made[4], made[3]]);
	const all: string[] = [];
	for await (const { id } of client.batches.list({ limit: 2 })) all.push(id);
	expect(all).toEqual([...made].reverse());
	const older = await client.batches.list({ after: made[1] });
	expect(older.data.map(({ id }) => id)).toEqual([made[0]]);
	expect(await failureOf(client.batches.list({ limit: 101 }))).toBeInstanceOf(BadRequestError);
});

it('is not found under another id', async () => {
	expect(await failureOf(client.batches.retrieve('batch_none'))).toBeInstanceOf(NotFoundError);
});

it('is steered from another process', async () => {
	const control = async (path: string, method = 'POST'): Promise<unknown> => {
		const url = `${simulator.url.replace('/v1', '/control')}/${path}`;
		return await (await fetch(url, { method })).json();
	};
	const first = await submit([line('a'), line('b')]);
	const second = await submit([line('c')]);
	await control('advance?ms=60000');
	expect(await control('batches', 'GET')).toMatchObject([
		{ id: second.id, status: 'in_progress' },
		{ id: first.id, status: 'in_progress' },
	]);
	await control(`batches/progress?finished=1&id=${first.id}`);
	await control(`batches/expire?id=${first.id}`);
	expect(await control('batches/finish')).toMatchObject([
		{ id: second.id, status: 'completed' },
		{ id: first.id, status: 'expired', request_counts: { total: 2, completed: 1 } },
	]);
	await submit([line('d')]);
	expect(await control('batches/fail')).toMatchObject([{ status: 'failed' }, {}, {}]);
	expect(await control('paid', 'GET')).toMatchObject([{ batchId: first.id }, { customId: 'c' }]);
	expect(await control('files', 'GET')).toHaveLength(6);
	expect(await control('stats', 'GET')).toMatchObject({ batchesCreated: 3, imagesPaid: 2 });
});

describe('Azure', () => {
	it('takes the model from the path', async () => {
		const azure = new AzureOpenAI({
			endpoint: simulator.url.replace('/v1', ''),
			apiKey: simulator.apiKey,
			apiVersion: '2025-04-01-preview',
			deployment: model,
			maxRetries: 0,
		});
		const { data } = await azure.images.generate({ prompt: 'Fox', quality: 'low' });
		expect(data).toHaveLength(1);
		expect(simulator.requests[0]?.path).toBe(
			`/openai/deployments/${model}/images/generations?api-version=2025-04-01-preview`,
		);
		expect(simulator.paid).toMatchObject([{ model }]);
		const path = `/openai/deployments/${model}/images/edits`;
		const url = simulator.url.replace('/v1', path);
		const headers = { 'api-key': simulator.apiKey, 'content-type': 'application/json' };
		const response = await fetch(url, { method: 'POST', headers, body: '{}' });
		expect([response.status, await response.json()]).toEqual([
			404,
			{ error: { code: '404', message: 'Resource not found' } },
		]);
	});
});

it('works under the paths of Azure', async () => {
	const azure = new OpenAI({
		apiKey: 'unused',
		baseURL: simulator.url.replace('/v1', '/openai/v1'),
		defaultHeaders: { authorization: null, 'api-key': simulator.apiKey },
		maxRetries: 0,
	});
	const batch = await submit([line('a')], {}, azure);
	await simulator.batches.finish();
	const { output_file_id: id } = await azure.batches.retrieve(batch.id);
	expect(await (await azure.files.content(id ?? '')).text()).toContain('"custom_id":"a"');
});
