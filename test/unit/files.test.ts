import { deleteFile, listFiles, uploadFile } from '../../nodes/GptImage/openai/files';
import { bytesOf } from '../../nodes/GptImage/images/input/stored';
import { useFakeClock } from '../support/clock';
import { fakeApi, type FakeAnswer } from '../support/fakeApi';
import { follow } from '../support/follow';

useFakeClock();

const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

const FILE = {
	fileName: 'input-1.jsonl',
	mimeType: 'application/jsonl',
	...bytesOf(Buffer.from('{}')),
};
const THERE = {
	id: 'file-1',
	filename: 'input-1.jsonl',
	bytes: 2,
	created_at: 5,
	purpose: 'batch',
};
const LOST: FakeAnswer = { breaks: 'ECONNRESET' };
const listOf = (...data: object[]): FakeAnswer => ({ body: { data } });

async function upload(...answers: FakeAnswer[]) {
	const { session, made } = fakeApi(...answers);
	const state = follow(uploadFile(session, FILE, 'batch', 3600));
	await pass(60_000);
	return { end: state(), made: made().map((what) => what.replace(/\?.*/, '')) };
}

const UPLOADED = { id: 'file-1', name: 'input-1.jsonl', bytes: 2, createdAt: 5 };

describe('an upload', () => {
	it('is the file as the API has it', async () => {
		expect(await upload({ body: { ...THERE, expires_at: 9 } })).toEqual({
			end: { ...UPLOADED, expiresAt: 9 },
			made: ['POST /files'],
		});
	});

	it('whose answer got lost is found by its name and length', async () => {
		const others = [
			{ ...THERE, id: 'file-2', bytes: 3 },
			{ ...THERE, id: 'file-3', filename: 'input-2.jsonl' },
		];
		expect(await upload(LOST, listOf(...others, THERE))).toEqual({
			end: UPLOADED,
			made: ['POST /files', 'GET /files'],
		});
	});

	it('that is not found is made again, three times in all', async () => {
		const again = [LOST, listOf()];
		expect(await upload(...again, ...again, { body: THERE })).toMatchObject({ end: UPLOADED });
		const { end, made } = await upload(...again, ...again, ...again);
		expect(end).toMatchObject({ thrown: { details: { kind: 'connection' } } });
		expect(made.filter((what) => what === 'POST /files')).toHaveLength(3);
	});

	it('whose answer names no file is looked for', async () => {
		expect(await upload({ body: { object: 'file' } }, listOf(THERE))).toMatchObject({
			end: UPLOADED,
		});
	});

	it('that was refused is not looked for', async () => {
		const { end, made } = await upload({ status: 400, body: { error: { message: 'No' } } });
		expect(end).toMatchObject({ thrown: { details: { kind: 'api' } } });
		expect(made).toEqual(['POST /files']);
	});

	it('is waited for by its length, two minutes at least', async () => {
		const waited = async (bytes: number) => {
			const { session } = fakeApi({ hangs: true }, listOf(THERE));
			const state = follow(uploadFile(session, { ...FILE, bytes }, 'batch', 3600));
			let minutes = 0;
			for (; state() === 'waiting' && minutes < 60; minutes++) await pass(60_000);
			return minutes;
		};
		// 64 bytes in a millisecond.
		expect([await waited(2), await waited(64 * 600_000)]).toEqual([2, 10]);
	});
});

describe('files that are listed', () => {
	it('are those of the purpose, also where the server does not ask for it', async () => {
		const { session, made } = fakeApi(
			listOf(THERE, { ...THERE, id: 'file-2', purpose: 'vision' }, { id: 'file-3' }, { id: '' }),
		);
		const files: unknown[] = [];
		for await (const file of listFiles(session, 'batch')) files.push(file);
		expect(files).toEqual([UPLOADED, { id: 'file-3', name: '', bytes: NaN, createdAt: 0 }]);
		expect(made()).toEqual(['GET /files?purpose=batch&order=desc&limit=100']);
	});

	it('are a thousand at most', async () => {
		const { session, made } = fakeApi(
			...Array.from(
				{ length: 20 },
				(_, page): FakeAnswer => ({
					body: {
						data: Array.from({ length: 100 }, (__, entry) => ({ id: `file-${page}-${entry}` })),
						has_more: true,
					},
				}),
			),
		);
		let count = 0;
		for await (const file of listFiles(session, 'batch')) count += file.id === '' ? 0 : 1;
		expect([count, made().length]).toEqual([1000, 10]);
	});
});

describe('a file that is deleted', () => {
	const deleted = async (...answers: FakeAnswer[]) => {
		const { session, made } = fakeApi(...answers);
		const state = follow(deleteFile(session, 'file/1').then(() => 'gone'));
		await pass(60_000);
		return { end: state(), made: made() };
	};

	it('is gone, also when it was before', async () => {
		const what = ['DELETE /files/file%2F1'];
		expect(await deleted({ body: { deleted: true } })).toEqual({ end: 'gone', made: what });
		expect(await deleted({ status: 404, body: {} })).toEqual({ end: 'gone', made: what });
	});

	it('may be there still after another refusal', async () => {
		const { end } = await deleted({ status: 403, body: {} });
		expect(end).toMatchObject({ thrown: { details: { kind: 'api', status: 403 } } });
	});
});
