import fc from 'fast-check';
import {
	readAnswer,
	UnwantedPreview,
	type AnswerMessage,
} from '../../nodes/GptImage/openai/response/readAnswer';
import { RequestFailure } from '../../nodes/GptImage/errors/failure';
import { delay, stream } from '../node';

interface Read {
	messages: AnswerMessage[];
	images: Buffer[];
}

/** Hands out copies of the text's bytes, cut after the given lengths, over and over. */
async function* cut(text: string, lengths: number[]): AsyncGenerator<Buffer> {
	const bytes = Buffer.from(text);
	for (let at = 0, turn = 0; at < bytes.length; turn++) {
		const length = lengths[turn % lengths.length] ?? bytes.length;
		yield Buffer.from(bytes.subarray(at, at + length));
		at += length;
	}
}

/** Reads like the node: an image that is damaged, cut off or a preview is dropped, and the rest still wanted. */
async function read(
	text: string,
	lengths: number[] = [65_536],
	{ images: wanted = 10, keepPartials = true, alarm = noAlarm } = {},
): Promise<Read> {
	const images: Buffer[] = [];
	const messages: AnswerMessage[] = [];
	let problem: unknown;
	const answer = readAnswer(
		cut(text, lengths),
		{ images: wanted, keepPartials, alarm },
		async (bytes) => {
			const parts: Buffer[] = [];
			try {
				for await (const part of bytes) parts.push(Buffer.from(part));
				images.push(Buffer.concat(parts));
			} catch (error) {
				if (!(error instanceof UnwantedPreview)) problem ??= error;
			}
		},
	);
	try {
		for await (const message of answer) messages.push(message);
	} catch (error) {
		problem ??= error;
	}
	if (problem !== undefined) throw problem;
	return { messages, images };
}

const noAlarm = () => {};

const whole = { isPreview: false, isCut: false };

const readOrFailure = async (text: string, lengths?: number[]) =>
	await read(text, lengths).catch((error: unknown) => {
		if (error instanceof RequestFailure) return error;
		return Promise.reject(error);
	});

/** What `JSON.parse` and `Buffer.from` make of a JSON answer; `undefined` when it is not a valid one. */
function oracle(text: string): { body: unknown; images: Buffer[] } | undefined {
	const images: Buffer[] = [];
	let isValid = true;
	const revive = (key: string, value: unknown) => {
		if (key !== 'b64_json' || typeof value !== 'string' || value === '') return value;
		const base64 = value.replace(/^\s*data:[^,]{0,200},/, '').replace(/\s/g, '');
		isValid &&= /^[A-Za-z\d+/_-]*={0,2}$/.test(base64);
		isValid &&= base64.length % 4 === 0 || (base64.length % 4 !== 1 && !base64.endsWith('='));
		images.push(Buffer.from(base64, 'base64'));
		return String(images.length - 1);
	};
	try {
		const body: unknown = JSON.parse(text, revive);
		return isValid && typeof body === 'object' && body !== null ? { body, images } : undefined;
	} catch {
		return undefined;
	}
}

const lengths = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 });
const image = fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes));

/** How a gateway may write the same base64 text in JSON. */
const spelling = fc.constantFrom<(base64: string) => string>(
	(base64) => base64,
	(base64) => base64.replaceAll('/', '\\/'),
	(base64) => base64.replaceAll('+', '\\u002b').replaceAll('=', '\\u003D'),
	(base64) => base64.replace(/.{64}/g, '$&\\n'),
	(base64) => base64.replace(/.{76}/g, '$&\\r\\n'),
	(base64) => base64.replace(/.{64}/g, '$& \\n '),
	(base64) => base64.replace(/=+$/, ''),
	(base64) => base64.replaceAll('+', '-').replaceAll('/', '_'),
	(base64) => base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
	(base64) => `data:image/png;base64,${base64}`,
	(base64) => `data:image\\/png;base64,${base64}`,
);

/** Text beside the images that tries to look like one. */
const text = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.constantFrom('b64_json', '"b64_json":"AAAA"', 'ü€😀', '\\', '"', 'x"b64_json'),
);

