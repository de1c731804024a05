import type { IExecuteFunctions } from 'n8n-workflow';
import { readResults, type LineResult } from '../../nodes/GptImage/batch/results';
import { RequestFailure } from '../../nodes/GptImage/errors/failure';
import { fakeApi, type FakeAnswer } from '../support/fakeApi';
import { picture } from '../support/pictures';

let png: string;
beforeAll(async () => {
	png = (await picture('png')).bytes.toString('base64');
});

const image = () => ({ b64_json: png });
const NONE = { b64_json: Buffer.from('Hello, this is no picture at all').toString('base64') };

interface Said {
	custom_id?: unknown;
	response?: unknown;
	error?: unknown;
}

/** A line of an output file with these images. */
const made = (customId: string, ...data: object[]): Said => ({
	custom_id: customId,
	response: { status_code: 200, request_id: 'req_1', body: { created: 5, data } },
	error: null,
});

interface Reading {
	lines: Array<Said | string>;
	/** Numbers of the images that n8n cannot store, from 0. */
	unstored?: number[];
	wanted?: string[];
	answer?: FakeAnswer;
}

/** Reads a file of results. @returns its lines, and the names of what was stored */
async function read({ lines, unstored = [], wanted, answer }: Reading) {
	const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
	const { session } = fakeApi(answer ?? { body: Buffer.from(text.join('\n')) }, { body: {} });
	const stored: string[] = [];
	let count = 0;
	const prepareBinaryData = async (_: Buffer, fileName: string) => {
		if (unstored.includes(count++)) throw new Error('The disk is full');
		stored.push(fileName);
		return await Promise.resolve({ mimeType: 'image/png', data: '', fileName });
	};
	const context = {
		helpers: { prepareBinaryData },
		getExecutionCancelSignal: () => undefined,
	} as unknown as IExecuteFunctions;
	const names = {
		outputFormat: () => undefined,
		fileName: (customId: string | undefined, position: number) => `${customId}-${position}`,
		rest: () => undefined,
		ownWords: (customId: string) => [`The prompt of ${customId}: billing not active, rate limit`],
	};
	const results: LineResult[] = [];
	const isWanted = (customId: string) => wanted?.includes(customId) ?? true;
	for await (const result of readResults(context, session, 'file-1', names, isWanted)) {
		results.push(result);
	}
	return { results, stored };
}

/** What matters of a line: its images by name, and why it failed. */
const told = ({ customId, images, failure }: LineResult) => [
	customId,
	images.map(({ binary }) => binary.fileName),
	failure?.details.kind,
];

describe('a line of a batch', () => {
	it('has its images in order, and what the API says beside them', async () => {
		const { results } = await read({ lines: [made('a', image(), image()), made('b', image())] });
		expect(results.map(told)).toEqual([
			['a', ['a-0', 'a-1'], undefined],
			['b', ['b-0'], undefined],
		]);
		expect(results[0]).toMatchObject({ requestId: 'req_1', fields: { created: 5 } });
	});

	it('may tell whose it is behind the images', async () => {
		const { custom_id, ...before } = made('late', image());
		const { results } = await read({ lines: [{ ...before, custom_id }, made('b', image())] });
		expect(results.map(told)).toEqual([
			['late', ['late-0'], undefined],
			['b', ['b-0'], undefined],
		]);
	});

	it('is not read when it is not wanted, or nobody knows whose it is', async () => {
		const nameless = { ...made('', image()), custom_id: 7 };
		const { results, stored } = await read({
			lines: [made('a', image()), nameless, made('b', image())],
			wanted: ['b'],
		});
		expect(results.map(told)).toEqual([['b', ['b-0'], undefined]]);
		expect(stored).not.toContain('a-0');
	});

	it('may be empty, or end as on Windows', async () => {
		const line = JSON.stringify(made('a', image()));
		const { results } = await read({ lines: ['', ' ', `${line}\r`, '\r', made('b', image())] });
		expect(results.map(told)).toEqual([
			['a', ['a-0'], undefined],
			['b', ['b-0'], undefined],
		]);
	});

	it('has no more images than the API makes', async () => {
		const { results, stored } = await read({
			lines: [made('a', ...Array.from({ length: 12 }, image)), made('b', image())],
		});
		expect(results[0]?.images).toHaveLength(10);
		expect(results.map(({ failure }) => failure)).toEqual([undefined, undefined]);
		expect(stored).toHaveLength(11);
	});
});

