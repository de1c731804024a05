import type { INodeParameters } from 'n8n-workflow';
import { batchesOf, firstId } from '../../support/batchNode';
import { useSimulator } from '../../support/simulator';

const simulator = useSimulator();
const { submit, onBatch } = batchesOf(simulator);

describe('the other operations', () => {
	it('tell the state of a batch', async () => {
		const { items } = await submit({ options: { batchName: 'Autumn' } });
		await simulator.api.batches.progress(1);
		const [batch] = await simulator.api.batches.all();
		const { items: got } = await onBatch('get', { batchId: firstId(items) });
		expect(got[0]?.json).toMatchObject({
			batchId: batch?.id,
			name: 'Autumn',
			status: 'in_progress',
			isFinished: false,
			requests: 3,
			completed: 1,
			failed: 0,
			isOfThisNode: true,
		});
	});

	it('list the batches of the node, newest first', async () => {
		const ids: string[] = [];
		for (const name of ['One', 'Two', 'Two']) {
			const { items } = await submit({
				prompt: `={{ $json.prompt }} ${ids.length}`,
				options: { batchName: name },
			});
			ids.unshift(firstId(items));
			simulator.api.advance(1000);
		}
		const list = async (parameters: INodeParameters) =>
			(await onBatch('getAll', parameters)).items.map(({ json }) => json.batchId);
		expect(await list({ returnAll: true })).toEqual(ids);
		expect(await list({ limit: 1 })).toEqual(ids.slice(0, 1));
		expect(await list({ filters: { batchName: 'One' } })).toEqual(ids.slice(2));
		await simulator.api.batches.finish(ids[0]);
		expect(await list({ filters: { onlyUnfinished: true } })).toEqual(ids.slice(1));
	});

	it('list batches of other programs where that is wanted', async () => {
		const { items } = await submit({ options: { batchName: 'Own' } });
		const other = { id: 'batch_other', status: 'completed', metadata: { name: 'Other' } };
		const [own] = await simulator.api.batches.all();
		const listed = async (filters: INodeParameters) => {
			simulator.api.misbehave({
				on: 'batches.list',
				status: 200,
				body: { data: [own, other], has_more: false },
			});
			return (await onBatch('getAll', { returnAll: true, filters })).items.map(({ json }) => [
				json.batchId,
				json.isOfThisNode,
			]);
		};
		const [ours, theirs] = [
			[firstId(items), true],
			['batch_other', false],
		];
		expect(await listed({})).toEqual([ours]);
		expect(await listed({ includeOthers: true })).toEqual([ours, theirs]);
		expect(await listed({ includeOthers: true, batchName: 'Other' })).toEqual([theirs]);
	});

	it('are told that a batch is being cancelled already', async () => {
		const { items } = await submit();
		await simulator.api.batches.progress(1);
		await onBatch('cancel', { batchId: firstId(items) });
		const { items: again } = await onBatch('cancel', { batchId: firstId(items) });
		expect(again[0]?.json.status).toBe('cancelling');
		expect(simulator.api.requests.filter(({ path }) => path.endsWith('/cancel'))).toHaveLength(1);
	});

	it('cancel a batch that has not ended', async () => {
		const { items } = await submit();
		const { items: cancelled } = await onBatch('cancel', { batchId: firstId(items) });
		expect(cancelled[0]?.json.status).toBe('cancelling');
		simulator.api.advance(20 * 60_000);
		await expect(onBatch('cancel', { batchId: firstId(items) })).rejects.toThrow(
			'The batch cannot be cancelled: it is cancelled already [item 1]',
		);
	});
});
