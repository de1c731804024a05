import type { Page } from 'playwright-core';

import { assert } from '../../node';
import { Editor } from '../editor/editor';
import { imagesIn, openPage } from './examplesBrowser';
import type { Scene } from './examplesScene';

/** Somebody writes in n8n's own chat: in the editor, then where it is published. */
export async function chat(scene: Scene): Promise<void> {
	const { e2e, rig } = scene;
	const name = 'chat-generate';
	const workflow = await scene.import(name);
	const page = await openPage(e2e);
	const editor = new Editor(page, rig.n8n.url);
	await e2e.check(`${name}: as imported, the chat shows the image`, async () => {
		await editor.signIn();
		await editor.open(workflow);
		await page.getByTestId('workflow-chat-button').click();
		await say(page, 'A red bicycle');
		await page.locator(`${ANSWER} img[alt]`).waitFor();
		const [image, ...others] = await imagesIn(page.locator(ANSWER));
		assert.deepEqual(others, []);
		assert.match(image?.name ?? '', /^a-red-bicycle-[0-9a-z]{8}\.png$/);
		assert.deepEqual(
			rig.simulator.images.map(({ prompt, sha256 }) => [prompt, sha256]),
			[['A red bicycle', image?.sha256]],
		);
	});
	rig.simulator.misbehave({ code: 'moderation_blocked' });
	await e2e.check(`${name}: a refusal is said in words`, async () => {
		await say(page, 'A fight');
		await page
			.locator(ANSWER)
			.filter({ hasText: /^The safety system refused .* \(violence\)\. Change the prompt/ })
			.waitFor();
	});
	await e2e.check(`${name}: made public, it answers with Markdown`, async () => {
		const example = await scene.read(name);
		const nodes = example.nodes.map((node) =>
			node.name === 'Chat' ? { ...node, parameters: { ...node.parameters, public: true } } : node,
		);
		const open = await rig.rest.createWorkflow({ ...example, nodes });
		await scene.published(open, async () => {
			const response = await fetch(`${rig.n8n.url}/webhook/${nodes[1]?.webhookId}/chat`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ action: 'sendMessage', sessionId: '1', chatInput: 'A fox' }),
			});
			const { output } = Object(await response.json());
			assert.match(output, /^!\[a-fox-[0-9a-z]{8}\.png\]\(http:\S+\/rest\/binary-data\/signed\?/);
		});
	});
}

const ANSWER = '.chat-message-from-bot';

async function say(page: Page, text: string): Promise<void> {
	const input = page.getByTestId('chat-input');
	await input.fill(text);
	await input.press('Enter');
}
