import { NodeApiError, NodeOperationError, type INodeParameters } from 'n8n-workflow';
import { storeBinary, type NodeRun } from '../harness';
import { head, startRawServer } from '../support/rawServer';
import { FAULT_TABLE } from '../simulator/errors';
import { FAULT_CODES, type Fault, type FaultCode } from '../simulator';
import { picture } from '../support/pictures';
import { imagesFrom } from '../support/parameters';
import { useSimulator } from '../support/simulator';
import { allSocketsClosed } from '../support/sockets';

const simulator = useSimulator({ draw: 'noise', imageBytes: 3000 });

/** The error of the second of two items; the first always succeeds. */
async function errorOf(
	fault: Fault,
	options: INodeParameters = {},
): Promise<NodeApiError | NodeOperationError> {
	simulator.api.misbehave({}, fault);
	const error: unknown = await simulator
		.run({ ...request(options), items: [{ json: {} }, { json: {} }] })
		.then(() => undefined)
		.catch((thrown: unknown) => thrown);
	await allSocketsClosed(simulator.api);
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	throw new TypeError(`The run ended with ${String(error)}`);
}

const request = (options: INodeParameters = {}): NodeRun => ({
	parameters: {
		prompt: 'a fox',
		options: { maxRetries: 0, timeout: 60, requestsInParallel: 1, ...options },
	},
});

/** What a workflow sees on the error output. */
async function detailsOf(fault: Fault, options: INodeParameters = {}) {
	simulator.api.misbehave(fault);
	const { items } = await simulator.run({
		...request(options),
		node: { onError: 'continueRegularOutput' },
	});
	return items[0]?.json;
}

/** Refused for longer than the node would wait. */
const longer = { retryAfter: 3600 };

interface Row {
	message: string;
	remedy: RegExp;
	cause?: string;
}

const SAFETY: Row = {
	message: 'The safety system refused the prompt or an image',
	remedy: /Change the prompt or the input image/,
};
const IMAGE: Row = { message: 'An input image was not accepted', remedy: /PNG, JPEG or WebP/ };
const VALUE: Row = {
	message: 'The API did not accept a value of the request',
	remedy: /Check (the field named below|Model, Size, Quality)/,
};
const CREDIT: Row = {
	message: 'The OpenAI account has no credit left',
	remedy: /Add credit .* platform\.openai\.com/,
	cause: 'quota-exhausted',
};
const SPEND: Row = {
	message: 'A spend limit of the OpenAI account is reached',
	remedy: /Raise the monthly limit/,
	cause: 'quota-exhausted',
};
const MODEL: Row = {
	message: 'The model is not available to this API key',
	remedy: /Choose another Model/,
	cause: 'configuration-invalid',
};
const RATE: Row = {
	message: 'The rate limit of the OpenAI account kept images waiting too long',
	remedy: /Set Images per Minute/,
	cause: 'rate-limited',
};
const KEY: Row = {
	message: 'The API key was not accepted',
	remedy: /paste the key again and test it/,
	cause: 'credential-invalid',
};
const OVERLOADED: Row = {
	message: 'The API is overloaded at the moment',
	remedy: /in a few minutes/,
	cause: 'temporarily-unavailable',
};
const FAULTY: Row = {
	message: 'The API had a fault of its own',
	remedy: /status\.openai\.com/,
	cause: 'temporarily-unavailable',
};

const LATE: Row = {
	message: 'A proxy or gateway stopped waiting for the image',
	remedy: /Switch Keep Connection Alive on/,
	cause: 'temporarily-unavailable',
};
const PROXY: Row = {
	message: 'A proxy or gateway got no proper answer from the API',
	remedy: /check the gateway or proxy/,
	cause: 'temporarily-unavailable',
};
const UNSUPPORTED: Row = {
	message: 'What answers at the Base URL does not take such a request',
	remedy: /Check the Base URL/,
	cause: 'configuration-invalid',
};
const COUNTRY: Row = {
	message: 'The API is not offered in the country the request came from',
	remedy: /list of supported countries/,
	cause: 'configuration-invalid',
};

