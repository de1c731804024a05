import sharp from 'sharp';

import { delay, events, http, zlib } from '../node';
import { startSimulator, type Fault, type Garbage, type Simulator } from './index';

interface Received {
	status: number | undefined;
	headers: http.IncomingHttpHeaders;
	body: Buffer;
	/** False when the connection ended before the answer did. */
	complete: boolean;
	/** Sizes of the pieces as they arrived. */
	pieces: number[];
}

let simulator: Simulator;
let control: string;

beforeAll(async () => {
	simulator = await startSimulator({ today: '2026-11-22' });
	control = simulator.url.replace('/v1', '/control');
});
afterEach(() => simulator.reset());
afterAll(async () => await simulator.close());

function send(body: object = {}): http.ClientRequest {
	const request = http.request(`${simulator.url}/images/generations`, {
		method: 'POST',
		headers: { authorization: 'Bearer sk-simulator', 'content-type': 'application/json' },
		agent: false,
	});
	// Surplus bytes after an answer are an error of the request, too.
	request.on('error', () => undefined);
	request.end(JSON.stringify({ model: 'gpt-image-2.6-flare', prompt: 'Fox', ...body }));
	return request;
}

async function answerTo(request: http.ClientRequest): Promise<http.IncomingMessage> {
	const [response]: unknown[] = await events.once(request, 'response');
	if (!(response instanceof http.IncomingMessage)) throw new TypeError('no response');
	return response;
}

/** Reads an answer to its end, proper or not. */
async function receive(request: http.ClientRequest): Promise<Received> {
	const response = await answerTo(request);
	const chunks: Buffer[] = [];
	response.on('data', (chunk: Buffer) => chunks.push(chunk));
	response.on('error', () => undefined);
	await new Promise((resolve) => response.once('close', resolve));
	return {
		status: response.statusCode,
		headers: response.headers,
		body: Buffer.concat(chunks),
		complete: response.complete,
		pieces: chunks.map((chunk) => chunk.length),
	};
}

async function asked(fault: Fault, body: object = {}): Promise<Received> {
	simulator.misbehave(fault);
	return await receive(send(body));
}

const imageIn = (body: Buffer | string): unknown => JSON.parse(String(body)).data[0].b64_json;

/** Waits until the simulator has noticed something. */
async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await delay(10);
}

describe('answers in place of the API', () => {
	it('take any status, header and body', async () => {
		const page = '<html>Bad gateway</html>';
		const html = await asked({ status: 502, body: page, headers: { server: 'cloudflare' } });
		expect(html).toMatchObject({ status: 502, complete: true, body: Buffer.from(page) });
		expect(html.headers).toMatchObject({ 'content-type': expect.stringContaining('text/html') });
		expect(html.headers.server).toBe('cloudflare');
		const json = await asked({ status: 418, body: { teapot: true } });
		expect([json.status, String(json.body)]).toEqual([418, '{"teapot":true}']);
		const own = await asked({ status: 503 });
		expect(JSON.parse(String(own.body)).error.code).toBe('server_is_overloaded');
		const bad = await asked({ status: 400 });
		expect(JSON.parse(String(bad.body)).error.type).toBe('invalid_request_error');
	});

	it('say when to come back', async () => {
		const date = 'Wed, 21 Oct 2026 07:28:00 GMT';
		const headers = async (fault: Fault) => (await asked(fault)).headers;
		expect(await headers({ code: 'slow_down', retryAfter: 3 })).toMatchObject({
			'retry-after': '3',
		});
		expect(
			await headers({ code: 'slow_down', retryAfter: date, retryAfterMs: 5, shouldRetry: true }),
		).toMatchObject({ 'retry-after': date, 'retry-after-ms': '5', 'x-should-retry': 'true' });
	});

	it('redirect', async () => {
		const { status, headers } = await asked({ redirect: 'http://127.0.0.1:9/', status: 308 });
		expect([status, headers.location]).toEqual([308, 'http://127.0.0.1:9/']);
		expect((await asked({ redirect: '/' })).status).toBe(307);
	});

	it('apply so many times, then no more', async () => {
		simulator.misbehave({ status: 500, times: 2 }, { status: 503 });
		const statuses: unknown[] = [];
		for (let count = 0; count < 4; count += 1) statuses.push((await receive(send())).status);
		expect(statuses).toEqual([500, 500, 503, 200]);
	});

	it('can come before the body was sent', async () => {
		simulator.misbehave({ status: 413, early: true });
		const request = http.request(`${simulator.url}/images/edits`, {
			method: 'POST',
			headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': 1000 },
			agent: false,
		});
		request.flushHeaders();
		expect((await answerTo(request)).statusCode).toBe(413);
		request.on('error', () => undefined).destroy();
		expect(simulator.requests[0]?.fields).toBeUndefined();
	});
});

