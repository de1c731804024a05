import type { Page } from 'playwright-core';

import { assert } from '../../../node';
import { CredentialForm } from '../credentialForm';
import { exampleFile } from '../examples';
import type { Scene } from '../scene';
import { settles } from '../settles';

/** The example that is imported. */
const EXAMPLE = 'carousel-three-nodes';

/** In the page: counts what a person presses, typing left aside. */
const COUNTER = `
	window.presses = 0;
	addEventListener('pointerdown', () => { window.presses += 1; }, { capture: true });
`;

/** How a newcomer gets to the first image, on an n8n that knows no credential; what has to be pressed is counted. */
export async function checkFirstImage(scene: Scene): Promise<void> {
	const { e2e, editor, rig } = scene;
	const { page } = editor;
	await rig.rest.deleteCredentials('openAiImagesApi');
	rig.simulator.reset();
	await e2e.check('from an empty n8n to the first image', async () => {
		await editor.openNew();
		await page.evaluate(COUNTER);
		await editor.addFirst('Trigger manually');
		await editor.addNext('gpt image', 'Generate image from text');
		const { panel } = editor;
		await giveKey(scene);
		await panel.field('prompt').click();
		await panel.fill('prompt', 'A red bicycle');
		await panel.output.execute();
		assert.equal(rig.simulator.images.length, 1);
		await settles(async () => await panel.output.tab(), 'Binary');
	});
	e2e.note(`${await presses(page)} clicks to the first image`);
	await rig.rest.deleteCredentials('openAiImagesApi');
	await e2e.check('from an imported example to its images', async () => {
		await editor.openNew();
		await page.evaluate(COUNTER);
		await editor.importFile(exampleFile(EXAMPLE));
		const { output } = await editor.openPanel('Draw Slides');
		await giveKey(scene);
		await output.execute();
		await settles(async () => await output.tab(), 'Binary');
	});
	e2e.note(`${await presses(page)} from an imported example to its images`);
}

/** Creates the credential in the panel that is open. The address of the simulator is no part of it for OpenAI. */
async function giveKey({ editor: { page }, rig: { simulator } }: Scene): Promise<void> {
	const form = await CredentialForm.addFirst(page);
	await form.field('apiKey').click();
	await form.fill('apiKey', simulator.apiKey);
	const before = await presses(page);
	await form.flip('hasMore');
	await form.fill('baseUrl', simulator.url);
	await page.evaluate(`window.presses = ${before}`);
	await form.save();
	await form.closed();
}

const presses = async (page: Page) => await page.evaluate<number>('window.presses');