const CODES: Record<FaultCode, Row> = {
	moderation_blocked: { ...SAFETY, message: `${SAFETY.message} (violence)` },
	image_generation_user_error: SAFETY,
	content_policy_violation: SAFETY,
	unsupported_file_mimetype: IMAGE,
	invalid_image_file: IMAGE,
	invalid_input_fidelity_model: VALUE,
	invalid_value: VALUE,
	unknown_parameter: VALUE,
	billing_hard_limit_reached: SPEND,
	invalid_api_key: KEY,
	organization_not_verified: {
		message: 'The OpenAI organization must be verified to use this model',
		remedy: /Settings > Organization > General .* 15 minutes/,
		cause: 'configuration-invalid',
	},
	project_lacks_model: MODEL,
	unsupported_country_region_territory: COUNTRY,
	model_not_found: MODEL,
	model_retired: MODEL,
	payload_too_large: {
		message: 'The request is too large',
		remedy: /fewer or smaller input images/,
	},
	rate_limit_exceeded: RATE,
	slow_down: RATE,
	insufficient_quota: CREDIT,
	credit_balance_exhausted: CREDIT,
	organization_spend_limit_exceeded: SPEND,
	project_spend_limit_exceeded: SPEND,
	organization_usage_limit_exceeded: SPEND,
	server_error: FAULTY,
	server_is_overloaded: OVERLOADED,
};

describe('an error of the API says what happened and what to do', () => {
	it.each(FAULT_CODES)('%s', async (code) => {
		const { message, remedy, cause } = CODES[code];
		const said = FAULT_TABLE[code];
		const error = await errorOf({ code, ...longer });
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.message).toBe(`${message} [item 2]`);
		expect(error.message).not.toMatch(/error/i);
		expect(error.message).not.toContain(said.message);
		expect(error.description).toMatch(remedy);
		expect(error).toMatchObject({ httpCode: String(said.status), level: 'warning' });
		expect(error.context.itemIndex).toBe(1);
		// The editor would add a second label to the message, counted from 0.
		expect(JSON.parse(JSON.stringify(error.context))).not.toHaveProperty('itemIndex');
		expect(error.failure?.cause).toBe(cause);
	});

	it.each<[number, Row]>([
		[400, VALUE],
		[401, KEY],
		[403, { message: 'The API key may not do this', remedy: /Write permission for Images/ }],
		[404, { message: 'The API does not know this address or model', remedy: /Base URL/ }],
		[402, CREDIT],
		[405, UNSUPPORTED],
		[407, { message: 'A proxy in front of the API asks for a login', remedy: /HTTPS_PROXY/ }],
		[408, LATE],
		[409, OVERLOADED],
		[410, MODEL],
		[413, { message: 'The request is too large', remedy: /smaller/ }],
		[415, UNSUPPORTED],
		[418, VALUE],
		[422, VALUE],
		[429, RATE],
		[500, FAULTY],
		[451, COUNTRY],
		[502, PROXY],
		[503, OVERLOADED],
		[504, LATE],
		[520, PROXY],
		[524, LATE],
		[599, LATE],
	])('status %i without a body', async (status, { message, remedy }) => {
		const error = await errorOf({ status, body: '', ...longer });
		expect(error.message).toBe(`${message} [item 2]`);
		expect(error.description).toMatch(remedy);
		expect(error).toMatchObject({ httpCode: String(status), context: { itemIndex: 1 } });
	});

	it('counts the images made before', async () => {
		const { description } = await errorOf({ code: 'invalid_api_key' });
		expect(description).toMatch(/^1 image was made before this and not passed on\. Set On Error /);
	});
});

