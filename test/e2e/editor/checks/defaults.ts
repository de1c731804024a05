import { assert } from '../../../node';
import { GPT_IMAGE, node } from '../../workflows';
import type { Panel } from '../panel';
import { freshNode, openWorkflow, start, type Scene } from '../scene';
import { settles } from '../settles';

const COMMON = {
	resource: 'Image',
	operation: 'Generate Image',
	prompt: '',
	size: 'Auto',
	quality: 'Auto',
	delivery: 'Now',
};
const COLLECTIONS = ['Image Options', 'Output Options', 'Run Options'];
const IMAGE_ROW = { source: 'Input Data Field', binaryPropertyName: 'data' };

/** What the panel shows before anything is entered. */
export async function checkDefaults(scene: Scene): Promise<void> {
	const { e2e, editor } = scene;
	await openWorkflow(
		scene,
		'Panel: defaults',
		[start, freshNode(scene, 'Generate'), freshNode(scene, 'Edit', { operation: 'edit' })],
		[node('Tool', `${GPT_IMAGE}Tool`)],
	);
	await e2e.check('Generate Image opens with few fields and its defaults', async () => {
		const panel = await editor.openPanel('Generate');
		await settles(
			async () => await panel.labels(),
			['Resource', 'Operation', 'Model', 'Prompt', 'Size', 'Quality', 'Delivery', ...COLLECTIONS],
		);
		assert.deepEqual(await valuesOf(panel, COMMON), COMMON);
		assert.equal(await panel.model.value(), 'gpt-image-2');
	});
	await e2e.check('switched to Edit Image it asks for images, and back', async () => {
		const panel = editor.panel;
		await panel.dropdown('operation').choose('Edit Image');
		const edit = ['Images', 'Add From', 'Input Data Field Name'];
		await settles(async () => (await panel.labels()).filter((label) => edit.includes(label)), edit);
		await panel.dropdown('operation').choose('Generate Image');
		await settles(async () => (await panel.labels()).filter((label) => edit.includes(label)), []);
		await panel.close();
	});
	await e2e.check('Edit Image opens with one row of images and its defaults', async () => {
		const panel = await editor.openPanel('Edit');
		await settles(
			async () => await panel.labels(),
			[
				...['Resource', 'Operation', 'Model', 'Prompt', 'Images', 'Add From'],
				...['Input Data Field Name', 'Size', 'Quality', 'Delivery', ...COLLECTIONS],
			],
		);
		const defaults = { ...COMMON, operation: 'Edit Image', ...IMAGE_ROW };
		assert.deepEqual(await valuesOf(panel, defaults), defaults);
		await panel.close();
	});
	await e2e.check('as a tool, and only then, it says what an agent gets', async () => {
		const notice = editor.page.getByText('An AI agent gets no files.');
		await editor.openPanel('Generate');
		assert.equal(await notice.count(), 0);
		await editor.openPanel('Tool');
		await notice.waitFor();
	});
}

/** What stands in these fields. */
async function valuesOf(panel: Panel, fields: Record<string, string>) {
	const values: Record<string, string> = {};
	for (const name of Object.keys(fields)) values[name] = await panel.value(name);
	return values;
}
