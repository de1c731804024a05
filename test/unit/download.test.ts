import { RequestFailure } from '../../nodes/GptImage/errors/failure';
import { Download } from '../../nodes/GptImage/openai/download';
import { useFakeClock } from '../support/clock';
import { fakeApi, type FakeAnswer } from '../support/fakeApi';
import { follow } from '../support/follow';

useFakeClock();
// The longest wait of all.
beforeEach(() => void jest.spyOn(Math, 'random').mockReturnValue(0));

const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

const FILE = Buffer.from('0123456789');

/** Bytes of the file, as the API sends them, from a position on. */
function part(from = 0, to = FILE.length, more: FakeAnswer = {}): FakeAnswer {
	const range = { 'content-range': `bytes ${from}-${FILE.length - 1}/${FILE.length}` };
	return {
		status: from > 0 ? 206 : 200,
		headers: from > 0 ? range : { 'content-length': String(FILE.length) },
		body: FILE.subarray(from, to),
		...more,
	};
}

function download(...answers: FakeAnswer[]) {
	const { session, calls, made, stop } = fakeApi(...answers);
	const read = async () => {
		const file = new Download(session, 'file-1');
		await file.open();
		const chunks: Buffer[] = [];
		for await (const chunk of file.chunks()) chunks.push(chunk);
		return Buffer.concat(chunks).toString();
	};
	const state = follow(
		read().catch((error: unknown) => (error instanceof RequestFailure ? error.details : error)),
	);
	return { state, made, stop, ranges: () => calls.map(({ headers }) => headers.Range) };
}

const BREAKS: FakeAnswer = { breaks: 'ECONNRESET' };

it('goes on where the connection broke', async () => {
	const { state, ranges, made } = download(part(0, 4, BREAKS), part(4));
	await pass(500);
	expect(state()).toBe(String(FILE));
	expect(ranges()).toEqual([undefined, 'bytes=4-']);
	expect(made()).toEqual(Array(2).fill('GET /files/file-1/content'));
});

it.each<[string, FakeAnswer]>([
	['begins anew', part(0)],
	[
		'begins earlier',
		{ ...part(4), headers: { 'content-range': 'bytes 2-9/10' }, body: FILE.subarray(2) },
	],
])('leaves out what has come before, when the server %s', async (_, answer) => {
	const { state } = download(part(0, 4, BREAKS), answer);
	await pass(500);
	expect(state()).toBe(String(FILE));
});

it.each<[string, Record<string, string>]>([
	['leaves a part out', { 'content-range': 'bytes 6-9/10' }],
	['does not say where it begins', {}],
])('asks again when the server %s', async (_, headers) => {
	const { state } = download(part(0, 4, BREAKS), { ...part(6), headers }, part(4));
	await pass(500 + 1000);
	expect(state()).toBe(String(FILE));
});

describe('a file that ends early', () => {
	it('is asked for again from there', async () => {
		const { state, ranges } = download(part(0, 7), part(7));
		await pass(500);
		expect([state(), ranges()]).toEqual([String(FILE), [undefined, 'bytes=7-']]);
	});

	it('is known by its length in the list of files, where the answer does not tell it', async () => {
		const { state, made } = download(
			{ body: FILE.subarray(0, 7) },
			{ body: { id: 'file-1', bytes: 10 } },
			part(7),
		);
		await pass(500);
		expect(state()).toBe(String(FILE));
		expect(made()[1]).toBe('GET /files/file-1');
	});

	it('is whole where nobody tells its length', async () => {
		const { state } = download({ body: FILE }, { status: 404, body: {} });
		await pass(0);
		expect(state()).toBe(String(FILE));
		const untold = download({ body: FILE }, { body: { id: 'file-1' } });
		await pass(0);
		expect(untold.state()).toBe(String(FILE));
	});
});

describe('a download is given up', () => {
	it.each([401, 404])('at once when it is refused with %i', async (status) => {
		const { state, made } = download({ status, body: {} });
		await pass(0);
		expect(state()).toMatchObject({ kind: 'api', status });
		expect(made()).toHaveLength(1);
	});

	it('when it cannot be opened in six attempts', async () => {
		const { state, made } = download({ status: 500, body: {} });
		await pass(60_000);
		expect(state()).toMatchObject({ kind: 'api', status: 500 });
		expect(made()).toHaveLength(6);
	});

	it('when six connections one after the other bring next to nothing', async () => {
		const { state, ranges } = download(
			...[0, 1, 2, 3, 4, 5, 6].map((at) => part(at, at + 1, BREAKS)),
		);
		await pass(600_000);
		expect(state()).toMatchObject({ kind: 'connection' });
		expect(ranges()).toHaveLength(6);
	});

	it('but not as long as each connection brings a megabyte', async () => {
		const size = 1024 * 1024;
		const pieces = Array.from(
			{ length: 20 },
			(_, index): FakeAnswer => ({
				status: index > 0 ? 206 : 200,
				headers: {
					'content-length': String(20 * size),
					'content-range': `bytes ${index * size}-/${20 * size}`,
				},
				body: Buffer.alloc(size, index),
				...(index < 19 && BREAKS),
			}),
		);
		const { state } = download(...pieces);
		await pass(600_000);
		expect(state()).toHaveLength(20 * size);
	});
});

it.each<[string, FakeAnswer, FakeAnswer]>([
	['in the file', part(0, 4, { hangs: true }), part(4)],
	['before it', { hangs: true }, part(0)],
])('takes a silence of a minute %s for a connection that broke', async (_, silent, next) => {
	const { state, ranges } = download(silent, next);
	await pass(60_000 - 1);
	expect([state(), ranges().length]).toEqual(['waiting', 1]);
	await pass(501);
	expect([state(), ranges().length]).toEqual([String(FILE), 2]);
});

it('ends with the execution', async () => {
	const { state, stop } = download(part(0, 4, { hangs: true }));
	await pass(10);
	stop.reach(new Error('stopped'));
	await pass(0);
	expect(state()).toEqual(new Error('stopped'));
});