describe('the connection', () => {
	it.each<[Fault['resetAfterBytes'], string]>([
		[-1, 'ECONNRESET'],
		['headers', 'ECONNRESET'],
	])('is reset (%s)', async (resetAfterBytes, code) => {
		simulator.misbehave({ resetAfterBytes });
		const request = send();
		const [error]: unknown[] = await events.once(request, 'error');
		expect(error).toMatchObject({ code });
		await until(() => simulator.requests[0]?.finishedAt !== undefined);
		expect(simulator.requests[0]?.aborted).toBe(false);
	});

	it('is reset within the body', async () => {
		const { status, body, complete } = await asked({ resetAfterBytes: 1000 });
		expect([status, body.length, complete]).toEqual([200, 1000, false]);
	});

	it('ends early but properly', async () => {
		const { body, complete } = await asked({ truncateAfterBytes: 1000 });
		expect([body.length, complete]).toEqual([1000, true]);
		expect(() => imageIn(body)).toThrow(SyntaxError);
	});

	it('stalls until the client goes away', async () => {
		simulator.misbehave({ stallAfterBytes: 1000 });
		const request = send();
		const response = await answerTo(request);
		let size = 0;
		response.on('error', () => undefined).on('data', (chunk: Buffer) => (size += chunk.length));
		await until(() => size >= 1000);
		expect(simulator.stats()).toMatchObject({ running: 1, openSockets: 1 });
		expect(simulator.requests[0]?.aborted).toBe(false);
		expect(size).toBe(1000);
		request.destroy();
		await until(() => simulator.requests[0]?.aborted === true);
		await until(() => simulator.openSockets() === 0);
		expect(simulator.stats().running).toBe(0);
	});

	it('does not keep a simulator from closing', async () => {
		const other = await startSimulator();
		other.misbehave({ stallAfterBytes: 10 });
		const headers = { 'api-key': 'sk-simulator', 'content-type': 'application/json' };
		const body = JSON.stringify({ model: 'gpt-image-2.6-flare', prompt: 'Fox' });
		const url = `${other.url}/images/generations`;
		const response = await fetch(url, { method: 'POST', headers, body });
		await other.close();
		await expect(response.text()).rejects.toThrow('terminated');
		expect(other.openSockets()).toBe(0);
	});

	it('waits before the headers, and notices a client that gives up meanwhile', async () => {
		simulator.misbehave({ delayMs: 60 }, { delayMs: 60_000 });
		const before = Date.now();
		expect((await receive(send())).status).toBe(200);
		expect(Date.now() - before).toBeGreaterThanOrEqual(55);
		const request = send();
		await until(() => simulator.requests.length === 2);
		request.destroy();
		await until(() => simulator.requests[1]?.aborted === true);
		expect(simulator.images).toHaveLength(1);
	});

	it('notices a client that goes away while it sends', async () => {
		const request = http.request(`${simulator.url}/images/edits`, {
			method: 'POST',
			headers: {
				authorization: 'Bearer sk-simulator',
				'content-type': 'multipart/form-data; boundary=b',
				'content-length': 100_000,
			},
			agent: false,
		});
		request.on('error', () => undefined);
		request.write('--b\r\ncontent-disposition: form-data; name="image"; filename="a.png"\r\n');
		await until(() => simulator.requests.length === 1);
		request.destroy();
		await until(() => simulator.requests[0]?.aborted === true);
		await until(() => simulator.stats().running === 0);
	});

	it.each([
		[10, false],
		[0, true],
		[-10, true],
	])('with a Content-Length wrong by %d', async (wrongContentLength, complete) => {
		const answer = await asked({ wrongContentLength });
		expect(answer.complete).toBe(complete);
		expect(answer.headers['transfer-encoding']).toBeUndefined();
		const length = Number(answer.headers['content-length']);
		expect(answer.body.length).toBe(Math.min(length, length - wrongContentLength));
	});

	it('sends small pieces', async () => {
		const { pieces, body } = await asked({ status: 200, body: 'x'.repeat(50), chunkBytes: 7 });
		expect(body.length).toBe(50);
		expect(Math.max(...pieces)).toBeLessThanOrEqual(7);
	});
});

