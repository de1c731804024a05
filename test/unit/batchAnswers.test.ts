import {
	cancelBatch,
	createBatch,
	listBatches,
	retrieveBatch,
} from '../../nodes/GptImage/openai/batches';
import { describeBatch } from '../../nodes/GptImage/batch/describeBatch';
import { Redactor } from '../../nodes/GptImage/errors/redact';
import { useFakeClock } from '../support/clock';
import { fakeApi } from '../support/fakeApi';
import { follow } from '../support/follow';

useFakeClock();

const retrieved = async (body: unknown) => {
	const { session } = fakeApi({ body });
	return await retrieveBatch(session, 'batch_1');
};

const BARE = {
	id: 'batch_1',
	status: 'in_progress',
	endpoint: '',
	createdAt: 0,
	counts: { total: 0, completed: 0, failed: 0 },
	metadata: {},
	errors: [],
};

it('asks by the names of the API', async () => {
	const { session, calls } = fakeApi({ body: { id: 'batch_1', status: 'validating' } });
	await createBatch(session, {
		inputFileId: 'file-1',
		endpoint: '/v1/images/edits',
		metadata: { name: 'Night' },
	});
	await retrieveBatch(session, 'batch/1');
	await cancelBatch(session, 'batch_1');
	expect(calls.map(({ what, body }) => [what, body])).toEqual([
		[
			'POST /batches',
			{
				input_file_id: 'file-1',
				endpoint: '/v1/images/edits',
				completion_window: '24h',
				metadata: { name: 'Night' },
			},
		],
		['GET /batches/batch%2F1', undefined],
		['POST /batches/batch_1/cancel', undefined],
	]);
});

it('takes a batch of which next to nothing is said', async () => {
	expect(await retrieved({ id: 'batch_1', status: 'in_progress' })).toEqual(BARE);
});

it('takes nothing of another type than the API sends', async () => {
	const odd = {
		id: 'batch_1',
		status: 'in_progress',
		endpoint: 7,
		created_at: 'soon',
		expires_at: null,
		input_file_id: '',
		output_file_id: {},
		model: [],
		request_counts: { total: '3', completed: null },
		metadata: { name: 'Night', count: 3 },
		usage: 'none',
		errors: { object: 'list', data: 'none' },
	};
	expect(await retrieved(odd)).toEqual({ ...BARE, metadata: { name: 'Night' } });
	expect(await retrieved({ ...odd, request_counts: 3, metadata: [], errors: [] })).toEqual(BARE);
});

it('tells why a batch could not be begun, as far as the API does', async () => {
	const said = { code: 'invalid_value', line: 2, message: 'Bad', param: 'body.size' };
	const odd = { code: 5, line: 'two', message: null, param: {} };
	const batch = await retrieved({
		id: 'batch_1',
		status: 'failed',
		failed_at: 1_700_000_000,
		errors: { object: 'list', data: [said, odd, 'worse'] },
	});
	expect(batch.errors).toEqual([said, { message: '' }]);
	expect(describeBatch(batch, new Redactor([]))).toMatchObject({
		isFinished: true,
		finishedAt: '2023-11-14T22:13:20.000Z',
		errors: [
			{ code: 'invalid_value', line: 2, message: 'Bad', field: 'body.size' },
			{ message: '' },
		],
	});
});

it('names a batch of another program by what it calls itself', async () => {
	const batch = await retrieved({
		id: 'batch_1',
		status: 'completed',
		metadata: { name: 'Other' },
	});
	expect(describeBatch(batch, new Redactor([]))).toMatchObject({
		name: 'Other',
		isOfThisNode: false,
	});
});

it.each([{}, { id: '', status: 'failed' }, { id: 7, status: 'failed' }, { id: 'batch_1' }])(
	'says that %j is no batch',
	async (body) => {
		await expect(retrieved(body)).rejects.toMatchObject({ details: { kind: 'call' } });
	},
);

it('leaves out of a list what is no batch', async () => {
	const data = [{ id: 'batch_1', status: 'completed' }, { id: 'batch_2' }, { object: 'file' }];
	const { session } = fakeApi({ body: { data } });
	const ids: string[] = [];
	for await (const { id } of listBatches(session)) ids.push(id);
	expect(ids).toEqual(['batch_1']);
});

it('creates a batch once, whatever becomes of the answer, and cancels one again', async () => {
	const fault = { status: 500, body: { error: { message: 'It failed' } } };
	const created = fakeApi(fault);
	const wanted = { inputFileId: 'file-1', endpoint: '/v1/images/edits' as const, metadata: {} };
	const creation = follow(createBatch(created.session, wanted));
	const cancelled = fakeApi(fault, { body: { id: 'batch_1', status: 'cancelling' } });
	const cancelling = follow(cancelBatch(cancelled.session, 'batch_1'));
	await jest.advanceTimersByTimeAsync(600_000);
	expect(creation()).toMatchObject({ thrown: { details: { class: 'serverFault' } } });
	expect(cancelling()).toMatchObject({ status: 'cancelling' });
	expect([created.calls.length, cancelled.calls.length]).toEqual([1, 2]);
});
