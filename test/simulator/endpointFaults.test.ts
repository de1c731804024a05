import OpenAI, {
	APIConnectionError,
	APIUserAbortError,
	InternalServerError,
	RateLimitError,
} from 'openai';

import { delay } from '../node';
import { startSimulator, type EndpointName, type Fault, type Simulator } from './index';

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
	simulator = await startSimulator({ today: '2026-11-22' });
	client = new OpenAI({ apiKey: simulator.apiKey, baseURL: simulator.url, maxRetries: 0 });
});
afterEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const input = JSON.stringify({
	custom_id: 'a',
	method: 'POST',
	url: '/v1/images/generations',
	body: { model: 'gpt-image-2', prompt: 'Fox', quality: 'low' },
});

async function upload(): Promise<string> {
	const file = new File([input], 'a.jsonl');
	return (await client.files.create({ file, purpose: 'batch' })).id;
}

async function createBatch(): Promise<string> {
	const batch = await client.batches.create({
		input_file_id: await upload(),
		endpoint: '/v1/images/generations',
		completion_window: '24h',
	});
	return batch.id;
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
	return await call.then(
		() => 'It succeeded.',
		(error: unknown) => error,
	);
}

interface Step {
	/** What must be there before it; returns an id. */
	prepare(): Promise<string>;
	call(id: string, options: { signal?: AbortSignal }): Promise<unknown>;
	/** Whether the step has taken effect. Steps without one only read. */
	done?(id: string): Promise<boolean>;
}

const files = async () => (await simulator.files.existing()).map(({ id }) => id);
const request = { model: 'gpt-image-2', prompt: 'Fox', quality: 'low' } as const;

const STEPS: Record<Exclude<EndpointName, 'images.edit'>, Step> = {
	'images.generate': {
		prepare: async () => await Promise.resolve(''),
		call: async (_id, options) => await client.images.generate(request, options),
		done: async () => await Promise.resolve(simulator.stats().imagesPaid === 1),
	},
	'files.create': {
		prepare: async () => await Promise.resolve(''),
		call: async (_id, options) =>
			await client.files.create({ file: new File([input], 'a.jsonl'), purpose: 'batch' }, options),
		done: async () => (await files()).length === 1,
	},
	'files.list': {
		prepare: upload,
		call: async (_id, options) => await client.files.list(options),
	},
	'files.retrieve': {
		prepare: upload,
		call: async (id, options) => await client.files.retrieve(id, options),
	},
	'files.content': {
		prepare: upload,
		call: async (id, options) => await client.files.content(id, options),
	},
	'files.delete': {
		prepare: upload,
		call: async (id, options) => await client.files.delete(id, options),
		done: async (id) => !(await files()).includes(id),
	},
	'batches.create': {
		prepare: upload,
		call: async (id, options) =>
			await client.batches.create(
				{
					input_file_id: id,
					endpoint: '/v1/images/generations',
					completion_window: '24h',
				},
				options,
			),
		done: async () => (await simulator.batches.all()).length === 1,
	},
	'batches.list': {
		prepare: createBatch,
		call: async (_id, options) => await client.batches.list(options),
	},
	'batches.retrieve': {
		prepare: createBatch,
		call: async (id, options) => await client.batches.retrieve(id, options),
	},
	'batches.cancel': {
		prepare: createBatch,
		call: async (id, options) => await client.batches.cancel(id, options),
		done: async () => (await simulator.batches.all())[0]?.status === 'cancelling',
	},
	models: {
		prepare: async () => await Promise.resolve(''),
		call: async (_id, options) => await client.models.list(options),
	},
};

const FAULTS: Array<[string, Fault, unknown, boolean]> = [
	['429 before', { code: 'rate_limit_exceeded' }, RateLimitError, false],
	['500 before', { code: 'server_error' }, InternalServerError, false],
	['500 after', { code: 'server_error', effect: true }, InternalServerError, true],
	['reset before', { resetAfterBytes: -1, effect: false }, APIConnectionError, false],
	['reset while it is sent', { resetAfterRequestBytes: 1 }, APIConnectionError, false],
	['reset after', { resetAfterBytes: -1 }, APIConnectionError, true],
	['reset in the headers', { resetAfterBytes: 'headers' }, APIConnectionError, true],
];

const endpoints = Object.keys(STEPS).filter((name): name is keyof typeof STEPS => name in STEPS);

describe.each(endpoints)('%s', (on) => {
	it.each(FAULTS)('%s', async (_name, fault, kind, effect) => {
		const { prepare, call, done } = STEPS[on];
		const id = await prepare();
		simulator.misbehave({ on, ...fault });
		expect(await failureOf(call(id, {}))).toBeInstanceOf(kind);
		if (done) expect(await done(id)).toBe(effect);
		// Only once.
		if (!effect || !done) await call(id, {});
	});

	it.each<[string, Fault, boolean]>([
		['no answer, nothing done', { delayMs: 60_000 }, false],
		['no answer, but done', { answerDelayMs: 60_000 }, true],
	])('%s', async (_name, fault, effect) => {
		const { prepare, call, done } = STEPS[on];
		const id = await prepare();
		const before = simulator.requests.length;
		simulator.misbehave({ on, ...fault });
		const controller = new AbortController();
		const failure = failureOf(call(id, { signal: controller.signal }));
		const reached = async () =>
			effect && done ? await done(id) : simulator.requests.length > before;
		while (!(await reached())) await delay(5);
		controller.abort();
		expect(await failure).toBeInstanceOf(APIUserAbortError);
		while (!simulator.requests[before]?.aborted) await delay(5);
		if (done) expect(await done(id)).toBe(effect);
	});
});

it('faults wait for their endpoint, or for a group', async () => {
	simulator.misbehave(
		{ on: 'batches', status: 500 },
		{ on: 'files.delete', status: 503 },
		{ on: 'files', status: 429 },
		{ status: 502 },
	);
	await client.models.list();
	expect(await failureOf(client.files.list())).toMatchObject({ status: 429 });
	const id = await upload();
	expect(await failureOf(client.images.generate(request))).toMatchObject({ status: 502 });
	expect(await failureOf(client.files.delete(id))).toMatchObject({ status: 503 });
	expect(await failureOf(client.batches.list())).toMatchObject({ status: 500 });
	await client.files.delete(id);
});

describe('results', () => {
	let output: string;

	beforeEach(async () => {
		const id = await createBatch();
		await simulator.batches.finish();
		output = (await client.batches.retrieve(id)).output_file_id ?? '';
	});

	const read = async () => await (await client.files.content(output)).text();

	it('can be cut', async () => {
		const whole = await read();
		simulator.misbehave(
			{ on: 'files.content', truncateAfterBytes: 1000 },
			{ on: 'files.content', resetAfterBytes: 1000 },
			{ on: 'files.content', chunkBytes: 50_000 },
			{ on: 'files.content', encoding: 'gzip' },
		);
		expect(await read()).toBe(whole.slice(0, 1000));
		await expect(read()).rejects.toThrow('terminated');
		expect(await read()).toBe(whole);
		expect(await read()).toBe(whole);
	});

	it('can stop coming', async () => {
		simulator.misbehave({ on: 'files.content', stallAfterBytes: 1000 });
		const response = await client.files.content(output);
		const reader = response.body?.getReader();
		let size = 0;
		while (size < 1000) size += (await reader?.read())?.value?.length ?? 0;
		expect(size).toBe(1000);
		await reader?.cancel();
	});
});
