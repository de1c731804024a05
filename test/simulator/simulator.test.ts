import OpenAI, {
	AuthenticationError,
	BadRequestError,
	InternalServerError,
	NotFoundError,
	RateLimitError,
	toFile,
} from 'openai';
import sharp from 'sharp';

import { fs, path } from '../node';
import { FAULT_CODES, startSimulator, type Simulator } from './index';
import { FAULT_TABLE } from './errors';

const model = 'gpt-image-2.6-sunburst';
const usage = (text: number, image: number, output: number) => ({
	input_tokens: text + image,
	input_tokens_details: { image_tokens: image, text_tokens: text },
	output_tokens: output,
	output_tokens_details: { image_tokens: output, text_tokens: 0 },
	total_tokens: text + image + output,
});

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
	simulator = await startSimulator({
		today: '2026-11-22',
		sampleFiles: ['file-123', 'file-mask'],
	});
	client = new OpenAI({ apiKey: simulator.apiKey, baseURL: simulator.url, maxRetries: 0 });
});
afterEach(() => simulator.reset());
afterAll(async () => await simulator.close());

async function png(width = 320, height = 240) {
	const bytes = await sharp({ create: { width, height, channels: 3, background: '#c40' } })
		.png()
		.toBuffer();
	return await toFile(bytes, 'photo.png', { type: 'image/png' });
}

/** The error of a call that must fail. */
async function failureOf(call: Promise<unknown>): Promise<unknown> {
	return await call.then(
		() => 'It succeeded.',
		(error: unknown) => error,
	);
}

describe('images.generate', () => {
	it('returns an image with what it cost', async () => {
		const answer = await client.images.generate({
			model,
			prompt: 'A red fox in the snow',
			size: '1536x1024',
			quality: 'high',
			safety_identifier: 'user-1',
		});
		expect(answer).toEqual({
			created: expect.any(Number),
			background: 'opaque',
			data: [{ b64_json: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/) }],
			output_format: 'png',
			quality: 'high',
			size: '1536x1024',
			safety_identifier: 'user-1',
			usage: usage(6, 0, 1372),
		});
		const bytes = Buffer.from(answer.data?.[0]?.b64_json ?? '', 'base64');
		expect(simulator.images).toMatchObject([
			{ bytes, format: 'png', width: 1536, height: 1024, prompt: 'A red fox in the snow' },
		]);
	});

	it('adds what the author of an SVG cost', async () => {
		const answer = await client.images.generate({
			model,
			prompt: 'An icon',
			output_format: 'svg',
			svg: { model: 'gpt-5.5', reasoning: { effort: 'low' } },
		});
		const text = Buffer.from(answer.data?.[0]?.b64_json ?? '', 'base64').toString();
		expect(text).toMatch(/^<svg .*An icon.*<\/svg>$/s);
		const { svg_usage: svg } = answer;
		expect(svg).toMatchObject({ model: 'gpt-5.5', reasoning_tokens: 128 });
		expect(svg?.total_tokens).toBe((svg?.input_tokens ?? 0) + (svg?.output_tokens ?? 0));
	});

	it.each([
		['low', '1024x1024', 196],
		['medium', '1024x1024', 1756],
		['high', '1024x1024', 7024],
		['high', '1024x1536', 5488],
		['medium', '2560x1440', 1843],
		['high', '3840x2160', 13342],
	] as const)(
		'costs what OpenAI publishes for gpt-image-2 %s %s',
		async (quality, size, tokens) => {
			const answer = await client.images.generate({
				model: 'gpt-image-2',
				prompt: 'Fox',
				size,
				quality,
			});
			expect(answer.usage).toEqual(usage(1, 0, tokens));
		},
	);

	it.each([
		['gpt-image-2.5-flare', 'medium', 439],
		['gpt-image-2.5-flare', 'xhigh', 3122],
		['gpt-image-2.6-flare', 'low', 3 * 196],
		['gpt-image-2.6-flare', 'high', 1756],
		['gpt-image-1.5', 'low', 272],
		['gpt-image-1-mini', 'high', 4160],
	] as const)('costs with %s %s', async (id, quality, tokens) => {
		const answer = await client.images.generate({ model: id, prompt: 'Fox', quality });
		expect(answer.usage).toEqual(usage(1, 0, tokens));
	});
});

