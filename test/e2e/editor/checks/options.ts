import type { INodeTypeDescription } from 'n8n-workflow';

import { assert } from '../../../node';
import { displayedProperties } from '../../../harness/displayed';
import { modelById } from '../../../support/parameters';
import type { Panel } from '../panel';
import { freshNode, openWorkflow, start, type Scene } from '../scene';
import { settles } from '../settles';
import { GPT_IMAGE } from '../../workflows';

const MODELS = ['gpt-image-2.6-sunburst', 'gpt-image-1.5', 'my-deployment'];

/** Each kind of source of an image, and the fields its row has besides. */
const SOURCES: Array<[string, string[]]> = [
	['All Input Data Fields', []],
	['All Items', ['Input Data Field Name']],
	['URL', ['Image URL']],
	['Base64', ['Base64']],
	['File ID', ['File ID']],
	['Input Data Field', ['Input Data Field Name']],
];

/** The options, and fields that follow from other fields of their collection. */
export async function checkOptions(scene: Scene): Promise<void> {
	const { e2e, editor, rig } = scene;
	await openWorkflow(scene, 'Panel: options', [
		start,
		freshNode(scene, 'Generate'),
		freshNode(scene, 'Edit', { operation: 'edit' }),
	]);
	const types = await rig.rest.nodeTypes();
	const description = types.find(({ name }) => name === GPT_IMAGE);
	assert.ok(description, 'n8n lists the node');
	for (const operation of ['Generate', 'Edit']) {
		await e2e.check(`Add Option of ${operation} Image offers what n8n's rules say`, async () => {
			const panel = await editor.openPanel(operation);
			for (const model of MODELS) {
				await panel.model.setId(model);
				for (const collection of ['imageOptions', 'outputOptions', 'options'] as const) {
					const expected = optionsByRules(description, operation.toLowerCase(), model, collection);
					await settles(async () => await panel.optionsOf(collection).names(), expected);
				}
			}
			await panel.close();
		});
	}
	await e2e.check(
		'options of GIF, SVG and partial images come and go with what they belong to',
		async () => {
			const panel = await editor.openPanel('Generate');
			await panel.model.setId('gpt-image-2.6-flare');
			await followFormat(panel);
			await followPartialImages(panel);
			await panel.close();
		},
	);
	await e2e.check('Prices ask for the price of each kind of token', async () => {
		const panel = await editor.openPanel('Generate');
		await panel.optionsOf('options').choose('Prices (USD per Million Tokens)');
		await panel.addRow('prices');
		const fields = ['Image Output', 'Image Input', 'Text Input'];
		await settles(async () => await panel.labels(panel.rows('prices')), fields);
	});
	await e2e.check('an option stays when the operation changes', async () => {
		const panel = await editor.openPanel('Generate');
		await panel.optionsOf('outputOptions').choose('File Name');
		await panel.fill('fileName', 'poster');
		await panel.dropdown('operation').choose('Edit Image');
		await settles(async () => (await panel.labels()).includes('Images'), true);
		assert.ok(await panel.field('fileName').isVisible(), 'File Name is still there');
		assert.equal(await panel.value('fileName'), 'poster');
	});
	await e2e.check('each source of an image has its own field', async () => {
		const panel = await editor.openPanel('Edit');
		for (const [source, fields] of SOURCES) {
			await panel.dropdown('source').choose(source);
			await settles(async () => await panel.labels(panel.rows('images')), ['Add From', ...fields]);
		}
		await panel.close();
	});
	await e2e.check('a mask is a field or shapes', async () => {
		const panel = await editor.openPanel('Edit');
		await panel.optionsOf('imageOptions').choose('Mask');
		await panel.addRow('mask');
		const labels = async () => await panel.labels(panel.rows('mask'));
		await settles(async () => (await labels()).includes('Mask Data Field Name'), true);
		await panel.dropdown('source', panel.rows('mask')).choose('Shapes');
		await settles(async () => (await labels()).includes('Mask Inverted'), true);
		await panel.addRow('maskArea');
		await settles(
			async () => (await panel.labels(panel.rows('maskArea'))).slice(-6),
			['Shape', 'Unit', 'Left', 'Top', 'Width', 'Height'],
		);
		await panel.close();
	});
}

/** The options that n8n's own rules show for these parameters, none of them added yet. */
function optionsByRules(
	description: INodeTypeDescription,
	operation: string,
	model: string,
	collection: string,
) {
	return displayedProperties(description, { operation, model: modelById(model) })
		.filter(({ path }) => path.split('.').length === 2 && path.startsWith(`${collection}.`))
		.map(({ property }) => property.displayName);
}

async function followFormat(panel: Panel): Promise<void> {
	const gif = ['GIF Frames', 'GIF Frame Duration (Ms)'];
	const svg = ['SVG Author Model', 'SVG Author Effort'];
	const offered = async () =>
		(await panel.optionsOf('imageOptions').names()).filter((name) =>
			[...gif, ...svg].includes(name),
		);
	await settles(offered, []);
	await panel.optionsOf('imageOptions').choose('Output Format');
	await panel.dropdown('outputFormat').choose('GIF');
	await settles(offered, gif);
	await panel.optionsOf('imageOptions').choose('GIF Frames');
	await panel.field('frameCount').waitFor();
	await panel.dropdown('outputFormat').choose('SVG');
	await panel.field('frameCount').waitFor({ state: 'hidden' });
	await settles(offered, svg);
	await panel.dropdown('outputFormat').choose('PNG');
	await settles(offered, []);
}

async function followPartialImages(panel: Panel): Promise<void> {
	const offered = async () =>
		(await panel.optionsOf('outputOptions').names()).includes('Keep Partial Images');
	await settles(offered, false);
	await panel.optionsOf('outputOptions').choose('Partial Images');
	await settles(offered, true);
	await panel.dropdown('partialImages').choose('0');
	await settles(offered, false);
}