describe('the details on the error output', () => {
	it.each(FAULT_CODES)('of %s', async (code) => {
		const { status, type, param, message, code: sent, moderation_details } = FAULT_TABLE[code];
		const json = await detailsOf({ code, ...longer });
		const [sentRequest] = simulator.api.requests;
		expect(json).toEqual({
			error: `${CODES[code].message} [item 1]`,
			details: {
				kind: 'api',
				class: expect.any(String),
				status,
				...(sent !== null && { code: sent }),
				type,
				...(param !== undefined && { param }),
				requestId: sentRequest?.requestId,
				...(moderation_details && { moderation: moderation_details }),
				reason: message,
				retryable: expect.any(Boolean),
				description: expect.stringContaining(`The API says: "${message}"`),
			},
		});
	});

	it('have the facts in the description, too', async () => {
		const json = await detailsOf({ code: 'invalid_value' });
		const { requestId } = simulator.api.requests[0] ?? {};
		expect(json?.details).toMatchObject({
			description: expect.stringMatching(
				new RegExp(` \\(field: quality, code: invalid_value, request: ${requestId}\\)$`),
			),
		});
	});

	it.each<[string, Fault, INodeParameters, object]>([
		['a timeout', { delayMs: 60_000 }, { timeout: 0.2 }, { kind: 'timeout' }],
		['silence', { stallAfterBytes: 5 }, { idleTimeout: 0.2 }, { kind: 'timeout' }],
		['a reset', { resetAfterBytes: -1 }, {}, { kind: 'connection', code: 'ECONNRESET' }],
		['a cut', { truncateAfterBytes: 99 }, {}, { kind: 'interrupted' }],
		['a web page', { garbage: 'html' }, {}, { kind: 'answer' }],
		[
			'a redirect',
			{ redirect: 'https://example.com/v1?token=x' },
			{},
			{ kind: 'redirect', status: 307, reason: 'https://example.com/v1' },
		],
	])('tell the kind of %s', async (_, fault, options, details) => {
		const json = await detailsOf(fault, options);
		expect(json?.details).toMatchObject({ reason: expect.stringMatching(/./), ...details });
		const { mayBeBilled = false, description }: Record<string, unknown> = Object(json?.details);
		expect(/may have been paid for/.test(String(description))).toBe(mayBeBilled);
	});
});

describe('a failure of the network', () => {
	const reach = 'The API could not be reached [item 1]';
	it.each<[string, (url: string) => string, string, string | undefined]>([
		['a closed port', () => 'http://127.0.0.1:9/v1', reach, 'ECONNREFUSED'],
		['an unknown host', () => 'http://does-not-exist.invalid/v1', reach, undefined],
		['TLS with a server that has none', (url) => url.replace('http', 'https'), reach, 'EPROTO'],
	])('by %s', async (_, baseUrl, message, code) => {
		const run = simulator.run({
			...request(),
			credentials: simulator.credentials({ baseUrl: baseUrl(simulator.api.url) }),
		});
		await expect(run).rejects.toMatchObject({
			name: 'NodeApiError',
			message,
			description: expect.stringMatching(/^Check the Base URL of the credential, and the network/),
			context: { itemIndex: 0, data: { kind: 'connection', ...(code && { code }) } },
		});
	});

	it.each(['', ' not a url ', 'ftp://example.com', 'http://', 'https:///v1'])(
		'by the Base URL %j is found before anything is sent',
		async (baseUrl) => {
			const run = simulator.run({
				...request(),
				credentials: simulator.credentials({ kind: 'azure', baseUrl }),
			});
			await expect(run).rejects.toMatchObject({
				message: 'The Base URL of the credential is not a web address',
				description: expect.stringMatching(/^Set it to /),
			});
		},
	);

	it('by something that is not HTTP', async () => {
		const server = await startRawServer((socket) => void socket.end('220 ESMTP\r\n'));
		const run = simulator.run({
			...request(),
			credentials: simulator.credentials({ baseUrl: server.url }),
		});
		await expect(run).rejects.toThrow(reach);
		await server.close();
	});
});

