import { assert } from '../../../node';
import { itemsNode } from '../../workflows';
import { freshNode, openWorkflow, start, type Scene } from '../scene';
import { settles } from '../settles';

const SEVERAL =
	"With several items, set On Error to Continue in this node's settings: then one refused prompt does not cost the images of the others.";
const PROMPTS = ['A lighthouse at dawn', 'A fight', 'A harbor at night'];

/** What comes out of the node, and how the editor shows it. */
export async function checkOutput(scene: Scene): Promise<void> {
	await checkImage(scene);
	await checkSeveralItems(scene);
}

async function checkImage(scene: Scene): Promise<void> {
	const { e2e, editor, rig } = scene;
	rig.simulator.reset();
	await openWorkflow(scene, 'Output: image', [
		start,
		freshNode(scene, 'Generate', { prompt: 'A lighthouse at dawn', size: '1536x1024' }),
		freshNode(scene, 'Edit', { operation: 'edit', prompt: 'Make it night' }),
	]);
	const { output } = await editor.openPanel('Generate');
	await e2e.check('before the first run the fields to come are listed', async () => {
		const { input } = await editor.openPanel('Edit');
		for (const field of ['fileName', 'model', 'inputTokens', 'cost']) {
			await input.getByText(field, { exact: true }).first().waitFor();
		}
		await editor.openPanel('Generate');
	});
	await e2e.check('Execute step shows the image in the Binary tab', async () => {
		await output.execute();
		const [image] = rig.simulator.images;
		assert.equal(rig.simulator.images.length, 1);
		await settles(async () => await output.tab(), 'Binary');
		const text = await output.pane.getByTestId('ndv-binary-data_0').innerText();
		assert.match(text, /^data\nFile Name:\n\S+-[0-9a-z]{8}\.png\n/);
		assert.match(text, /Mime Type:\nimage\/png\n/);
		assert.equal(await output.viewImage(), `${image?.width}x${image?.height}`);
	});
	await e2e.check('the JSON tab tells model, size, tokens and cost', async () => {
		await output.show('JSON');
		const text = await output.json();
		assert.match(text, /"model": "gpt-image-2"/);
		assert.match(text, /"size": "1536x1024"/);
		assert.match(text, /"outputTokens": [1-9]/);
		assert.match(text, /"cost": 0\.\d*[1-9]/);
	});
	await e2e.check('an edit takes the image of the node before it', async () => {
		const panel = await editor.openPanel('Edit');
		await panel.output.execute();
		assert.equal(rig.simulator.images.length, 2);
		const image = rig.simulator.images[1];
		assert.equal(await panel.output.viewImage(), `${image?.width}x${image?.height}`);
	});
	await e2e.check('the canvas marks both as done and names their operations', async () => {
		await editor.panel.close();
		for (const [name, subtitle] of Object.entries({
			Generate: 'Generate · gpt-image-2',
			Edit: 'Edit · gpt-image-2',
		})) {
			await editor.node(name).getByTestId('canvas-node-status-success').waitFor();
			await editor.node(name).getByText(subtitle).waitFor();
		}
	});
}

async function checkSeveralItems(scene: Scene): Promise<void> {
	const { e2e, editor, rig } = scene;
	rig.simulator.reset();
	const prompts = itemsNode(
		'Prompts',
		PROMPTS.map((prompt) => ({ prompt })),
	);
	// One after the other, so that it is known which is refused.
	const parameters = { prompt: '={{ $json.prompt }}', options: { requestsInParallel: 1 } };
	const onError = 'continueRegularOutput';
	await openWorkflow(
		scene,
		'Output: several items',
		[start, prompts, freshNode(scene, 'Stops', parameters)],
		[prompts, freshNode(scene, 'Continues', parameters, { onError })],
	);
	await e2e.check('with several items a hint tells of On Error', async () => {
		await (await editor.openPanel('Prompts')).output.execute();
		const { output } = await editor.openPanel('Stops');
		await settles(async () => await output.hints(), [SEVERAL]);
	});
	await e2e.check(
		'a refused prompt: what was refused and why, what to do, what is lost',
		async () => {
			rig.simulator.misbehave({}, { code: 'moderation_blocked' });
			const { output } = editor.panel;
			await output.execute();
			const { message, description } = await output.error();
			assert.equal(message, 'The safety system refused the prompt or an image (violence) [item 2]');
			assert.match(description, /Change the prompt or the input image/);
			assert.match(description, /Moderation under Image Options can be set to Low/);
			assert.match(description, /safety_violations=\[violence\]/);
			assert.match(description, /code: moderation_blocked, request: req_\w+/);
			assert.match(description, /1 image was made before this and not passed on/);
		},
	);
	await e2e.check(
		'set to Continue the others come through, and the refused one is marked',
		async () => {
			rig.simulator.reset();
			rig.simulator.misbehave({}, { code: 'moderation_blocked' });
			const { output } = await editor.openPanel('Continues');
			await output.execute();
			assert.equal(rig.simulator.stats().imageRequests, PROMPTS.length);
			await settles(async () => await output.tab(), 'Binary');
			const images = output.pane.getByTestId('ndv-view-binary-data');
			assert.equal(await images.count(), PROMPTS.length - 1);
			const refused = '"error": "The safety system refused the prompt or an image (violence)';
			assert.ok((await output.json()).includes(refused));
		},
	);
}