describe('images.edit', () => {
	it('takes one file, several files and a mask as the SDK sends them', async () => {
		const image = await png();
		const mask = await toFile(
			await sharp({ create: { width: 320, height: 240, channels: 4, background: '#0000' } })
				.png()
				.toBuffer(),
			'mask.png',
			{ type: 'image/png' },
		);
		const prompt = 'Add a hat';
		await client.images.edit({ model, prompt, image, mask, n: 2 });
		const several = await client.images.edit({ model, prompt, image: [image, await png(64, 64)] });
		expect(simulator.requests).toMatchObject([
			{
				method: 'POST',
				path: '/v1/images/edits',
				fields: { model, prompt, n: '2' },
				files: [
					{ field: 'image', filename: 'photo.png', contentType: 'image/png' },
					{ field: 'mask', filename: 'mask.png', contentType: 'image/png' },
				],
				status: 200,
				aborted: false,
			},
			{ files: [{ field: 'image[]' }, { field: 'image[]' }], fields: { model, prompt } },
		]);
		expect(simulator.images).toHaveLength(3);
		expect(several.usage).toEqual(usage(3, (320 * 240 + 64 * 64) / 1024, 1756));
	});

	it('records the bytes of a file on disk', async () => {
		const file = path.resolve('package.json');
		const image = await toFile(fs.createReadStream(file), 'a.png', { type: 'image/png' });
		const error = await failureOf(client.images.edit({ model, prompt: 'x', image }));
		expect(error).toMatchObject({ status: 400, code: 'invalid_image_file', param: 'image' });
		expect(simulator.requests[0]?.files[0]?.bytes).toEqual(fs.readFileSync(file));
	});

	it('reads nested fields', async () => {
		await client.images.edit({
			model,
			prompt: 'An icon',
			image: await png(),
			output_format: 'svg',
			svg: { model: 'gpt-5.5', reasoning: { effort: 'none' } },
		});
		expect(simulator.requests[0]?.fields).toMatchObject({
			'svg[model]': 'gpt-5.5',
			'svg[reasoning][effort]': 'none',
		});
	});

	it('takes JSON with data URLs, other URLs and file ids', async () => {
		const bytes = Buffer.from(await (await png(64, 64)).arrayBuffer());
		const body = {
			model,
			prompt: 'Add a hat',
			images: [
				{ file_id: 'file-123' },
				{ image_url: 'https://example.com/cat.png' },
				{ image_url: `data:image/png;base64,${bytes.toString('base64')}` },
			],
			mask: { file_id: 'file-mask' },
		};
		const answer = await client.post<OpenAI.ImagesResponse>('/images/edits', { body });
		expect(answer.usage).toEqual(usage(3, 3 * 1024 + 4, 1756));
		expect(simulator.requests[0]?.json).toEqual(body);
	});
});

describe('stream', () => {
	const common = {
		b64_json: expect.any(String),
		created_at: expect.any(Number),
		size: '1024x1024',
		quality: 'low',
		background: 'opaque',
		output_format: 'jpeg',
	};
	const settings = { model, quality: 'low', output_format: 'jpeg', partial_images: 2 } as const;
	const completedUsage = (text: number, image: number) => ({
		input_tokens: text + image,
		input_tokens_details: { image_tokens: image, text_tokens: text },
		output_tokens: 3 * 196 + 200,
		total_tokens: text + image + 3 * 196 + 200,
	});

	async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
		const events: T[] = [];
		for await (const event of stream) events.push(event);
		return events;
	}

	it('sends partial images, then the completed one', async () => {
		const events = await all(
			await client.images.generate({ ...settings, prompt: 'Fox', stream: true }),
		);
		expect(events).toEqual([
			{ type: 'image_generation.partial_image', ...common, partial_image_index: 0 },
			{ type: 'image_generation.partial_image', ...common, partial_image_index: 1 },
			{ type: 'image_generation.completed', ...common, usage: completedUsage(1, 0) },
		]);
		const sizes = events.map(({ b64_json: data }) => sharp(Buffer.from(data, 'base64')).metadata());
		for (const { width, height, format } of await Promise.all(sizes)) {
			expect({ width, height, format }).toEqual({ width: 1024, height: 1024, format: 'jpeg' });
		}
		expect(new Set(events.map((event) => event.b64_json)).size).toBe(3);
	});

	it('names the events of an edit otherwise', async () => {
		const image = await png(64, 64);
		const events = await all(
			await client.images.edit({ ...settings, prompt: 'Fox', image, stream: true }),
		);
		expect(events).toEqual([
			{ type: 'image_edit.partial_image', ...common, partial_image_index: 0 },
			{ type: 'image_edit.partial_image', ...common, partial_image_index: 1 },
			{ type: 'image_edit.completed', ...common, usage: completedUsage(1, 4) },
		]);
	});

	it('completes each of several images; their usage adds up', async () => {
		const events = await all(
			await client.images.generate({ model, prompt: 'Fox', quality: 'low', n: 3, stream: true }),
		);
		expect(events.map(({ type }) => type)).toEqual(Array(3).fill('image_generation.completed'));
		expect(new Set(events.map((event) => event.b64_json)).size).toBe(3);
		const total = events.reduce(
			(sum, event) => sum + ('usage' in event ? event.usage.total_tokens : 0),
			0,
		);
		expect(total).toBe(1 + 3 * 3 * 196);
	});

	it('can fail half-way', async () => {
		simulator.misbehave({ errorEvent: 'server_error' });
		const stream = await client.images.generate({ ...settings, prompt: 'Fox', stream: true });
		const types: string[] = [];
		const error = await failureOf(
			(async () => {
				for await (const { type } of stream) types.push(type);
			})(),
		);
		expect(types).toEqual(Array(2).fill('image_generation.partial_image'));
		expect(error).toMatchObject({ code: 'server_error', type: 'server_error' });
	});
});

