import { RequestFailure } from '../../nodes/GptImage/errors/failure';
import {
	readAnswer,
	UnwantedPreview,
	type AnswerMessage,
} from '../../nodes/GptImage/openai/response/readAnswer';
import { BOUNDS } from '../../nodes/GptImage/bounds';
import { afterMs } from '../node';

interface Read {
	/** Number, bytes, and whether it was a preview, of each image that was whole. */
	images: Buffer[];
	/** Why others were not. */
	problems: string[];
	messages: AnswerMessage[];
	/** What ended the answer. */
	end?: string;
	/** How often the time for the rest was over. */
	rings: number;
}

/** A body that never ends by itself: after its chunks comes nothing any more. */
async function* silentAfter(chunks: string[]): AsyncGenerator<Buffer> {
	for (const chunk of chunks) yield Buffer.from(chunk);
	await new Promise(() => {});
}

async function* endingAfter(chunks: string[]): AsyncGenerator<Buffer> {
	for (const chunk of chunks) yield Buffer.from(chunk);
}

async function read(
	body: AsyncIterable<Buffer>,
	{ images: wanted = 1, keepPartials = false } = {},
): Promise<Read> {
	const result: Read = { images: [], problems: [], messages: [], rings: 0 };
	// Time is over as soon as somebody waits for it.
	const alarm = (_: number, act: () => void) => {
		result.rings += 1;
		afterMs(0, act);
	};
	const answer = readAnswer(body, { images: wanted, keepPartials, alarm }, async (bytes, image) => {
		const parts: Buffer[] = [];
		if (image.isPreview && !keepPartials) return;
		try {
			for await (const part of bytes) parts.push(Buffer.from(part));
			result.images.push(Buffer.concat(parts));
		} catch (error) {
			if (error instanceof UnwantedPreview) result.problems.push('preview');
			else if (error instanceof RequestFailure) result.problems.push(error.details.kind);
			else result.problems.push(String(error));
		}
	});
	try {
		for await (const message of answer) result.messages.push(message);
	} catch (error) {
		result.end = error instanceof RequestFailure ? error.details.kind : String(error);
	}
	return result;
}

const b64_json = Buffer.from('0123456789').toString('base64');
const image = Buffer.from('0123456789');
const preview = { type: 'image_generation.partial_image', partial_image_index: 0, b64_json };
const last = { type: 'image_generation.completed', b64_json };

/** The same members in the order of a server that sorts them, or in any other. */
const turned = (body: object) => Object.fromEntries(Object.entries(body).reverse());
const data = (body: object) => `data: ${JSON.stringify(body)}\n\n`;

describe('an event without a name', () => {
	it.each<[string, object]>([
		['the type first', preview],
		['the type last', turned(preview)],
		['only its index', { b64_json, partial_image_index: 1 }],
		[
			'the type behind much else',
			{ b64_json, note: 'x'.repeat(5000), type: 'image_edit.partial_image' },
		],
	])('is known as a preview by %s', async (_, body) => {
		const { images, messages } = await read(endingAfter([data(body), data(turned(last))]));
		expect(images).toEqual([image]);
		expect(messages.map(({ isPreview }) => isPreview)).toEqual([true, false]);
		const kept = await read(endingAfter([data(body), data(last)]), { keepPartials: true });
		expect(kept.images).toEqual([image, image]);
	});

	it('is no image when it is cut off before that is known, wherever', async () => {
		const text = JSON.stringify(turned(preview));
		const open = `data: ${text}`;
		const typed = open.indexOf('"image_generation.partial_image"');
		for (let end = 0; end <= open.length; end++) {
			const { images } = await read(endingAfter([open.slice(0, end)]));
			expect(images).toEqual([]);
		}
		expect(typed).toBeGreaterThan(0);
	});

	it('is the image when it does not tell and is whole', async () => {
		const { images, end } = await read(endingAfter([data({ created: 1, b64_json })]));
		expect([images, end]).toEqual([[image], undefined]);
	});

	it('is the image when it is known before it is cut off', async () => {
		const { images } = await read(endingAfter([data(last).slice(0, -3)]));
		expect(images).toEqual([image]);
	});

	it('may hold a whole JSON answer with many images', async () => {
		const body = { created: 1, data: [{ b64_json }, { b64_json }], usage: { output_tokens: 1 } };
		const { images, messages } = await read(endingAfter([data(body)]), { images: 2 });
		expect(images).toEqual([image, image]);
		expect(messages[0]?.body.usage).toEqual({ output_tokens: 1 });
	});
});

