import { NodeApiError, type INodeParameters } from 'n8n-workflow';
import { runNode } from '../harness';
import { useLoopClock } from '../support/clock';
import { picture } from '../support/pictures';
import { allSocketsClosed } from '../support/sockets';
import { startSimulator, type Fault, type Simulator } from '../simulator';
import { asSaved, membersOf } from '../support/parameters';

useLoopClock();

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator({ draw: 'noise', imageBytes: 3000 });
});
afterAll(async () => await simulator.close());
beforeEach(() => simulator.reset());

const generate = async (options: INodeParameters = {}, n = 1) =>
	await runNode({
		parameters: asSaved({ prompt: 'a fox', n, options: { ...options } }),
		credentials: { kind: 'openAi', apiKey: simulator.apiKey, baseUrl: simulator.url },
		node: { onError: 'continueRegularOutput' },
	});

/** 0 would be no word, and the wait the node's own. */
const now = { retryAfterMs: 1 };

describe('a request is sent again', () => {
	it.each<[string, Fault, string]>([
		['after 408', { status: 408, ...now }, '408 server_error'],
		['after 409', { status: 409, ...now }, '409 server_error'],
		['after 500', { code: 'server_error', ...now }, '500 server_error'],
		[
			'after 502 with a proxy page',
			{ status: 502, body: '<html>Bad gateway</html>', ...now },
			'502',
		],
		['after 503', { code: 'server_is_overloaded', ...now }, '503 server_is_overloaded'],
		['after 504 without a body', { status: 504, body: '', ...now }, '504'],
		['after a rate limit', { code: 'rate_limit_exceeded', ...now }, '429 rate_limit_exceeded'],
		['after slow_down', { code: 'slow_down', ...now }, '429 slow_down'],
		['after a connection reset before the headers', { resetAfterBytes: -1 }, 'ECONNRESET'],
		['after a reset in the middle of the headers', { resetAfterBytes: 'headers' }, 'ECONNRESET'],
		[
			'after a rate limit with retry-after in seconds',
			{ code: 'rate_limit_exceeded', retryAfter: 0 },
			'429 rate_limit_exceeded',
		],
		[
			'after a rate limit with a date in the past',
			{ code: 'rate_limit_exceeded', retryAfter: new Date(0).toUTCString() },
			'429 rate_limit_exceeded',
		],
		[
			'when x-should-retry asks for it',
			{ code: 'server_error', status: 418, shouldRetry: true, ...now },
			'418 server_error',
		],
		['after an error event before any image', { errorEvent: 'server_error' }, 'server_error'],
	])('%s', async (_, fault, reason) => {
		simulator.misbehave(fault);
		const { items } = await generate(fault.errorEvent ? { partialImages: 0 } : {});
		expect(items).toHaveLength(1);
		expect(items[0]?.binary?.data?.bytes).toBe(3000);
		expect(items[0]?.json.retries).toEqual({
			count: 1,
			waitedMs: expect.any(Number),
			reasons: [reason],
		});
		expect(simulator.requests).toHaveLength(2);
		await allSocketsClosed(simulator);
	});

	it('with the same body', async () => {
		simulator.misbehave({ code: 'server_error', ...now });
		await generate();
		const [first, second] = simulator.requests;
		expect(second?.json).toEqual(first?.json);
	});

	it.each([0, 1, 2, 3])('at most Max Retries times (%i)', async (maxRetries) => {
		simulator.misbehave({ code: 'server_error', ...now, times: 10 });
		const { items } = await generate({ maxRetries });
		expect(items[0]?.json.details).toMatchObject({ kind: 'api', class: 'serverFault' });
		expect(simulator.requests).toHaveLength(1 + maxRetries);
	});

	it('as often as a rate limit asks, whatever Max Retries says', async () => {
		simulator.misbehave({ code: 'rate_limit_exceeded', retryAfterMs: 5, times: 3 });
		const { items } = await generate({ maxRetries: 0 });
		expect(items[0]?.json.retries).toMatchObject({ count: 3 });
		expect(simulator.requests).toHaveLength(4);
	});

	it('not when a rate limit asks for a longer wait than Timeout', async () => {
		simulator.misbehave({ code: 'rate_limit_exceeded', retryAfter: 3600 });
		const { items } = await generate({ timeout: 60 });
		expect(items[0]?.json.details).toMatchObject({ kind: 'api', class: 'rateLimit' });
		expect(simulator.requests).toHaveLength(1);
	});
});

