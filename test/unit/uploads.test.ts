import { fileNameOf } from '../../nodes/GptImage/batch/fileNames';
import { KnownBatches } from '../../nodes/GptImage/batch/knownBatches';
import { Uploads } from '../../nodes/GptImage/batch/uploads';
import { bytesOf } from '../../nodes/GptImage/images/input/stored';
import { useFakeClock } from '../support/clock';
import { fakeApi, type FakeAnswer } from '../support/fakeApi';
import { follow } from '../support/follow';

useFakeClock();

const OWNER = { run: 'a'.repeat(64), content: 'c'.repeat(64) };
const HOUR = 3600;

const nameOf = (owner = OWNER, sha256 = '0'.repeat(64)) =>
	fileNameOf(owner, 'input', sha256, 'jsonl');

const FILE = { fileName: nameOf(), mimeType: 'application/jsonl', ...bytesOf(Buffer.from('{}')) };

/** A file of the account, as the API lists it. */
const listed = (id: string, more: object = {}) => ({
	id,
	filename: nameOf(),
	bytes: 2,
	purpose: 'batch',
	...more,
});

/** Begins with these files in the account. */
async function begin(files: object[], ...answers: FakeAnswer[]) {
	const api = fakeApi({ body: { data: [] } }, { body: { data: files } }, ...answers);
	const known = await KnownBatches.lookUp(api.session);
	const uploads = await Uploads.begin(api.session, OWNER, known, ['batch']);
	return { uploads, made: () => api.made().slice(2) };
}

const upload = async (uploads: Uploads, file = FILE) =>
	await uploads.upload(file, 'batch', 72 * HOUR);

describe('a file that is there', () => {
	it.each<[string, object]>([
		['of this run', {}],
		[
			'of another run with the same requests',
			{ filename: nameOf({ ...OWNER, run: 'b'.repeat(64) }) },
		],
		['that stays', { expires_at: null }],
		['that has lost a day and a half of three', { expires_at: 36 * HOUR }],
	])('is used: one %s', async (_, more) => {
		const { uploads, made } = await begin([listed('file-1', more)]);
		expect([await upload(uploads), made()]).toEqual(['file-1', []]);
	});

	it.each<[string, object]>([
		['of other requests', { filename: nameOf({ ...OWNER, content: 'd'.repeat(64) }) }],
		['with other contents', { filename: nameOf(OWNER, '1'.repeat(64)) }],
		['of another length', { bytes: 3 }],
		['that has lost more', { expires_at: 36 * HOUR - 1 }],
		['of somebody else', { filename: 'photos.jsonl' }],
	])('is not used: one %s', async (_, more) => {
		const { uploads, made } = await begin([listed('file-1', more)], {
			body: { id: 'file-2' },
		});
		expect([await upload(uploads), made()]).toEqual(['file-2', ['POST /files']]);
	});

	it('is used once', async () => {
		const other = { ...FILE, fileName: nameOf({ ...OWNER, run: 'b'.repeat(64) }) };
		const { uploads } = await begin([listed('file-1'), listed('file-2')]);
		expect([await upload(uploads), await upload(uploads, other)]).toEqual(['file-1', 'file-2']);
	});
});

it('a file is uploaded once, and again only when it was deleted', async () => {
	const [first, gone, second] = [{ id: 'file-1' }, { deleted: true }, { id: 'file-2' }];
	const { uploads, made } = await begin([], ...[first, gone, second].map((body) => ({ body })));
	expect([await upload(uploads), await upload(uploads)]).toEqual(['file-1', 'file-1']);
	await uploads.remove('file-1');
	expect(await upload(uploads)).toBe('file-2');
	expect(made()).toEqual(['POST /files', 'DELETE /files/file-1', 'POST /files']);
});

describe('in the end', () => {
	const discard = async (...answers: FakeAnswer[]) => {
		const others = [listed('file-1'), listed('file-2'), listed('file-3')];
		const { uploads, made } = await begin(others, ...answers);
		uploads.keep(['file-2']);
		const end = follow(uploads.discard().then(() => 'done'));
		await jest.advanceTimersByTimeAsync(600_000);
		expect(end()).toBe('done');
		return [...new Set(made())];
	};

	it('what nobody uses is deleted', async () => {
		expect(await discard({ body: {} })).toEqual(['DELETE /files/file-1', 'DELETE /files/file-3']);
	});

	it('and one that cannot be deleted does not keep the others', async () => {
		expect(await discard({ status: 403, body: {} }, { body: {} })).toEqual([
			'DELETE /files/file-1',
			'DELETE /files/file-3',
		]);
	});

	it('but without a connection there is no use in trying them all', async () => {
		expect(await discard({ breaks: 'ECONNREFUSED' })).toEqual(['DELETE /files/file-1']);
	});

	it('what another run may be using is left alone', async () => {
		const { uploads, made } = await begin([
			listed('file-1', { filename: nameOf({ ...OWNER, run: 'b'.repeat(64) }) }),
		]);
		await uploads.discard();
		expect(made()).toEqual([]);
	});
});