describe('signs of life', () => {
	it.each([
		'data:\n\n',
		'data: \r\n\r\n',
		'data\n\n',
		'data: keep-alive\n\n',
		'event: ping\ndata: null\n\n',
		'data: []\n\n',
		'data: {}\n\n',
		'data: "ping"\n\n',
		'data: 0\n\n',
		'event: keepalive\n\n',
		': ping\n\n',
		':\r\r',
		'\n\n\n',
		'retry: 3000\n\n',
		'id\n\n',
		'data: : OPENROUTER PROCESSING\n\n',
		'event: heartbeat\r\rdata: ok\r\r',
	])('do not end a stream: %j', async (ping) => {
		const sent = [ping, data(preview), ping, ping, data(last), ping, 'data: [DONE]\n\n'];
		const { images, end } = await read(endingAfter(sent));
		expect([images, end]).toEqual([[image], undefined]);
	});

	it('in megabytes cost no memory', async () => {
		async function* body() {
			for (let count = 0; count < 400; count++) yield Buffer.from('data:\n'.repeat(10_000));
		}
		const { end } = await read(body());
		expect(end).toBe('answer');
	});
});

describe('a whole image', () => {
	const document = `{"created":1,"data":[{"b64_json":"${b64_json}"}`;

	it.each<[string, string[], number]>([
		['silence', [document], 1],
		['silence behind the document', [document, '],"usage":{"output_tokens":7}}'], 1],
		['white space without end', [document, '],"usage":{"output_tokens":7}}', ' '.repeat(99)], 1],
		['half of what follows', [document, '],"usage":{"output_tokens":7},"si'], 1],
	])('followed by %s is not waited for', async (_, chunks, rings) => {
		const result = await read(silentAfter(chunks));
		expect(result.images).toEqual([image]);
		expect(result.rings).toBe(rings);
		if (chunks.length > 1) expect(result.messages[0]?.body.usage).toEqual({ output_tokens: 7 });
	});

	it.each<[string, string]>([
		['an event without its end', data(last).trimEnd()],
		['an event that breaks off', data({ ...last, usage: { output_tokens: 7 } }).slice(0, -6)],
	])('of %s is not waited for', async (_, event) => {
		const result = await read(silentAfter([event]));
		expect([result.images, result.rings]).toEqual([[image], 1]);
	});

	it('is waited for when others were asked for, too', async () => {
		const result = await read(endingAfter([document, ',', `{"b64_json":"${b64_json}"}]}`]), {
			images: 3,
		});
		expect(result.images).toEqual([image, image]);
	});

	it.each<[string, string]>([
		['very deep JSON', `],"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
		['deep JSON that is not closed', `],"deep":${'[{"a":'.repeat(20_000)}`],
		['damaged JSON', `],"usage":{output}}`],
		['JSON that is closed too often', `}}}]]]`],
		['too much JSON', `],"note":"${'x'.repeat(BOUNDS.jsonBytes)}"}`],
		['bytes', '\u0000\uFFFD'],
		['nothing', ''],
	])('beside %s is kept', async (_, rest) => {
		const { images } = await read(endingAfter([document, rest]));
		expect(images).toEqual([image]);
	});

	it('behind a bracket too many is kept', async () => {
		const { images } = await read(
			endingAfter(['{"x":{}}}', `,"data":[{"b64_json":"${b64_json}"}]}`]),
		);
		expect(images).toEqual([image]);
	});
});

describe('an image that is cut off', () => {
	it('in an event does not take the next event with it', async () => {
		const cut = `data: {"type":"image_generation.partial_image","b64_json":"${b64_json.slice(0, 5)}\n\n`;
		const { images } = await read(endingAfter([cut, data(last)]), { keepPartials: true });
		expect(images).toEqual([image]);
	});
});

describe('what is too much', () => {
	it('of one image ends the answer, and those before it are kept', async () => {
		const piece = 'A'.repeat(1024 * 1024);
		async function* body() {
			yield Buffer.from(`{"data":[{"b64_json":"${b64_json}"},{"b64_json":"`);
			for (;;) yield Buffer.from(piece);
		}
		let whole = 0;
		const problems: unknown[] = [];
		const settings = { images: 2, keepPartials: false, alarm: () => {} };
		const answer = readAnswer(body(), settings, async (bytes) => {
			try {
				for await (const part of bytes) void part;
				whole += 1;
			} catch (error) {
				problems.push(error);
			}
		});
		const messages: AnswerMessage[] = [];
		await expect(
			(async () => {
				for await (const message of answer) messages.push(message);
			})(),
		).rejects.toThrow(RequestFailure);
		expect([whole, problems]).toEqual([1, [expect.any(RequestFailure)]]);
	});
});
