import type { IDataObject } from 'n8n-workflow';
import { fs, path } from '../../node';
import { sha256 } from '../../support/pictures';
import { useExamples, withFolder, writesTo } from './support';

const examples = useExamples();

const MINUTE = 60_000;
const PROMPTS = [
	'A red bicycle against a white wall',
	'A yellow taxi in the rain at night',
	'A green tram on a tree-lined street',
	'A blue sailing boat on a calm lake',
];

/** The folder has the picture of each prompt, under its number. */
async function expectPictures(target: string) {
	const files = await fs.promises.readdir(target);
	expect(files).toHaveLength(PROMPTS.length);
	const drawn = new Map(examples.api.images.map((image) => [image.sha256, image.prompt]));
	for (const [index, prompt] of PROMPTS.entries()) {
		const file = files.find((name) => name.startsWith(`${index + 1}-`)) ?? '';
		const bytes = await fs.promises.readFile(path.join(target, file));
		expect(drawn.get(sha256(bytes))).toBe(prompt);
	}
}

describe('batches', () => {
	it('batch-submit-overnight submits the list, and batch-collect-and-store writes the images', async () => {
		const submitted = await examples.run('batch-submit-overnight');
		expect(submitted.run.status).toBe('success');
		expect(submitted.items('Submit Batch')).toEqual([
			{
				json: expect.objectContaining<IDataObject>({
					batchId: expect.stringMatching(/^batch_/),
					name: 'catalog',
					requests: 4,
					estimatedCost: expect.any(Number),
				}),
				pairedItem: [0, 1, 2, 3].map((item) => ({ item })),
			},
		]);
		expect(examples.api.stats()).toMatchObject({ imageRequests: 0, batchesCreated: 1 });
		await examples.api.batches.finish();
		await withFolder(async (target) => {
			const { run, items } = await examples.run('batch-collect-and-store', {
				parameters: { 'Write Images': writesTo(target) },
			});
			expect(run.status).toBe('success');
			expect(items('Batch Finished')).toMatchObject([{ json: { name: 'catalog', requests: 4 } }]);
			expect(items('Get Images').map(({ json }) => json.id)).toEqual([1, 2, 3, 4]);
			expect(items('Get Images', 1)).toEqual([]);
			await expectPictures(target);
		});
	});

	it('batch-wait-in-loop waits until the images are there', async () => {
		let rounds = 0;
		await withFolder(async (target) => {
			const { run } = await examples.run('batch-wait-in-loop', {
				parameters: { 'Write Images': writesTo(target) },
				onNodeStart: (name) => {
					if (name !== 'Wait') return;
					rounds += 1;
					examples.api.advance(10 * MINUTE);
				},
			});
			expect(run.status).toBe('success');
			expect(rounds).toBe(2);
			expect(examples.api.stats().batchesCreated).toBe(1);
			await expectPictures(target);
		});
	});
});