describe('texts of the API', () => {
	const dirty = 'line\r\n\u0000\u001b[31mred\u202Eright to left\u200B';
	const clean = /^[^\p{Cc}\p{Cf}]*$/u;
	const long = 'x'.repeat(5000);

	const body = (text: string) => ({
		error: {
			message: text,
			type: text,
			param: text,
			code: text,
			moderation_details: { moderation_stage: text, categories: [text] },
		},
	});

	it('lose control characters and are cut', async () => {
		const json = await detailsOf({ status: 400, body: body(dirty + long) });
		const details: unknown = json?.details;
		expect(String(json?.error)).toMatch(clean);
		expect(String(json?.error).length).toBeLessThan(700);
		const texts = stringsIn(details);
		expect(texts.length).toBeGreaterThan(5);
		for (const text of texts) expect(text).toMatch(clean);
		expect(details).toMatchObject({
			reason: expect.stringMatching(/^.{500}$/),
			code: expect.stringMatching(/^.{100}$/),
			type: expect.stringMatching(/^.{100}$/),
			param: expect.stringMatching(/^.{100}$/),
		});
	});

	it('are cut by whole characters', async () => {
		const json = await detailsOf({ status: 400, body: body(`a${'😀'.repeat(600)}`) });
		for (const text of stringsIn(json)) expect(text).not.toMatch(/\p{Cs}/u);
	});

	it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
		'with the code %s mean nothing to JavaScript',
		async (code) => {
			const json = await detailsOf({ status: 400, body: { error: { message: 'no', code } } });
			expect(json?.error).toBe(`${VALUE.message} [item 1]`);
		},
	);

	it.each<[string, unknown]>([
		['numbers', { error: { message: 5, type: 6, param: 7 } }],
		['lists', { error: { message: [], type: [], param: [{}], code: [] } }],
		['objects', { error: { message: { text: 'a' }, type: {}, param: {}, code: {} } }],
		['nothing', { error: { message: null, type: null, param: null, code: null } }],
		['an empty error', { error: {} }],
		['an empty list of errors', { error: [] }],
	])('of another type are left out: %s', async (_, sent) => {
		const json = await detailsOf({ status: 400, body: JSON.stringify(sent) });
		expect(json).toEqual({
			error: `${VALUE.message} [item 1]`,
			details: {
				kind: 'api',
				class: 'badParameter',
				status: 400,
				requestId: expect.any(String),
				reason: '',
				retryable: false,
				description: expect.stringMatching(/^Check Model, Size, Quality .*\(request: req_\w+\)$/),
			},
		});
	});
});

describe('n8n, which rewrites messages that happen to hold a code such as EEXIST, leaves alone', () => {
	it('a message about a field', async () => {
		const data = await storeBinary((await picture('png')).bytes, 'a.png', 'image/png');
		const run = simulator.run({
			parameters: { operation: 'edit', prompt: 'a fox', images: imagesFrom('preexisting') },
			items: [{ json: {}, binary: { data } }],
		});
		await expect(run).rejects.toThrow('Input data field "preexisting" does not exist [item 1]');
	});

	it('a message with a category', async () => {
		const moderation_details = { moderation_stage: 'input', categories: ['preexisting'] };
		const { error } = FAULT_BODY;
		const json = await detailsOf({
			status: 400,
			body: { error: { ...error, moderation_details } },
		});
		expect(json?.error).toBe(`${SAFETY.message} (preexisting) [item 1]`);
	});

	it.each(['eexist', 'ECONNRESET', 'ETIMEDOUT', 'ENOENT'])(
		'an error with code %s',
		async (code) => {
			const json = await detailsOf({ status: 400, body: { error: { message: code, code } } });
			expect(json?.error).toBe(`${VALUE.message} [item 1]`);
			const error = await errorOf({ status: 400, body: { error: { message: code, code } } });
			expect(error.message).toBe(`${VALUE.message} [item 2]`);
		},
	);
});