describe('a line that fails alone', () => {
	it.each<[string, () => Said, object]>([
		[
			'it has a link in place of the image',
			() => made('a', { url: 'https://example.com/1.png', b64_json: '' }),
			{ kind: 'answer', links: ['https://example.com/1.png'] },
		],
		[
			'was refused',
			() => ({
				custom_id: 'a',
				response: {
					status_code: 400,
					request_id: 'req_2',
					body: { error: { message: 'Bad size', code: 'invalid_value', param: 'size' } },
				},
			}),
			{ kind: 'api', status: 400, code: 'invalid_value', param: 'size', requestId: 'req_2' },
		],
		[
			'could not be carried out',
			() => ({
				custom_id: 'a',
				error: { code: 'server_error', message: 'It failed' },
			}),
			{ kind: 'api', code: 'server_error', reason: 'It failed' },
		],
		[
			'came too late',
			() => ({
				custom_id: 'a',
				error: { code: 'batch_expired', message: 'This request could not be executed' },
			}),
			{ kind: 'unmade' },
		],
		[
			'came behind the end',
			() => ({
				custom_id: 'a',
				error: { code: 'batch_cancelled', message: 'This request was not executed' },
			}),
			{ kind: 'unmade' },
		],
		['says nothing', () => ({ custom_id: 'a' }), { kind: 'answer' }],
		['has no body', () => ({ custom_id: 'a', response: { status_code: 200 } }), { kind: 'answer' }],
		['has no image', () => made('a'), { kind: 'answer' }],
		['has a link', () => made('a', { url: 'https://example.com/a.png' }), { kind: 'answer' }],
		['has bytes that are no picture', () => made('a', NONE), { kind: 'answer' }],
	])('because it %s', async (_, line, details) => {
		const { results } = await read({ lines: [line(), made('b', image())] });
		expect(results.map(told)).toEqual([
			['a', [], expect.any(String)],
			['b', ['b-0'], undefined],
		]);
		expect(results[0]?.failure?.details).toMatchObject(details);
	});

	it('keeps the images that are whole', async () => {
		const { results } = await read({ lines: [made('a', image(), NONE, image())] });
		expect(results.map(told)).toEqual([['a', ['a-0', 'a-1'], 'answer']]);
	});

	it.each<[string, string | Said]>([
		['is cut off', JSON.stringify(made('a', { b64_json: '' })).slice(0, 60)],
		['is too long', Object.assign(made('a'), { note: 'y'.repeat(600_000) })],
	])('because it %s', async (_, line) => {
		const { results } = await read({ lines: [line, made('b', image())] });
		expect(results.map(told)).toEqual([
			['a', [], 'lost'],
			['b', ['b-0'], undefined],
		]);
		expect(results[0]?.failure?.billing).toBe('maybe');
	});

	it('because it is cut off in the middle of an image, but not those before', async () => {
		const whole = JSON.stringify(made('a', image(), image()));
		for (const at of [whole.lastIndexOf('"}') - 9, whole.lastIndexOf('"}') + 1, whole.length - 1]) {
			const { results } = await read({ lines: [whole.slice(0, at), made('b', image())] });
			expect(results.map(told)).toEqual([
				['a', expect.arrayContaining(['a-0']), 'lost'],
				['b', ['b-0'], undefined],
			]);
		}
	});

	it.each(['{"custom_id": oops', '<html>', '[', 'null', '"', '{"error":{"message":"no"}}'])(
		'and does not even tell whose it is: %s',
		async (line) => {
			const { results } = await read({ lines: [made('a', image()), line, made('b', image())] });
			expect(results.map(told)).toEqual([
				['a', ['a-0'], undefined],
				['b', ['b-0'], undefined],
			]);
		},
	);

	it('keeps its images when it states an error beside them', async () => {
		const { results } = await read({
			lines: [{ ...made('a', image()), error: { code: 'odd', message: 'A warning' } }],
		});
		expect(results.map(told)).toEqual([['a', ['a-0'], 'api']]);
	});

	it.each([{}, '', null, false])('but not by the error %j', async (error) => {
		const { results } = await read({ lines: [{ ...made('a', image()), error }] });
		expect(results.map(told)).toEqual([['a', ['a-0'], undefined]]);
	});

	it('is not misunderstood when it repeats the prompt', async () => {
		const message = 'Not made: The prompt of a: billing not active, rate limit';
		const response = { status_code: 400, body: { error: { message } } };
		const { results } = await read({ lines: [{ custom_id: 'a', response }] });
		expect(results[0]?.failure?.details).toMatchObject({ class: 'badParameter', reason: message });
	});

	it('because n8n could not store it', async () => {
		const { results } = await read({
			lines: [made('a', image(), image()), made('b', image())],
			unstored: [1],
		});
		expect(results.map(told)).toEqual([
			['a', ['a-0'], 'store'],
			['b', ['b-0'], undefined],
		]);
	});
});

describe('a file of results', () => {
	it.each<[string, Reading, string]>([
		['is not JSON', { lines: ['{"custom_id":}'] }, 'answer'],
		['is cut off', { lines: ['{"custom_'] }, 'interrupted'],
		['is a web page', { lines: ['<html>', '</html>'] }, 'interrupted'],
		['is an error', { lines: [JSON.stringify({ error: { message: 'no' } })] }, 'call'],
		['cannot be had', { lines: [], answer: { status: 404, body: {} } }, 'api'],
	])('that %s is a failure of all', async (_, reading, kind) => {
		const end = await read(reading).catch((error: unknown) => error);
		expect(end).toBeInstanceOf(RequestFailure);
		expect(end).toMatchObject({ details: { kind } });
	});

	it('may begin with a byte order mark', async () => {
		const { results } = await read({ lines: [`\uFEFF${JSON.stringify(made('a', image()))}`] });
		expect(results.map(told)).toEqual([['a', ['a-0'], undefined]]);
	});

	it('that is empty has no lines', async () => {
		expect(await read({ lines: [''] })).toEqual({ results: [], stored: [] });
	});
});
