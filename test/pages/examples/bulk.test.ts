import type { IDataObject } from 'n8n-workflow';
import { fs } from '../../node';
import { imageItem, useExamples, withFolder, withOptions, writesTo } from './support';

const examples = useExamples();

describe('bulk-with-budget', () => {
	const PROMPTS = [
		'A red bicycle against a white wall',
		'A yellow taxi in the rain at night',
		'A green tram on a tree-lined street',
		'A blue sailing boat on a calm lake',
		'A silver airship above the clouds',
		'A wooden sledge on a snowy hill',
	];
	const fileOf = (index: number) => `${index + 1}-${PROMPTS[index]}.png`;
	const sumOf = (values: unknown[]) => values.reduce<number>((sum, one) => sum + Number(one), 0);

	it('makes what the budget allows, adds it up, and says what is left', async () => {
		await withFolder(async (target) => {
			const { run, items } = await examples.run('bulk-with-budget', {
				parameters: { 'Write Images': writesTo(target) },
			});
			expect(run.status).toBe('success');
			expect(items('One Item per Row')).toEqual(
				PROMPTS.map((prompt, index) => ({
					json: { id: index + 1, prompt },
					pairedItem: { item: 0 },
				})),
			);
			const affordable = PROMPTS.slice(0, 4);
			const fields = { model: 'gpt-image-2', size: '1024x1024', quality: 'medium' };
			expect(examples.bodies()).toEqual(
				affordable.map((prompt) => ['/v1/images/generations', { ...fields, prompt }]),
			);
			const made = items('Generate Images');
			const bytesOf = (prompt: string) =>
				examples.api.images.find((image) => image.prompt === prompt)?.bytes?.length ?? 0;
			expect(made).toEqual(
				affordable.map((prompt, index) =>
					imageItem(fileOf(index), 'image/png', bytesOf(prompt), { id: index + 1, prompt }, index),
				),
			);
			expect((await fs.promises.readdir(target)).sort()).toEqual(
				affordable.map((_, index) => fileOf(index)),
			);
			const cost = sumOf(made.map(({ json }) => json.cost));
			expect(cost).toBeLessThanOrEqual(0.25);
			expect(items('Spent')).toEqual([
				{
					json: { count_id: 4, sum_cost: cost },
					pairedItem: affordable.map((_, item) => ({ item })),
				},
			]);
			const left = items('Generate Images', 1);
			expect(left).toEqual([4, 5].map((index) => overBudget(index, cost)));
			const estimates = left.map(({ json }) => detailsOf(json).estimatedCost);
			expect(items('Left Out')).toEqual([
				{
					json: {
						appended_id: [5, 6],
						sum_details_estimatedCost: sumOf(estimates),
						details_code: 'budget_reached',
					},
					pairedItem: [{ item: 0 }, { item: 1 }],
				},
			]);
			expect(sumOf(estimates)).toBeCloseTo(0.1055, 3);
		});
	});

	it('lists refused prompts apart from those there was no money for', async () => {
		examples.api.misbehave({ code: 'moderation_blocked' });
		await withFolder(async (target) => {
			const { run, items } = await examples.run('bulk-with-budget', {
				parameters: {
					'Write Images': writesTo(target),
					...(await withOptions('bulk-with-budget', 'Generate Images', { requestsInParallel: 1 })),
				},
			});
			expect(run.status).toBe('success');
			expect(items('Spent')).toMatchObject([{ json: { count_id: 4 } }]);
			expect(items('Left Out').map(({ json }) => json)).toEqual([
				{ appended_id: [1], sum_details_estimatedCost: 0, details_code: 'moderation_blocked' },
				{
					appended_id: [6],
					sum_details_estimatedCost: expect.any(Number),
					details_code: 'budget_reached',
				},
			]);
		});
	});

	const detailsOf = ({ details }: IDataObject): IDataObject =>
		typeof details === 'object' && details !== null ? { ...details } : {};

	const overBudget = (index: number, spent: number) => ({
		json: {
			id: index + 1,
			prompt: PROMPTS[index],
			error: `The budget of this run is reached [item ${index + 1}]`,
			details: {
				kind: 'budget',
				code: 'budget_reached',
				reason: expect.stringMatching(
					/^The request would cost about \$0\.05\d+; \$0\.21\d* of \$0\.25/,
				),
				estimatedCost: expect.any(Number),
				spent: expect.closeTo(spent, 6),
				limit: 0.25,
				retryable: true,
				description: expect.stringMatching(/^Nothing was sent for this item\./),
			},
		},
		pairedItem: { item: index },
	});
});