it.each<[Garbage, (answer: Received) => unknown, unknown]>([
	['html', ({ body }) => String(body).slice(0, 9), '<!DOCTYPE'],
	['empty', ({ body }) => body.length, 0],
	['notJson', ({ body }) => String(body).slice(-4), 'oops'],
	['badBase64', ({ body }) => imageIn(body), '@@@ this is not base64 @@@'],
	['emptyData', ({ body }) => JSON.parse(String(body)).data, []],
	['badGzip', ({ headers }) => headers['content-encoding'], 'gzip'],
	[
		'wrongMagic',
		({ body }) => Buffer.from(String(imageIn(body)), 'base64').toString(),
		'These bytes are no image.',
	],
])('answers 200 with %s', async (garbage, look, expected) => {
	const answer = await asked({ garbage });
	expect(answer.status).toBe(200);
	expect(look(answer)).toEqual(expected);
});

it('answers with a URL that works', async () => {
	const { body } = await asked({ garbage: 'urlOnly' });
	const { url } = JSON.parse(String(body)).data[0];
	const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
	expect(bytes).toEqual(simulator.images[0]?.bytes);
});

describe('valid variations', () => {
	let plain: unknown;

	beforeAll(async () => {
		plain = imageIn((await receive(send())).body);
	});

	it('escaped slashes', async () => {
		const { body } = await asked({ escapeSlashes: true });
		expect(String(body)).not.toMatch(/[^\\]\//);
		expect(imageIn(body)).toBe(plain);
	});

	it('a data URL', async () => {
		const { body } = await asked({ dataUrlPrefix: true });
		expect(imageIn(body)).toBe(`data:image/png;base64,${String(plain)}`);
	});

	it('indented, and in another order', async () => {
		const { body } = await asked({ whitespace: true, usageFirst: true });
		expect(String(body)).toMatch(/^\{\n {2}"output_format": "png",/);
		expect(Object.keys(JSON.parse(String(body))).at(-1)).toBe('data');
		expect(imageIn(body)).toBe(plain);
	});

	it.each([
		['gzip', zlib.gunzipSync],
		['deflate', zlib.inflateSync],
		['br', zlib.brotliDecompressSync],
	] as const)('%s', async (encoding, decode) => {
		const { body, headers } = await asked({ encoding });
		expect(headers['content-encoding']).toBe(encoding);
		expect(imageIn(decode(body))).toBe(plain);
	});

	it('a stream with comments, CRLF and [DONE]', async () => {
		const { body } = await asked({ whitespace: true, done: true }, { stream: true });
		const text = String(body);
		expect(text).toMatch(/^: keep-alive\r\n\r\nevent: image_generation.completed\r\ndata:\{/);
		expect(text).toMatch(/\r\n\r\ndata: \[DONE\]\r\n\r\n$/);
	});

	it('a stream that ends without its image', async () => {
		const fault = { omitCompleted: true };
		const { body, complete } = await asked(fault, { stream: true, partial_images: 1 });
		expect(complete).toBe(true);
		expect(String(body).match(/^event: .*$/gm)).toEqual(['event: image_generation.partial_image']);
	});
});

describe('limits', () => {
	it('refuse images beyond the window and say when there is room', async () => {
		const limited = await startSimulator({ rateLimit: { images: 3, windowMs: 60_000 } });
		const ask = async (n: number) => {
			const body = JSON.stringify({ model: 'gpt-image-2.6-flare', prompt: 'Fox', n });
			const headers = { 'api-key': 'sk-simulator', 'content-type': 'application/json' };
			const url = `${limited.url}/images/generations`;
			const response = await fetch(url, { method: 'POST', headers, body });
			await response.arrayBuffer();
			return response;
		};
		const first = await ask(2);
		expect(first.status).toBe(200);
		expect(first.headers.get('x-ratelimit-limit-images')).toBe('3');
		expect(first.headers.get('x-ratelimit-remaining-images')).toBe('1');
		const refused = await ask(2);
		expect(refused.status).toBe(429);
		const wait = Number(refused.headers.get('retry-after-ms'));
		expect(wait).toBeGreaterThan(0);
		expect(wait).toBeLessThanOrEqual(60_000);
		const seconds = String(Math.ceil(wait / 1000));
		expect(refused.headers.get('retry-after')).toBe(seconds);
		expect(refused.headers.get('x-ratelimit-reset-images')).toBe(seconds);
		limited.advance(wait);
		expect((await ask(2)).status).toBe(200);
		await limited.close();
	});

	it('count the images that are sent, too', async () => {
		const limited = await startSimulator({ rateLimit: { inputImages: 3, windowMs: 60_000 } });
		const bytes = await sharp({
			create: { width: 64, height: 64, channels: 3, background: '#888' },
		})
			.png()
			.toBuffer();
		const image = `data:image/png;base64,${bytes.toString('base64')}`;
		const ask = async (count: number) => {
			const images = Array(count).fill({ image_url: image });
			const response = await fetch(`${limited.url}/images/edits`, {
				method: 'POST',
				headers: { 'api-key': 'sk-simulator', 'content-type': 'application/json' },
				body: JSON.stringify({ model: 'gpt-image-2', prompt: 'Hat', quality: 'low', images }),
			});
			return [response.status, await response.json()];
		};
		expect((await ask(2))[0]).toBe(200);
		const refused = await ask(2);
		await limited.close();
		expect(refused).toEqual([
			429,
			{
				error: {
					message: expect.stringMatching(
						/^Rate limit reached for gpt-image-2 \(for limit gpt-image\) in organization org-simulator on input-images per min: Limit 3, Used 2, Requested 2\. Please try again in [\d.]+s\./,
					),
					type: 'input-images',
					param: null,
					code: 'rate_limit_exceeded',
				},
			},
		]);
	});

	it('end with the credit', async () => {
		const poor = await startSimulator({ maxImages: 1 });
		const ask = async () => {
			const response = await fetch(`${poor.url}/images/generations`, {
				method: 'POST',
				headers: { 'api-key': 'sk-simulator', 'content-type': 'application/json' },
				body: JSON.stringify({ model: 'gpt-image-2.6-flare', prompt: 'Fox' }),
			});
			const text = await response.text();
			return [response.status, text.includes('"insufficient_quota"')];
		};
		expect([await ask(), await ask()]).toEqual([
			[200, false],
			[429, true],
		]);
		await poor.close();
	});
});

describe('control endpoints', () => {
	const post = async (path: string, body?: string) =>
		await fetch(`${control}/${path}`, { method: 'POST', body });

	it('queue faults and tell what arrived', async () => {
		const faults: Fault[] = [{ code: 'slow_down', retryAfter: 1 }];
		expect((await post('misbehave', JSON.stringify(faults))).status).toBe(200);
		expect((await receive(send())).status).toBe(429);
		const requests: unknown = await (await fetch(`${control}/requests`)).json();
		expect(requests).toMatchObject([
			{ path: '/v1/images/generations', json: { prompt: 'Fox' }, status: 429, files: [] },
		]);
		expect(await (await fetch(`${control}/stats`)).json()).toMatchObject({
			imageRequests: 1,
			running: 0,
			maxConcurrent: 1,
		});
		await post('reset');
		expect(simulator.requests).toEqual([]);
	});

	it.each(['{', '{}', '["x"]', '[{"colour":1}]', '[{"code":"nope"}]'])(
		'refuse %s',
		async (body) => {
			expect((await post('misbehave', body)).status).toBe(400);
		},
	);

	it('count requests under way at once', async () => {
		simulator.misbehave({ delayMs: 100, times: 3 });
		await Promise.all([1, 2, 3].map(async () => await receive(send())));
		expect(simulator.stats()).toMatchObject({ imageRequests: 3, maxConcurrent: 3 });
	});
});

describe('noise', () => {
	it('is a valid PNG of exactly so many bytes, and keeps nothing', async () => {
		const noisy = await startSimulator({ draw: 'noise', imageBytes: 3_000_000 });
		const body = new FormData();
		const input = await sharp({
			create: { width: 700, height: 500, channels: 3, background: '#888' },
		})
			.jpeg()
			.toBuffer();
		const bytes = new Uint8Array(Buffer.concat([input, Buffer.alloc(1_000_000)]));
		body.append('model', 'gpt-image-2.6-flare');
		body.append('prompt', 'Fox');
		body.append('n', '2');
		body.append('size', '1536x1024');
		body.append('image', new Blob([bytes], { type: 'image/jpeg' }), 'a.jpg');
		const headers = { authorization: 'Bearer sk-simulator' };
		const url = `${noisy.url}/images/edits`;
		const text = await (await fetch(url, { method: 'POST', headers, body })).text();
		const { images, requests } = noisy;
		await noisy.close();
		const image = Buffer.from(String(imageIn(text)), 'base64');
		expect(image.length).toBe(3_000_000);
		const { width, height, format } = await sharp(image).metadata();
		expect([width, height, format]).toEqual([1536, 1024, 'png']);
		await sharp(image, { failOn: 'warning' }).raw().toBuffer();
		expect(images).toHaveLength(2);
		expect(images[0]?.bytes).toBeUndefined();
		expect(requests[0]?.files[0]).toMatchObject({ size: bytes.length, field: 'image' });
		expect(requests[0]?.files[0]?.bytes.length).toBeLessThan(200_000);
	});
});