const FAULT_BODY = {
	error: { message: 'no', type: 'image_generation_user_error', code: 'moderation_blocked' },
};

function stringsIn(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	if (typeof value !== 'object' || value === null) return [];
	return Object.values(value).flatMap(stringsIn);
}

describe('a web page', () => {
	it('that breaks off is still an error of its status', async () => {
		const server = await startRawServer((socket) => {
			socket.write(head(403, { 'content-type': 'text/html', 'content-length': 1e9 }) + '<html>');
			socket.end();
		});
		const run = simulator.run({
			...request(),
			credentials: simulator.credentials({ baseUrl: server.url }),
		});
		await expect(run).rejects.toMatchObject({
			message: 'The API key may not do this [item 1]',
			httpCode: '403',
		});
		await server.close();
	});
});

describe('an answer with links in place of images', () => {
	const answered = async (entries: object[]) => {
		const server = await startRawServer((socket) => {
			socket.end(`${head(200)}${JSON.stringify({ created: 1, data: entries })}`);
		});
		try {
			const { items } = await simulator.run({
				...request(),
				credentials: simulator.credentials({ baseUrl: server.url }),
				node: { onError: 'continueRegularOutput' },
			});
			return items;
		} finally {
			await server.close();
		}
	};

	it('tells them, so that nothing paid for is lost', async () => {
		const url = `https://files.example.com/${'a'.repeat(1000)}.png?sig=x%2By&se=2026`;
		const others = [
			{ url: 'HTTP://example.com/2', b64_json: null },
			{ url: 'http://example.com/3', b64_json: '' },
		];
		expect(await answered([{ url }, ...others])).toEqual([
			{
				json: {
					error: 'The answer has a link in place of the image [item 1]',
					details: {
						kind: 'answer',
						reason: 'The answer has a link (url) in place of the image (b64_json)',
						links: [url, 'HTTP://example.com/2', 'http://example.com/3'],
						retryable: false,
						mayBeBilled: true,
						description: expect.stringMatching(
							/^Fetch it with an HTTP Request node.* The image is at https:\/\/files\./,
						),
					},
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('tells no secret with them, and no more than an answer can have', async () => {
		const url = `https://example.com/?key=${simulator.api.apiKey}`;
		const [item] = await answered(Array.from({ length: 12 }, () => ({ url })));
		expect(item?.json.details).toMatchObject({
			links: Array.from({ length: 10 }, () => 'https://example.com/?key=[secret]'),
		});
	});

	it.each([
		'javascript:alert(1)',
		'data:image/png;base64,AAAA',
		'',
		`https://a/${'b'.repeat(9000)}`,
	])('does not pass on %s', async (url) => {
		const [item] = await answered([{ url }]);
		expect(item?.json.error).toBe('The answer is not one of the Images API [item 1]');
		expect(item?.json.details).not.toHaveProperty('links');
	});
});

describe('a mistake that concerns the whole run', () => {
	// n8n passes the input on as a success when a node throws although it is set to continue.
	it.each<[string, INodeParameters, object]>([
		['of an option', { requestsInParallel: 0 }, {}],
		['of the credential', {}, { baseUrl: 'not a url' }],
	])('%s is an error of every item when the node is set to continue', async (_, options, more) => {
		const { items } = await simulator.run({
			...request(options),
			credentials: simulator.credentials(more),
			items: [{ json: { a: 1 } }, { json: { a: 2 } }],
			node: { onError: 'continueRegularOutput' },
		});
		expect(items).toEqual(
			[0, 1].map((item) => ({
				json: { error: expect.any(String), details: expect.any(Object) },
				pairedItem: { item },
			})),
		);
	});
});
