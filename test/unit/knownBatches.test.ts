import { fileNameOf, readFileName } from '../../nodes/GptImage/batch/fileNames';
import { KnownBatches } from '../../nodes/GptImage/batch/knownBatches';
import { toMetadata } from '../../nodes/GptImage/batch/metadata';
import { useFakeClock } from '../support/clock';
import { fakeApi, type FakeAnswer } from '../support/fakeApi';

useFakeClock();

const HOUR = 3600;
const NOW = 1_000_000;

const mark = { node: 'n8n-nodes-gpt-image', version: '1' };
const said = {
	name: '',
	manifest: 'file-m',
	fingerprint: 'f',
	content: 'c',
	run: 'r',
	part: '1/1',
};

/** A batch of this node, as the API lists it. */
const own = (id: string, more: object = {}, about: object = {}) => ({
	id,
	status: 'in_progress',
	created_at: NOW,
	input_file_id: `file-${id}`,
	metadata: { ...mark, ...toMetadata({ ...said, ...about }) },
	...more,
});

async function lookUp(batches: object[], ...answers: FakeAnswer[]) {
	const api = fakeApi({ body: { data: batches, has_more: false } }, ...answers);
	return { known: await KnownBatches.lookUp(api.session), ...api };
}

const identity = { run: 'r', part: '1/1', fingerprint: 'f' };
const foundIn = async (batches: object[], wanted = identity) => {
	const found = (await lookUp(batches)).known.find(wanted);
	return found && [found.batch.id, found.because];
};

describe('a batch is found', () => {
	it('of the same run, whatever it asks for now and whatever has become of it', async () => {
		const other = { ...identity, fingerprint: 'other' };
		for (const status of ['validating', 'completed', 'cancelled', 'expired']) {
			expect(await foundIn([own('a', { status })], other)).toEqual(['a', 'sameRun']);
		}
	});

	it('of another run, as long as the same requests are not finished', async () => {
		const other = { ...identity, run: 'other' };
		const ofStatus = async (status: string) => await foundIn([own('a', { status })], other);
		expect(await ofStatus('validating')).toEqual(['a', 'sameRequests']);
		expect(await ofStatus('completed')).toBeUndefined();
		expect(await ofStatus('cancelling')).toBeUndefined();
	});

	it('unless it is another part of the run, was refused as a whole, or was made by another program', async () => {
		expect(
			await foundIn([own('a')], { ...identity, part: '2/2', fingerprint: 'other' }),
		).toBeUndefined();
		expect(await foundIn([own('a', { status: 'failed' })])).toBeUndefined();
		expect(await foundIn([own('a', { metadata: {} })])).toBeUndefined();
	});

	it('of the last thirty hours before the newest one', async () => {
		const newest = own('new', {}, { run: 'other', fingerprint: 'other' });
		const aged = (hours: number) => own('old', { created_at: NOW - hours * HOUR });
		expect(await foundIn([newest, aged(30)])).toEqual(['old', 'sameRun']);
		expect(await foundIn([newest, aged(30.1)])).toBeUndefined();
	});

	it('by its own run before any other', async () => {
		expect(await foundIn([own('a', {}, { run: 'other' }), own('b')])).toEqual(['b', 'sameRun']);
	});

	it('where n8n does not tell runs apart, by its requests alone', async () => {
		const { known } = await lookUp([own('a', {}, { run: undefined })]);
		expect(known.find({ part: '1/1', fingerprint: 'f' })?.because).toBe('sameRequests');
	});
});

it('files are used by the batches that have them as input or manifest, whoever made those', async () => {
	const { known } = await lookUp([
		own('a'),
		{ id: 'b', status: 'completed', created_at: NOW, input_file_id: 'file-other' },
		{ id: 'c', status: 'validating', created_at: NOW },
	]);
	const used = ['file-a', 'file-m', 'file-other', 'file-none'].map((id) => known.uses(id));
	expect(used).toEqual([true, true, true, false]);
});

describe('a picture is used', () => {
	const content = 'c'.repeat(64);
	const named = readFileName(fileNameOf({ content }, 'image', '0'.repeat(64), 'png'));
	if (!named) throw new Error('It is no name');
	const input: FakeAnswer = {
		body: Buffer.from('{"body":{"images":[{"file_id":"file-1"},{"file_id":"file-2"}]}}\n'),
	};
	const length: FakeAnswer = { body: {} };

	it('by a batch of the same requests whose input names it; each input is read once', async () => {
		const { known, session, made } = await lookUp([own('a', {}, { content })], input, length);
		const used: boolean[] = [];
		for (const id of ['file-1', 'file-2', 'file-3']) {
			used.push(await known.usesPicture(session, id, named));
		}
		expect(used).toEqual([true, true, false]);
		expect(made().filter((what) => what.endsWith('/content'))).toHaveLength(1);
	});

	it('not by batches of other requests, and those without an input', async () => {
		const { known, session, made } = await lookUp([
			own('a'),
			own('b', { input_file_id: null }, { content }),
		]);
		expect(await known.usesPicture(session, 'file-1', named)).toBe(false);
		expect(made()).toHaveLength(1);
	});

	it('that is kept for the results, by a batch whose manifest names it', async () => {
		const rest = readFileName(fileNameOf({ content }, 'rest', '0'.repeat(64), 'jsonl'));
		if (!rest) throw new Error('It is no name');
		const manifest = {
			body: Buffer.from('{"rest":{"first":{"file_id":"file-1"},"mask":{"file_id":"file-2"}}}'),
		};
		const { known, session, made } = await lookUp([own('a', {}, { content })], manifest, length);
		const used: boolean[] = [];
		for (const id of ['file-1', 'file-2', 'file-3']) {
			used.push(await known.usesPicture(session, id, rest));
		}
		expect(used).toEqual([true, true, false]);
		expect(made()).toContain('GET /files/file-m/content');
	});

	it('perhaps, when the input cannot be read: it stays', async () => {
		const { known, session } = await lookUp([own('a', {}, { content })], { status: 404, body: {} });
		expect(await known.usesPicture(session, 'file-1', named)).toBe(true);
	});

	it('or the execution is stopped meanwhile', async () => {
		const { known, session, stop } = await lookUp([own('a', {}, { content })], { hangs: true });
		const asked = known.usesPicture(session, 'file-1', named).catch((error: unknown) => error);
		stop.reach(new Error('stopped'));
		expect(await asked).toEqual(new Error('stopped'));
	});
});