describe('models', () => {
	it('lists what still runs, with its last day', async () => {
		const { data } = await client.models.list();
		const dates = new Map(data.map(({ id, shutdown_date: date }) => [id, date]));
		expect(dates.get('gpt-image-2.6-flare')).toBeNull();
		expect(dates.get('gpt-image-1.5')).toBe('2026-12-01');
		expect(dates.get('gpt-5.5')).toBeNull();
		expect(dates.has('gpt-image-1')).toBe(false);
		expect(dates.has('dall-e-3')).toBe(false);
	});

	it('describes one', async () => {
		expect(await client.models.retrieve('chatgpt-image-latest')).toEqual({
			id: 'chatgpt-image-latest',
			object: 'model',
			created: Date.UTC(2025, 11, 16) / 1000,
			owned_by: 'system',
			shutdown_date: '2026-12-01',
		});
		expect(await failureOf(client.models.retrieve('gpt-image-9'))).toMatchObject({
			status: 404,
			code: 'model_not_found',
			param: 'model',
		});
	});
});

describe('errors', () => {
	const generate = (prompt = 'Fox', id: string = model, by = client) =>
		failureOf(by.images.generate({ model: id, prompt }));

	it('are the classes of the SDK, with code, param and request id', async () => {
		const stranger = client.withOptions({ apiKey: 'sk-someone-else' });
		const invalid = await generate('[moderation] fox');
		expect(invalid).toBeInstanceOf(BadRequestError);
		expect(invalid).toMatchObject({
			status: 400,
			code: 'moderation_blocked',
			type: 'image_generation_user_error',
			error: { moderation_details: { moderation_stage: 'input', categories: ['violence'] } },
			requestID: simulator.requests[0]?.requestId,
		});
		expect(await generate('Fox', model, stranger)).toBeInstanceOf(AuthenticationError);
		expect(await generate('Fox', 'gpt-image-9')).toBeInstanceOf(NotFoundError);
		simulator.misbehave({ code: 'rate_limit_exceeded' }, { code: 'server_is_overloaded' });
		expect(await generate()).toBeInstanceOf(RateLimitError);
		expect(await generate()).toBeInstanceOf(InternalServerError);
	});

	it.each(FAULT_CODES)('%s arrives as the API sends it', async (code) => {
		simulator.misbehave({ code });
		const { status, type, code: sent, param = null } = FAULT_TABLE[code];
		const error = await generate();
		expect(error).toMatchObject({ status, type, code: sent, param });
	});

	it('have their own form for paths that do not exist', async () => {
		const form = { type: 'invalid_request_error', param: null, code: null };
		expect(await failureOf(client.post('/images/paint'))).toMatchObject({
			status: 404,
			error: { ...form, message: 'Invalid URL (POST /v1/images/paint)' },
		});
		expect(await failureOf(client.get('/images/edits'))).toMatchObject({
			status: 404,
			error: { ...form, message: 'Invalid URL (GET /v1/images/edits)' },
		});
	});
});

describe('retries', () => {
	it('follow the headers of a fault', async () => {
		simulator.misbehave(
			{ code: 'rate_limit_exceeded', retryAfterMs: 20, times: 2 },
			{ code: 'server_error', shouldRetry: false },
		);
		const patient = client.withOptions({ maxRetries: 3 });
		await failureOf(patient.images.generate({ model, prompt: 'Fox' }));
		expect(simulator.requests.map(({ status }) => status)).toEqual([429, 429, 500]);
		const counts = simulator.requests.map(({ headers }) => headers['x-stainless-retry-count']);
		expect(counts).toEqual(['0', '1', '2']);
		await patient.images.generate({ model, prompt: 'Fox' });
		expect(simulator.requests).toHaveLength(4);
	});
});

it('answers under the path and with the header of Azure', async () => {
	const azure = new OpenAI({
		apiKey: 'unused',
		baseURL: simulator.url.replace('/v1', '/openai/v1'),
		defaultHeaders: { authorization: null, 'api-key': simulator.apiKey },
	});
	const { data } = await azure.images.generate({ model, prompt: 'Fox' });
	expect(data).toHaveLength(1);
});
