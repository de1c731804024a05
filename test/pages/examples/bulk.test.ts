import { imageItem, lastPage, shown, temporaryLink, useExamples, withOptions } from './support';
import { wordsOf } from '../../support/words';

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
	// As a browser sends lines.
	const received = { json: { Prompts: `${PROMPTS.join('\r\n')}\r\n`, 'Budget in USD': 0.25 } };
	const fileOf = (index: number) => `${index + 1}-${PROMPTS[index]}.png`;
	const leftOut = (index: number, reason: string) => `${PROMPTS[index]}: ${reason}.`;
	const overBudget = 'The budget of this run is reached';

	it('makes what the budget allows, shows it with its cost, and says what is left out', async () => {
		const { run, items, responses } = await examples.run('bulk-with-budget', { received });
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
		const made = items('Generate Images').slice(0, affordable.length);
		const bytesOf = (prompt: string) =>
			examples.api.images.find((image) => image.prompt === prompt)?.bytes?.length ?? 0;
		expect(made).toEqual(
			affordable.map((prompt, index) =>
				imageItem(fileOf(index), 'image/png', bytesOf(prompt), { prompt, ...temporaryLink }, index),
			),
		);
		const cost = made.reduce((sum, { json }) => sum + Number(json.cost), 0);
		expect(cost).toBeLessThanOrEqual(0.25);
		expect(items('Generate Images').slice(affordable.length)).toMatchObject(
			[4, 5].map((item) => ({
				json: { details: { code: 'budget_reached', spent: expect.closeTo(cost, 6), limit: 0.25 } },
				pairedItem: { item },
			})),
		);
		const reasons = [4, 5].map((index) => leftOut(index, overBudget));
		expect(responses).toEqual([
			lastPage(
				`4 of 6 images for $${cost.toFixed(2)}`,
				[...made.map((one) => shown(one)), ...reasons].join('\n\n'),
			),
		]);
	});

	it('says of a refused prompt why it was left out', async () => {
		examples.api.misbehave({ code: 'moderation_blocked' });
		const { items, responses } = await examples.run('bulk-with-budget', {
			received,
			parameters: await withOptions('bulk-with-budget', 'Generate Images', {
				requestsInParallel: 1,
			}),
		});
		const made = items('Generate Images').slice(1, 5);
		expect(responses).toEqual([
			lastPage(
				expect.stringMatching(/^4 of 6 images for \$0\.21$/),
				[
					leftOut(0, `${wordsOf('safety').message} (violence)`),
					...made.map((one) => shown(one)),
					leftOut(5, overBudget),
				].join('\n\n'),
			),
		]);
	});
});