const answer = fc
	.record({
		images: fc.array(fc.tuple(image, spelling), { maxLength: 4 }),
		before: fc.dictionary(text, text, { maxKeys: 3 }),
		after: fc.dictionary(text, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
		indent: fc.constantFrom('', '\n\t', ' '),
	})
	.map(({ images, before, after, indent }) => {
		const sent = images.map(([bytes, spell]) => ({
			bytes,
			base64: spell(bytes.toString('base64')),
		}));
		const entries = sent.map(({ base64 }) => {
			return `{${indent}"b64_json"${indent}:${indent}"${base64}",${indent}"note":"b64_json"}`;
		});
		const rest = (fields: object) =>
			Object.entries(fields)
				.filter(([key]) => !['data', 'b64_json', '__proto__'].includes(key))
				.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)},`)
				.join(indent);
		return {
			text: `{${rest(before)}"data":[${entries.join()}],${rest(after)}"b64_json":null}`,
			// An empty text is no image: some gateways write it beside a link.
			images: sent.flatMap(({ bytes, base64 }) => (base64 === '' ? [] : [bytes])),
		};
	});

describe('a JSON answer', () => {
	it('gives the bytes and fields of JSON.parse and Buffer.from, however it is cut', async () => {
		await fc.assert(
			fc.asyncProperty(answer, lengths, async (sent, cuts) => {
				const { messages, images } = await read(sent.text, cuts);
				expect(images).toEqual(sent.images);
				expect(messages).toEqual([{ body: oracle(sent.text)?.body, ...whole }]);
			}),
			{ numRuns: 1000 },
		);
	});

	it('never gives wrong bytes when a byte of it is changed, dropped or doubled', async () => {
		const change = fc.record({
			at: fc.nat(),
			how: fc.constantFrom('change', 'drop', 'double', 'cut'),
			byte: fc.integer({ min: 1, max: 127 }),
		});
		await fc.assert(
			fc.asyncProperty(answer, change, lengths, async (sent, { at, how, byte }, cuts) => {
				const place = at % sent.text.length;
				const [head, tail] = [sent.text.slice(0, place), sent.text.slice(place + 1)];
				const here = sent.text[place] ?? '';
				const damaged = {
					change: head + String.fromCharCode(byte) + tail,
					drop: head + tail,
					double: head + here + here + tail,
					cut: head,
				}[how];
				const result = await readOrFailure(damaged, cuts);
				// Line breaks and tabs in base64 do no harm, although JSON forbids them.
				const spaced = damaged.replace(/[\t-\r]/g, ' ');
				const truth = oracle(damaged) ?? oracle(spaced);
				if (result instanceof RequestFailure) {
					expect(['answer', 'interrupted']).toContain(result.details.kind);
				} else if (truth && result.images.length === truth.images.length) {
					expect(result.images).toEqual(truth.images);
				} else {
					// Two keys of one name: the caller sees that the document names fewer images than came.
					const named = JSON.stringify(result.messages).match(/"b64_json":"\d+"/g) ?? [];
					expect(truth).toBeDefined();
					expect(named.length).not.toBe(result.images.length);
				}
			}),
			{ numRuns: 3000, endOnFailure: true },
		);
	});

	it.each([
		['nothing at all', '', 'The answer is empty'],
		['only white space', ' \r\n\t', 'The answer is empty'],
		[
			"a proxy's web page",
			'<html>502</html>',
			'The answer is a web page, not an answer of the Images API',
		],
		[
			'a web page with a title',
			'<html><title>502 Bad Gateway</title>',
			'The answer is a web page, not an answer of the Images API: 502 Bad Gateway',
		],
		['half a document', '{"created":1', 'The answer is cut off or not valid JSON'],
		[
			'half an image',
			'{"data":[{"b64_json":"iVBO',
			'The answer is cut off in the middle of an image',
		],
		[
			'a base64 text without the rest of a byte',
			'{"data":[{"b64_json":"AAAAA"}]}',
			'The answer cannot be read: the base64 text of the image is cut off',
		],
		[
			'a character that is not base64',
			`{"data":[{"b64_json":"${'A'.repeat(400)}*AAA"}]}`,
			'The answer cannot be read: the base64 text of the image is damaged',
		],
		[
			'text behind the padding',
			'{"data":[{"b64_json":"AA==AAAA"}]}',
			'The answer cannot be read: the base64 text of the image is damaged',
		],
		[
			'padding in place of a byte',
			'{"data":[{"b64_json":"AAAAA="}]}',
			'The answer cannot be read: the base64 text of the image is cut off',
		],
		[
			'blanks that were +',
			'{"data":[{"b64_json":"AA AAAAA"}]}',
			'The answer cannot be read: the base64 text of the image is damaged: it has blanks in place of +',
		],
		[
			'percent signs that were +',
			'{"data":[{"b64_json":"AA%2BAAAAA"}]}',
			'The answer cannot be read: the base64 text of the image is damaged',
		],
		[
			'an escape that is none, for its U is large',
			'{"data":[{"b64_json":"t3s\\U003D"}]}',
			'The answer cannot be read: the base64 text of the image is damaged',
		],
		[
			'a control character in place of a letter',
			'{"data":[{"b64_json":"Zj9ossy\v"}]}',
			'The answer cannot be read: the base64 text of the image is damaged',
		],
		[
			'a single word',
			'upstream timeout',
			'The answer is cut off or neither JSON nor a stream of events: upstream timeout',
		],
	])('says what is wrong with %s', async (_, body, reason) => {
		const result = await readOrFailure(body);
		expect(result).toBeInstanceOf(RequestFailure);
		expect(result).toMatchObject({ details: { reason } });
	});

	it.each<[string, number[]]>([
		['a PNG', [0x89, 0x50, 0x4e, 0x47]],
		['a JPEG', [0xff, 0xd8, 0xff, 0xe0]],
		['gzip', [0x1f, 0x8b, 0x08]],
	])('says that %s is no JSON, however it is cut', async (_, bytes) => {
		for (const length of [1, bytes.length]) {
			const chunks = stream.Readable.from(
				Array.from({ length: Math.ceil(bytes.length / length) }, (__, index) =>
					Buffer.from(bytes.slice(index * length, (index + 1) * length)),
				),
			);
			const settings = { images: 1, keepPartials: false, alarm: noAlarm };
			await expect(readAnswer(chunks, settings, async () => {}).next()).rejects.toMatchObject({
				details: { kind: 'answer', reason: 'The answer is binary data, e.g. a picture, not JSON' },
			});
		}
	});

	it('refuses to keep megabytes of something else in memory', async () => {
		const result = await readOrFailure(`{"text":"${'x'.repeat(5_000_000)}"}`);
		expect(result).toMatchObject({
			details: { reason: 'The answer is larger than any of the Images API' },
		});
	});

	it('goes on to the next image when one is left unread', async () => {
		const text = '{"data":[{"b64_json":"AAAA"},{"b64_json":"BBBB"}],"created":7}';
		const seen: number[] = [];
		const messages: AnswerMessage[] = [];
		for await (const message of readAnswer(
			cut(text, [3]),
			{ images: 2, keepPartials: false, alarm: () => {} },
			async () => void seen.push(1),
		)) {
			messages.push(message);
		}
		expect(seen).toHaveLength(2);
		expect(messages).toEqual([
			{ body: { data: [{ b64_json: '0' }, { b64_json: '1' }], created: 7 }, ...whole },
		]);
	});
});

describe('a stream of events', () => {
	const event = fc.record({
		name: fc.constantFrom(
			'image_generation.partial_image',
			'image_generation.completed',
			undefined,
		),
		image: fc.option(image, { nil: undefined }),
		note: text,
		comment: fc.boolean(),
		space: fc.constantFrom('', ' '),
	});

	it('gives the bytes and fields of each event, however it is cut', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(event, { minLength: 1, maxLength: 4 }),
				lengths,
				fc.constantFrom('\n', '\r\n', '\r'),
				fc.constantFrom('', 'data: [DONE]'),
				async (events, cuts, newline, done) => {
					let count = 0;
					const expected: AnswerMessage[] = [];
					const lines = events.flatMap(({ name, image: bytes, note, comment, space }) => {
						const body = { note, ...(bytes && { b64_json: bytes.toString('base64') }) };
						expected.push({
							event: name ?? '',
							body: { note, ...(bytes && { b64_json: bytes.length > 0 ? String(count++) : '' }) },
							isPreview: name?.endsWith('.partial_image') ?? false,
							isCut: false,
						});
						return [
							...(comment ? [': keep-alive', '', 'event: ping', 'data:', ''] : []),
							...(comment ? ['data: null', '', 'data: []', '', 'data: keep-alive', ''] : []),
							...(name === undefined ? [] : [`event:${space}${name}`]),
							'id: 1',
							`data:${space}${JSON.stringify(body)}`,
							'',
						];
					});
					const sent = [...lines, ...(done ? [done, ''] : []), ''].join(newline);
					const { messages, images } = await read(sent, cuts);
					expect(messages).toEqual(expected);
					expect(images).toEqual(
						events.flatMap(({ image: bytes }) => (bytes?.length ? bytes : [])),
					);
				},
			),
			{ numRuns: 500 },
		);
	});

	it('joins the data lines of one event', async () => {
		const { messages, images } = await read(
			'event: x\ndata: {"a":1,\ndata: "b64_json":"AAAA"\ndata: }\n\n',
			[5],
		);
		expect(messages).toEqual([{ event: 'x', body: { a: 1, b64_json: '0' }, ...whole }]);
		expect(images).toEqual([Buffer.from([0, 0, 0])]);
	});

	it('tells a stream that ends in the middle of an event', async () => {
		const result = await readOrFailure('event: x\ndata: {"b64_json":"AAAAAAAA');
		expect(result).toMatchObject({
			details: { reason: 'The answer is cut off in the middle of an image' },
		});
	});
});

it.each([': ping\n', ': ping\n\n', 'event: ping\ndata: null\n\n'])(
	'lets n8n do other things while %j comes for ever',
	async (line) => {
		let [turns, isRead] = [0, false];
		const reading = readOrFailure(line.repeat(10_000)).finally(() => (isRead = true));
		while (!isRead) {
			turns += 1;
			await delay(0);
		}
		await reading;
		// One for each 256 lines.
		expect(turns).toBeGreaterThan(20);
	},
);
