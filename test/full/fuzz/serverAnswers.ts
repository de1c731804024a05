import fc from 'fast-check';
import { crypto, zlib } from '../../node';

/** What a server says to one request, and what of it must or must not be handed on. */
export interface ServerAnswer {
	status: number;
	headers: Record<string, string>;
	body: Buffer;
	/** Lengths of the pieces it comes in, over and over. */
	cuts: number[];
	/** SHA-256 of images that have come whole before the answer is over: these must come out, up to what was asked. */
	must: string[];
	/** SHA-256 of images that may come out; no others. */
	may: string[];
}

/** The secret of the credential; servers repeat it. */
export const CANARY = 'sk-proj-FuZzCaNaRy0123456789aBcDeF';

/** The beginning of every prompt; servers repeat it. */
export const PROMPT = 'A poster that says: you exceeded your current quota';

const pngHead = Buffer.from('89504e470d0a1a0a', 'hex');

function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const frame = Buffer.alloc(8);
	frame.writeUInt32BE(data.length, 0);
	frame.writeUInt32BE(zlib.crc32(body), 4);
	return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

const pixel = [
	chunk('IHDR', Buffer.from('00000001000000010802000000', 'hex')),
	chunk('IDAT', zlib.deflateSync(Buffer.alloc(4))),
];

/** A picture that is like no other. */
const png = fc
	.tuple(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.integer({ min: 0, max: 4000 }))
	.map(([seed, length]) => {
		const noise = crypto
			.createHash('shake256', { outputLength: length + 16 })
			.update(seed)
			.digest();
		return Buffer.concat([pngHead, ...pixel, chunk('noIs', noise), chunk('IEND', Buffer.alloc(0))]);
	});

const sha256 = (bytes: Buffer) => crypto.createHash('sha256').update(bytes).digest('hex');

/** Ways to write base64 that do it no harm, and ways that do. */
const fine: Array<(text: string) => string> = [
	(text) => text,
	(text) => text.replace(/=+$/, ''),
	(text) => text.replaceAll('+', '-').replaceAll('/', '_'),
	(text) => text.replaceAll('/', '\\/').replaceAll('+', '\\u002b'),
	(text) => text.replace(/.{76}/g, '$&\\r\\n'),
	(text) => `data:image/png;base64,${text}`,
];
const harmful: Array<(text: string) => string> = [
	(text) => `${text.slice(0, 20)} ${text.slice(21)}`,
	(text) => `${text.slice(0, 20)}%2B${text.slice(21)}`,
	(text) => `${text.slice(0, 20)}*${text.slice(21)}`,
	(text) => text.slice(0, text.length >> 1),
	(text) => `${text.slice(0, 40)}${text.slice(41)}`,
	(text) => text.slice(0, -40),
];

interface Picture {
	text: string;
	/** `undefined` when it is damaged. */
	hash?: string;
}

