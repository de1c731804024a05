import type { IDataObject } from 'n8n-workflow';

import { assert } from '../../node';
import { itemsOf, type Execution } from '../workflows';
import { imagesIn, openPage, pageWith, submitIn } from './examplesBrowser';
import type { Scene } from './examplesScene';

/** What every row has besides its columns. */
const OF_THE_TABLE = ['id', 'createdAt', 'updatedAt'];

/** Images become rows of a Data Table, which the workflow makes, by automatic mapping. */
export async function dataTableLog(scene: Scene): Promise<void> {
	const { e2e, rig } = scene;
	const name = 'log-to-data-table';
	const workflow = await scene.import(name);
	const page = await openPage(e2e);
	const order = async (Prompt: string) =>
		await scene.executionOf(workflow, async () => {
			await submitIn(page, scene, workflow, { Prompt, 'Number of Images': '2' });
			await pageWith(page, '2 image(s), logged');
			assert.deepEqual(
				(await imagesIn(page)).map(({ sha256 }) => sha256),
				rig.simulator.images.slice(-2).map(({ sha256 }) => sha256),
			);
		});
	await scene.published(workflow, async () => {
		let first: IDataObject[] = [];
		await e2e.check(`${name}: what Simplify leaves of an image is its row, whole`, async () => {
			first = madeIn(await order('A red bicycle'));
			assert.equal(first.length, 2);
			assert.deepEqual(await rowsOf(scene, 'Image log'), first);
		});
		await e2e.check(`${name}: a second run adds to the same table`, async () => {
			const second = madeIn(await order('A blue boat'));
			assert.deepEqual(await rowsOf(scene, 'Image log'), [...first, ...second]);
		});
		rig.simulator.misbehave({ code: 'moderation_blocked' });
		await e2e.check(`${name}: a refusal is told, and leaves the table as it is`, async () => {
			await scene.executionOf(workflow, async () => {
				await submitIn(page, scene, workflow, { Prompt: 'A fight' });
				const text = await pageWith(page, 'No image was made');
				assert.match(text, /The safety system refused .* \(violence\)\. Change the prompt/);
			});
			assert.equal((await rowsOf(scene, 'Image log')).length, 4);
		});
	});
}

/** The JSON of the images that an execution has made. */
const madeIn = (execution: Execution) =>
	itemsOf(execution, 'Generate Images').map(({ json }) => json);

/** The rows of a table as n8n has stored them, without what every table has, and without empty cells. */
async function rowsOf({ rig }: Scene, name: string): Promise<IDataObject[]> {
	const get = async <T>(path: string) => await rig.rest.send<T>('GET', path);
	const { id } = await get<{ id: string }>('/rest/projects/personal');
	const tables = `/rest/projects/${id}/data-tables`;
	const { data } = await get<{ data: Array<{ id: string; name: string }> }>(tables);
	const found = data.filter((table) => table.name === name);
	assert.equal(found.length, 1);
	const rows = await get<{ data: IDataObject[] }>(`${tables}/${found[0]?.id}/rows`);
	return rows.data.map((row) =>
		Object.fromEntries(
			Object.entries(row).filter(
				([column, value]) => value !== null && !OF_THE_TABLE.includes(column),
			),
		),
	);
}