describe('a request is never sent again', () => {
	const refused: Array<[string, Fault]> = [
		['moderation_blocked', { code: 'moderation_blocked' }],
		['moderation_blocked with x-should-retry', { code: 'moderation_blocked', shouldRetry: true }],
		['content_policy_violation', { code: 'content_policy_violation' }],
		['insufficient_quota', { code: 'insufficient_quota', ...now }],
		['insufficient_quota with x-should-retry', { code: 'insufficient_quota', shouldRetry: true }],
		['credit_balance_exhausted', { code: 'credit_balance_exhausted' }],
		['organization_spend_limit_exceeded', { code: 'organization_spend_limit_exceeded' }],
		['project_spend_limit_exceeded', { code: 'project_spend_limit_exceeded' }],
		['organization_usage_limit_exceeded', { code: 'organization_usage_limit_exceeded' }],
		['billing_hard_limit_reached', { code: 'billing_hard_limit_reached' }],
		['invalid_value', { code: 'invalid_value' }],
		[
			'invalid_api_key',
			{ status: 401, body: { error: { message: 'no', code: 'invalid_api_key' } } },
		],
		['403', { status: 403, body: { error: { message: 'no' } } }],
		['404', { status: 404, body: 'not here' }],
		['410', { status: 410, body: '' }],
		['413', { status: 413, body: '<html>too large</html>' }],
		['500 with x-should-retry: false', { status: 500, shouldRetry: false }],
		['a redirect', { redirect: 'https://example.com/v1/images/generations?token=secret' }],
	];
	const paidFor: Array<[string, Fault]> = [
		['an answer cut off in the image', { truncateAfterBytes: 2000 }],
		['an answer reset in the image', { resetAfterBytes: 2000 }],
		['an answer cut off before the image', { truncateAfterBytes: 10 }],
		['an answer that stalls in the image', { stallAfterBytes: 2000 }],
		['a web page with status 200', { garbage: 'html' }],
		['an empty answer', { garbage: 'empty' }],
		['no JSON', { garbage: 'notJson' }],
		['damaged base64', { garbage: 'badBase64' }],
		['bytes that are no image', { garbage: 'wrongMagic' }],
		['a link instead of the image', { garbage: 'urlOnly' }],
		['an empty list of images', { garbage: 'emptyData' }],
		['damaged gzip', { garbage: 'badGzip' }],
	];

	it('after an error event that comes behind a preview', async () => {
		simulator.misbehave({ errorEvent: 'server_error' });
		const { items } = await generate({ partialImages: 2 });
		expect(items[0]?.json.details).toMatchObject({ kind: 'api', class: 'serverFault' });
		expect(simulator.requests).toHaveLength(1);
	});

	it.each([...refused, ...paidFor])('after %s', async (_, fault) => {
		simulator.misbehave(fault);
		const { items } = await generate({ idleTimeout: 0.3, maxRetries: 5 });
		expect(items).toEqual([
			{
				json: { error: expect.any(String), details: expect.any(Object) },
				pairedItem: { item: 0 },
			},
		]);
		expect(simulator.requests).toHaveLength(1);
		await allSocketsClosed(simulator);
	});

	it('once Timeout is up, also with a silent server', async () => {
		simulator.misbehave({ delayMs: 5000 });
		const { items } = await generate({ timeout: 0.2, maxRetries: 5 });
		expect(items[0]?.json.details).toMatchObject({ kind: 'timeout' });
		expect(simulator.requests).toHaveLength(1);
		await allSocketsClosed(simulator);
	});

	it('to a host that does not exist or a key that is wrong', async () => {
		const run = runNode({
			parameters: { prompt: 'a fox' },
			credentials: { kind: 'openAi', apiKey: 'wrong', baseUrl: simulator.url },
		});
		await expect(run).rejects.toThrow(NodeApiError);
		expect(simulator.requests).toHaveLength(1);
	});
});

describe('an image that has arrived whole', () => {
	it('is kept when the connection breaks behind the last byte', async () => {
		simulator.misbehave({ wrongContentLength: 50 });
		const { items } = await generate();
		expect(items).toHaveLength(1);
		expect(items[0]?.json).toMatchObject({ model: 'gpt-image-2', bytes: 3000, index: 0 });
		expect(simulator.requests).toHaveLength(1);
	});

	it('is kept beside the failure when the answer breaks off in the next one', async () => {
		simulator.misbehave({ truncateAfterBytes: 10_000 });
		const { items } = await generate({}, 5);
		expect(items.map(({ json }) => json.bytes ?? membersOf(json.details).kind)).toEqual([
			3000,
			3000,
			'interrupted',
		]);
		expect(simulator.requests).toHaveLength(1);
	});
});

describe('a preview', () => {
	it('is never taken for the image, wherever the stream breaks off', async () => {
		const preview = await picture('png');
		const body = `event: image_generation.partial_image\ndata: {"b64_json":"${preview.bytes.toString('base64')}"`;
		simulator.misbehave({ status: 200, body });
		const { items } = await generate({ partialImages: 1, keepPartialImages: true });
		expect(items.map(({ json }) => membersOf(json.details).kind)).toEqual(['interrupted']);
		expect(simulator.requests).toHaveLength(1);
	});
});

describe('a rate limit', () => {
	it('that asks for more than it ever grants is not waited for', async () => {
		const message = 'Rate limit reached for images per minute. Limit 5, Requested 10.';
		simulator.misbehave({
			status: 429,
			body: { error: { message, code: 'rate_limit_exceeded', type: 'requests' } },
			retryAfterMs: 5,
		});
		await generate({}, 10);
		expect(simulator.requests).toHaveLength(1);
	});

	it('that is too long to wait for is told to the other items without asking again', async () => {
		simulator.misbehave({ code: 'rate_limit_exceeded', retryAfter: 3600, times: 99 });
		const { items } = await runNode({
			parameters: asSaved({ prompt: 'a fox', options: { timeout: 60, requestsInParallel: 1 } }),
			credentials: { kind: 'openAi', apiKey: simulator.apiKey, baseUrl: simulator.url },
			items: Array.from({ length: 8 }, () => ({ json: {} })),
			node: { onError: 'continueRegularOutput' },
		});
		expect(
			items.map(({ json, pairedItem }) => [membersOf(json.details).class, pairedItem]),
		).toEqual(Array.from({ length: 8 }, (_, item) => ['rateLimit', { item }]));
		expect(simulator.requests).toHaveLength(1);
	});
});
