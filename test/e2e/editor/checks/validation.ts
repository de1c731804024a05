import type { INodeParameters } from 'n8n-workflow';

import { assert } from '../../../node';
import { modelById } from '../../../support/parameters';
import { freshNode, openWorkflow, start, type Scene } from '../scene';
import { settles } from '../settles';

/** Mistakes that the node itself finds, with what it says of them and what it advises. */
const MISTAKES: Array<[string, INodeParameters, RegExp, RegExp]> = [
	[
		'too many images',
		{ imageOptions: { n: 11 } },
		/^Number of Images is 11/,
		/add Images per Request/,
	],
	[
		'a size that no model makes',
		{ size: 'custom', width: 1000, height: 1024 },
		/1000x1024 is not a multiple of 16 on both sides; the nearest is 1008x1024/,
		/./,
	],
	[
		'compression of a PNG',
		{ imageOptions: { outputFormat: 'png', outputCompression: 50 } },
		/^Output Compression only goes with JPEG and WebP/,
		/^Set Output Format to JPEG or WebP/,
	],
	['a model that has shut down', { model: modelById('dall-e-3') }, /dall-e-3/, /gpt-image-/],
];

/** Mistakes, and where the editor tells of them. */
export async function checkValidation(scene: Scene): Promise<void> {
	const { e2e, editor, rig } = scene;
	await openWorkflow(
		scene,
		'Mistakes',
		[start, freshNode(scene, 'no prompt')],
		...MISTAKES.map(([mistake, parameters]) => [
			start,
			freshNode(scene, mistake, { prompt: 'A lighthouse', ...parameters }),
		]),
	);
	rig.simulator.reset();
	await e2e.check('a missing prompt is marked, and the step does not start', async () => {
		const panel = await editor.openPanel('no prompt');
		assert.match(await panel.issue('prompt'), /Parameter "Prompt" is required\./);
		await panel.output.start();
		const notice = /Workflow execution cannot start.*Parameter "Prompt" is required/;
		await settles(async () => notice.test(await editor.notices()), true);
	});
	for (const [mistake, , message, advice] of MISTAKES) {
		await e2e.check(`${mistake}: the output says what is wrong and what to do`, async () => {
			const panel = await editor.openPanel(mistake);
			await panel.output.execute();
			const told = await panel.output.error();
			assert.match(told.message, message);
			assert.match(told.description, advice);
		});
	}
	await e2e.check('none of these mistakes has cost anything', () => {
		assert.equal(rig.simulator.stats().imageRequests, 0);
	});
}