const picture: fc.Arbitrary<Picture> = fc.oneof(
	{
		weight: 4,
		arbitrary: fc
			.tuple(png, fc.constantFrom(...fine))
			.map(([bytes, spell]) => ({ text: spell(bytes.toString('base64')), hash: sha256(bytes) })),
	},
	{
		weight: 1,
		arbitrary: fc
			.tuple(png, fc.constantFrom(...harmful))
			.map(([bytes, spell]) => ({ text: spell(bytes.toString('base64')) })),
	},
);

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** Members beside the images, as JSON text. */
const member = fc.oneof(
	fc.constantFrom(
		'"usage":{"input_tokens":9,"output_tokens":12,"input_tokens_details":{"text_tokens":9,"image_tokens":0}}',
		'"usage":{"input_tokens":-1,"output_tokens":1e308}',
		'"usage":null',
		'"error":null',
		'"error":""',
		'"error":{}',
		'"error":false',
		'"error":[]',
		'"size":"1024x1024","quality":"low"',
		`"note":"Bearer ${CANARY}"`,
		`"${CANARY}":1`,
		`"note":"${Buffer.from(`x${CANARY}`).toString('base64')}"`,
		'"b64_json":null',
		'"__proto__":{"data":1}',
		'"note":"\\"b64_json\\":\\"AAAA\\""',
		`"deep":${deep(50)}`,
		`"deep":${deep(20_000)}`,
	),
	fc
		.tuple(fc.string({ unit: 'binary', maxLength: 12 }), fc.jsonValue({ maxDepth: 3 }))
		.filter(
			([name]) =>
				![
					'data',
					'b64_json',
					'error',
					'errors',
					'detail',
					'code',
					'success',
					'url',
					'type',
					'__proto__',
				].includes(name),
		)
		.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`),
);

const members = fc.array(member, { maxLength: 3 });
const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constantFrom(1400, 65_536)), {
	minLength: 1,
	maxLength: 4,
});

interface Part {
	text: string;
	hash?: string;
	/** Where the image is whole, counted from the part's beginning. */
	wholeAt?: number;
	/** Where it is beyond doubt, too: it is no preview. */
	sureAt?: number;
}

/** Joins parts, breaks them off, and says what is whole by then. */
function joined(parts: Part[], brokenAt: number): Pick<ServerAnswer, 'body' | 'must' | 'may'> {
	const bytes = Buffer.from(parts.map(({ text }) => text).join(''));
	const end = brokenAt >= 1 ? bytes.length : Math.floor(bytes.length * brokenAt);
	const [must, may]: [string[], string[]] = [[], []];
	let start = 0;
	for (const { text, hash, wholeAt = 0, sureAt = wholeAt } of parts) {
		const at = (characters: number) => start + Buffer.byteLength(text.slice(0, characters));
		if (hash !== undefined && at(wholeAt) <= end) may.push(hash);
		if (hash !== undefined && at(sureAt) <= end) must.push(hash);
		start += Buffer.byteLength(text);
	}
	return { body: bytes.subarray(0, end), must, may };
}

const broken = fc.oneof(
	{ weight: 3, arbitrary: fc.constant(1) },
	{ weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
);

const json: fc.Arbitrary<ServerAnswer> = fc
	.record({
		pictures: fc.array(picture, { maxLength: 3 }),
		before: members,
		after: members,
		brokenAt: broken,
		cuts,
		behind: fc.constantFrom('', '', '\n', ' x', '}'),
	})
	.map(({ pictures, before, after, brokenAt, cuts: lengths, behind }) => {
		const parts: Part[] = [{ text: `{${before.map((one) => `${one},`).join('')}"data":[` }];
		for (const [index, { text, hash }] of pictures.entries()) {
			const opening = `${index === 0 ? '' : ','}{"b64_json":"`;
			parts.push({ text: `${opening}${text}"}`, hash, wholeAt: opening.length + text.length + 1 });
		}
		parts.push({ text: `]${after.map((one) => `,${one}`).join('')}}${behind}` });
		return {
			status: 200,
			headers: { 'content-type': 'application/json' },
			cuts: lengths,
			...joined(parts, brokenAt),
		};
	});

const heartbeat = fc.constantFrom(
	': ping',
	'data:',
	'data: keep-alive',
	'data: null',
	'data: []',
	'event: ping\ndata: {}',
	'event: keepalive',
	'retry: 9',
	'data: "ping"',
	`: ${CANARY}`,
);

const event = fc.record({
	picture,
	isPreview: fc.boolean(),
	isNamed: fc.boolean(),
	isTypeFirst: fc.boolean(),
	more: members,
});

const stream: fc.Arbitrary<ServerAnswer> = fc
	.record({
		events: fc.array(fc.oneof(event, heartbeat), { minLength: 1, maxLength: 6 }),
		brokenAt: broken,
		cuts,
		newline: fc.constantFrom('\n', '\r\n', '\r'),
		end: fc.constantFrom(
			'',
			'data: [DONE]',
			'event: error\ndata: {"type":"error","error":{"code":"server_error","message":"no"}}',
		),
	})
	.map(({ events, brokenAt, cuts: lengths, newline, end }) => {
		const lines = (text: string) => `${text}\n\n`.replaceAll('\n', newline);
		const parts = events.map((one): Part => {
			if (typeof one === 'string') return { text: lines(one) };
			const {
				picture: { text, hash },
				isPreview,
				isNamed,
				isTypeFirst,
				more,
			} = one;
			const type = `image_generation.${isPreview ? 'partial_image' : 'completed'}`;
			const name = isNamed ? `event: ${type}${newline}` : '';
			// Members that JSON.parse refuses or that state an error would change what the event is.
			const rest = [...more.filter((each) => !each.startsWith('"b64_json"'))];
			const first = isTypeFirst ? [`"type":"${type}"`] : [];
			const last = isTypeFirst ? rest : [...rest, `"type":"${type}"`];
			const opening = `${name}data: {${[...first, '"b64_json":"'].join(',')}`;
			const whole = `${opening}${text}"`;
			const all = `${whole}${last.map((each) => `,${each}`).join('')}}${newline}${newline}`;
			if (isPreview) return { text: all };
			const isKnown = isNamed || isTypeFirst;
			return {
				text: all,
				hash,
				wholeAt: whole.length,
				sureAt: isKnown ? whole.length : all.length - 2 * newline.length,
			};
		});
		return {
			status: 200,
			headers: { 'content-type': 'text/event-stream' },
			cuts: lengths,
			...joined([...parts, { text: lines(end) }], brokenAt),
		};
	});

/** Anything at all with status 200. */
const other: fc.Arbitrary<ServerAnswer> = fc
	.record({
		body: fc.oneof(
			fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
			fc.jsonValue({ maxDepth: 3 }).map((value) => Buffer.from(JSON.stringify(value))),
			fc
				.constantFrom(
					'',
					'<html><title>200 but no</title>',
					`upstream error ${CANARY}`,
					'{"code":1001,"message":"insufficient balance"}',
					'{"data":[{"url":"https://x.example/a.png"}]}',
					`{"error":{"message":"${CANARY}","code":"${CANARY}"}}`,
					'data: {"error":{"message":"no"}}\n\n',
					'[]',
					'null',
					'data:\n'.repeat(3000),
					'{"a":'.repeat(30_000),
					`{"a":"${'x'.repeat(1_200_000)}"}`,
				)
				.map((text) => Buffer.from(text)),
		),
		cuts,
	})
	.map((made) => ({ status: 200, headers: {}, must: [], may: [], ...made }));

export const serverAnswer = fc.oneof(
	{ weight: 4, arbitrary: json },
	{ weight: 4, arbitrary: stream },
	{ weight: 1, arbitrary: other },
);

const words = fc.oneof(
	fc.constantFrom(
		'no',
		'',
		`your key ${CANARY} is wrong`,
		`Bearer ${CANARY}`,
		CANARY.toLowerCase(),
		encodeURIComponent(CANARY),
		Buffer.from(CANARY).toString('base64'),
		[...CANARY].join(' '),
		PROMPT,
		`Invalid prompt: "${PROMPT}, tier 2, model not found"`,
		'Limit 5, Requested 10',
		'limit 1 '.repeat(2000),
		'gif preview '.repeat(2000),
		'x'.repeat(70_000),
		'\u0000\u202e\u001b[31m',
		'timed out',
		'quota',
		'None',
	),
	fc.string({ unit: 'binary', maxLength: 80 }),
);

const name = fc.oneof(
	fc.constantFrom<unknown>(
		null,
		'None',
		400,
		429,
		'invalid_value',
		'insufficient_quota',
		'moderation_blocked',
		'image_generation_user_error',
		CANARY,
		`key ${CANARY} ${'A'.repeat(2000)}`,
		{},
		[],
		'__proto__',
	),
	words,
);

/** Errors as OpenAI, Azure, gateways and proxies write them. */
const shape = fc.constantFrom<(message: string, code: unknown, param: unknown) => unknown>(
	(message, code, param) => ({ error: { message, code, param, type: code } }),
	(message, code) => ({
		error: {
			code,
			message,
			metadata: { raw: JSON.stringify({ error: { message } }), provider_name: 'x' },
		},
	}),
	(message, code) => ({
		error: {
			code: 'content_filter',
			message,
			innererror: {
				code,
				content_filter_result: { violence: { filtered: true }, [message]: { filtered: true } },
			},
		},
	}),
	(message) => ({ error: message }),
	(message, code) => ({ error: [{ code, message }] }),
	(message, code) => [{ error: { code, message, status: 'INVALID_ARGUMENT' } }],
	(message) => ({ detail: message }),
	(message, _, param) => ({ detail: [{ loc: ['body', param], msg: message, input: message }] }),
	(message, code) => ({ success: false, errors: [{ code, message }], messages: [], result: null }),
	(message) => ({ statusCode: 401, message }),
	(message, code) => ({ code, message }),
	(message) => ({ errors: [message, message] }),
	(message) => ({ fault: { faultstring: message, detail: { errorcode: message } } }),
	(message) => ({ type: 'about:blank', title: message, status: 403, detail: message }),
	(message, code) => ({
		error: {
			message,
			code,
			moderation_details: { moderation_stage: message, categories: [message, code, 5] },
		},
	}),
	(message) => ({ [message]: { error: { message } } }),
);

const errorText = fc.oneof(
	{
		weight: 5,
		arbitrary: fc
			.tuple(shape, words, name, name)
			.map(([make, message, code, param]) => JSON.stringify(make(message, code, param))),
	},
	{ weight: 1, arbitrary: words },
	{ weight: 1, arbitrary: words.map((text) => `<html><head><title>${text}</title></head><body>`) },
	{
		weight: 1,
		arbitrary: words.map(
			(text) => `event: error\ndata: ${JSON.stringify({ error: { message: text } })}\n\n`,
		),
	},
);

export const errorAnswer: fc.Arbitrary<ServerAnswer> = fc
	.record({
		status: fc.oneof(
			fc.constantFrom(
				400,
				401,
				402,
				403,
				404,
				407,
				408,
				413,
				422,
				429,
				451,
				500,
				502,
				503,
				504,
				524,
			),
			fc.integer({ min: 300, max: 599 }),
		),
		text: errorText,
		brokenAt: broken,
		cuts,
	})
	.map(({ status, text, brokenAt, cuts: lengths }) => ({
		status,
		// So long that nothing is asked again.
		headers: {
			'retry-after': '9999',
			'x-request-id': `req ${CANARY}`,
			location: `https://example.com/${CANARY}?token=x`,
		},
		cuts: lengths,
		...joined([{ text }], brokenAt),
	}));
