import { dataTables } from '../../harness/standIns/dataTable';
import { named } from '../../support/fileNames';
import { imageItem, lastPage, shown, temporaryLink, useExamples } from './support';
import { wordsOf } from '../../support/words';

const examples = useExamples();
beforeEach(() => dataTables.clear());

describe('log-to-data-table', () => {
	const start = async (prompt: string) =>
		await examples.run('log-to-data-table', {
			received: { json: { Prompt: prompt, 'Number of Images': 2 } },
		});
	const rows = () => [...dataTables.values()].map((table) => [table.name, table.rows]);

	it('logs every image whole, and shows them', async () => {
		const { run, items, responses } = await start('A red bicycle');
		expect(run.status).toBe('success');
		const fields = { model: 'gpt-image-2', prompt: 'A red bicycle', n: 2 };
		expect(examples.bodies()).toEqual([
			['/v1/images/generations', { ...fields, size: '1024x1024', quality: 'low' }],
		]);
		const made = items('Generate Images');
		expect(made).toEqual(
			[1, 2].map((number) =>
				imageItem(
					named('a-red-bicycle', `_${number}.png`),
					'image/png',
					examples.drawn(number - 1).length,
					temporaryLink,
				),
			),
		);
		const logged = made.map(({ json }, index) => ({
			...json,
			placeholder: null,
			estimatedCost: null,
			id: index + 1,
			createdAt: expect.any(String),
			updatedAt: expect.any(String),
		}));
		expect(rows()).toEqual([['Image log', logged]]);
		expect(responses).toEqual([
			lastPage('2 image(s), logged', made.map((one) => shown(one)).join('\n\n')),
		]);
	});

	it('adds to the table that is there', async () => {
		await start('A red bicycle');
		await start('A blue boat');
		expect(rows()).toEqual([
			[
				'Image log',
				['A red bicycle', 'A red bicycle', 'A blue boat', 'A blue boat'].map((prompt) =>
					expect.objectContaining({ prompt }),
				),
			],
		]);
	});

	it('logs nothing of a refused prompt, and says why', async () => {
		examples.api.misbehave({ code: 'moderation_blocked' });
		const { responses } = await start('A fight');
		expect(rows()).toEqual([['Image log', []]]);
		const { message, remedy } = wordsOf('safety');
		expect(responses).toEqual([
			lastPage('No image was made', expect.stringContaining(`${message} (violence). ${remedy}`)),
		]);
	});
});
