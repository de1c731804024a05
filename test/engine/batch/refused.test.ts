import type { INodeParameters } from 'n8n-workflow';
import { batchesOf, prompts } from '../../support/batchNode';
import { filesOf } from '../../support/batches';
import { until } from '../../support/events';
import { imagesFrom } from '../../support/parameters';
import { maskPicture, picture, storeFiles } from '../../support/pictures';
import { useSimulator } from '../../support/simulator';
import { STOPPED } from '../../support/words';

const simulator = useSimulator();
const { submit } = batchesOf(simulator);

describe('what a batch cannot give is refused before anything is sent', () => {
	it.each<[string, INodeParameters]>([
		['Partial Images or Keep Connection Alive', { options: { partialImages: 2 } }],
		['Keep Consistent Across Items', { options: { consistency: 'first' } }],
		['Include Input Binary Data', { options: { includeInputBinary: true } }],
		['Placeholder in Manual Runs', { options: { placeholder: true } }],
	])('refuses %s', async (option, parameters) => {
		// Chosen from the list, Batch hides them.
		await expect(submit({ ...parameters, delivery: '={{ "batch" }}' })).rejects.toMatchObject({
			message: `${option} does not go with Delivery Batch [item 1]`,
			description: expect.stringMatching(/Remove the option, or set Delivery to Now\.$/),
		});
		expect(simulator.api.requests).toEqual([]);
	});

	it('refuses Markup', async () => {
		const binary = await storeFiles({ data: await picture('png'), drawn: await maskPicture() });
		const run = submit(
			{
				operation: 'edit',
				model: { mode: 'id', value: 'gpt-image-2.6-flare' },
				images: imagesFrom('data'),
				options: { markupBinaryPropertyName: 'drawn' },
			},
			{ items: [{ json: { prompt: 'a fox' }, binary }] },
		);
		await expect(run).rejects.toThrow('Markup does not go with Delivery Batch');
		expect(simulator.api.requests).toEqual([]);
	});

	it('checks all items before anything is sent', async () => {
		const items = [...prompts(2), { json: { prompt: '' } }];
		await expect(submit({}, { items })).rejects.toThrow(/^Prompt .* \[item 3\]$/);
		expect(simulator.api.requests).toEqual([]);
	});

	it('submits the other items when the node continues on errors', async () => {
		const { items } = await submit(
			{},
			{
				items: [...prompts(2), { json: { prompt: '' } }],
				node: { onError: 'continueRegularOutput' },
			},
		);
		expect(items).toMatchObject([
			{ json: { requests: 2 }, pairedItem: [{ item: 0 }, { item: 1 }] },
			{
				json: { error: expect.stringMatching(/^Prompt .* \[item 3\]$/) },
				pairedItem: { item: 2 },
			},
		]);
	});
});

describe('Maximum Cost per Run', () => {
	it('keeps a budget at half the price', async () => {
		const { items } = await submit({ options: { maxCost: 0.006 } });
		expect(items).toMatchObject([
			{ json: { requests: 2, estimatedCost: 0.005896 } },
			{
				json: { details: { code: 'budget_reached', spent: 0.005896, limit: 0.006 } },
				pairedItem: { item: 2 },
			},
		]);
	});

	it('does not submit what nobody can estimate, within a budget', async () => {
		const model = { mode: 'id', value: 'gpt-image-2.6-flare' };
		const { items } = await submit(
			{ model, options: { maxCost: 1 } },
			{ node: { onError: 'continueRegularOutput' } },
		);
		expect(items.map(({ json }) => json.details)).toMatchObject(
			Array(3).fill({ code: 'budget_reached', spent: 0, limit: 1 }),
		);
		expect(simulator.api.stats().batchesCreated).toBe(0);
	});

	it('is an error when the budget is too small for the first item', async () => {
		await expect(submit({ options: { maxCost: 0.001 } })).rejects.toMatchObject({
			context: { itemIndex: 0, data: { kind: 'budget', estimatedCost: 0.002948, limit: 0.001 } },
		});
	});
});

describe('a batch that cannot be submitted', () => {
	it('leaves nothing behind when the batch is refused', async () => {
		simulator.api.misbehave({ on: 'batches.create', status: 400 });
		const binary = await storeFiles({ data: await picture('png') });
		const items = prompts(2).map((item) => ({ ...item, binary }));
		await expect(submit({ operation: 'edit' }, { items })).rejects.toMatchObject({
			context: { data: { kind: 'api', status: 400 } },
		});
		expect((await filesOf(simulator.api)).own).toEqual([]);
		expect(simulator.api.stats().filesDeleted).toBe(3);
	});

	it('says which other batches were submitted when one is refused', async () => {
		simulator.api.misbehave({ on: 'batches.create' }, { on: 'batches.create', status: 400 });
		const end: unknown = await submit({ options: { requestsPerBatch: 1 } }).catch(
			(error: unknown) => error,
		);
		const [first, third] = (await simulator.api.batches.all()).map(({ id }) => id).reverse();
		expect(end).toMatchObject({
			context: { itemIndex: 1, data: { status: 400 } },
			description: expect.stringContaining(`${first}, ${third}`),
		});
	});

	it('hands on what was submitted beside what was refused when the node continues on errors', async () => {
		simulator.api.misbehave({ on: 'batches.create', status: 400 });
		const { items } = await submit(
			{ options: { requestsPerBatch: 2 } },
			{ node: { onError: 'continueRegularOutput' } },
		);
		expect(items).toMatchObject([
			{ json: { requests: 1, part: '2/2' }, pairedItem: [{ item: 2 }] },
			{ json: { details: { status: 400 } }, pairedItem: { item: 0 } },
			{ json: { details: { status: 400 } }, pairedItem: { item: 1 } },
		]);
	});

	it('ends with the execution', async () => {
		simulator.api.misbehave({ on: 'files.create', until: new Promise(() => {}) });
		const stop = new AbortController();
		const submitting = submit({}, { signal: stop.signal });
		const ended = expect(submitting).rejects.toThrow(STOPPED);
		await until(() => simulator.api.requests.some(({ method }) => method === 'POST'));
		stop.abort();
		await ended;
		expect((await filesOf(simulator.api)).own).toEqual([]);
	});
});
