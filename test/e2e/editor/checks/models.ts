import { assert } from '../../../node';
import { modelById } from '../../../support/parameters';
import type { Panel } from '../panel';
import { freshNode, openWorkflow, start, type Scene } from '../scene';
import { settles } from '../settles';

const THREE = ['Auto', 'Square (1024x1024)', 'Portrait (1024x1536)', 'Landscape (1536x1024)'];
const ANY = [
	...THREE,
	'Feed 4:5 (1088x1360)',
	'Link Preview 1.9:1 (1216x640)',
	'Story 9:16 (1152x2048)',
	'Wide 16:9 (1792x1008)',
	'2K 16:9 (2560x1440)',
	'4K 16:9 (3840x2160)',
	'Custom',
];
const FOUR = ['Auto', 'Low', 'Medium', 'High'];
const SIX = [...FOUR, 'Extra High', 'Max'];
const STILL = ['PNG', 'JPEG', 'WebP'];
const ALL = [...STILL, 'GIF', 'SVG'];

/** Names of Size, Quality and Output Format, and the options that only some models have, by model. */
const OFFERED: Array<[string, string[], string[], string[], string[]]> = [
	['gpt-image-2.6-flare', ANY, SIX, ALL, ['Markup Data Field Name', 'Complexity']],
	['gpt-image-2.5-sunburst', ANY, SIX, STILL, ['Markup Data Field Name']],
	['gpt-image-1.5', THREE, FOUR, STILL, ['Input Fidelity']],
	['gpt-image-2', ANY, FOUR, STILL, []],
	['gpt-image-2-2026-04-21', ANY, FOUR, STILL, []],
	['my-deployment', ANY, SIX, ALL, ['Markup Data Field Name', 'Input Fidelity', 'Complexity']],
];
const EXPRESSION = '={{ $json.model }}';
const OF_SOME_MODELS = ['Markup Data Field Name', 'Input Fidelity', 'Complexity'];

/** What follows from the model. */
export async function checkModels(scene: Scene): Promise<void> {
	const { e2e, editor } = scene;
	const imageOptions = { outputFormat: 'png' };
	await openWorkflow(scene, 'Panel: models', [
		start,
		freshNode(scene, 'Edit', { operation: 'edit', imageOptions }),
		freshNode(scene, 'By Expression', {
			operation: 'edit',
			model: modelById(EXPRESSION),
			imageOptions,
		}),
	]);
	await editor.openPanel('Edit');
	for (const [model, ...offered] of OFFERED) {
		await e2e.check(`the fields follow when the model becomes ${model}`, async () => {
			await editor.panel.model.setId(model);
			await offers(editor.panel, ...offered);
		});
	}
	await e2e.check(
		'Custom size asks for Width and Height, and no longer with a model of three sizes',
		() => customSize(editor.panel),
	);
	await e2e.check('a quality that the new model does not take is marked', async () => {
		const { panel } = editor;
		await panel.model.setId('gpt-image-2.6-flare');
		await panel.dropdown('quality').choose('Extra High');
		await panel.model.setId('gpt-image-2');
		await settles(async () => (await panel.issue('quality')) !== '', true);
		assert.match(await panel.issue('quality'), /xhigh/);
	});
	await editor.panel.close();
	await e2e.check(
		'with an expression as model every choice is offered, each field once',
		async () => {
			const panel = await editor.openPanel('By Expression');
			await offers(panel, ANY, SIX, ALL, OF_SOME_MODELS);
			const labels = await panel.labels();
			assert.deepEqual(labels, [...new Set(labels)]);
			await panel.close();
		},
	);
}

async function offers(
	panel: Panel,
	sizes: string[],
	qualities: string[],
	formats: string[],
	options: string[],
): Promise<void> {
	await settles(async () => await panel.dropdown('size').names(), sizes);
	await settles(async () => await panel.dropdown('quality').names(), qualities);
	await settles(async () => await panel.dropdown('outputFormat').names(), formats);
	const ofSomeModels = async () =>
		(await panel.optionsOf('imageOptions').names()).filter((name) => OF_SOME_MODELS.includes(name));
	await settles(ofSomeModels, options);
}

async function customSize(panel: Panel): Promise<void> {
	const edges = async () =>
		(await panel.labels()).filter((label) => ['Width', 'Height'].includes(label));
	await panel.model.setId('gpt-image-2');
	await panel.dropdown('size').choose('Custom');
	await settles(edges, ['Width', 'Height']);
	await panel.model.setId('gpt-image-1.5');
	await settles(edges, []);
	await panel.model.setId('gpt-image-2');
	await panel.dropdown('size').choose('Auto');
	await settles(edges, []);
}
