import { gptImage } from '../../../harness/package';
import { assert } from '../../../node';
import { openWorkflow, start, type Scene } from '../scene';
import { settles } from '../settles';

/** What people may look for. */
const WORDS = [
	...['image', 'gpt', 'dall-e', 'edit photo', 'inpaint', 'generate image', 'picture'],
	...['gpt-image-2', 'gpt-image-1', 'photo edit', 'photo editor', 'image edit', 'image editor'],
	...['image generator', 'create image', 'text-to-image', 'text2image', 'logo', 'thumbnail'],
	...['poster', 'retouch', 'variation'],
];
const ACTIONS = gptImage.description.properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ options = [] }) =>
		options.flatMap((option) => ('action' in option ? [option.action] : [])),
	);

/** The node in the list of nodes. */
export async function checkNodeCreator(scene: Scene): Promise<void> {
	const { e2e, editor } = scene;
	await openWorkflow(scene, 'Node creator', [start]);
	const behind: string[] = [];
	for (const words of WORDS) {
		await e2e.check(`a search for "${words}" finds the node`, async () => {
			const found = await editor.searchNodes(words);
			assert.ok(found.includes('GPT Image'), `found: ${found.join(', ')}`);
			const place = found.indexOf('GPT Image') + 1;
			if (place > 1) behind.push(`${place} for "${words}"`);
		});
	}
	e2e.note(`first in ${WORDS.length - behind.length} searches; ${behind.join(', ')}`);
	await e2e.check('it offers its operations, and the chosen one is added', async () => {
		assert.equal((await editor.searchNodes('gpt image'))[0], 'GPT Image');
		const items = editor.page.getByTestId('node-creator-item-name');
		await items.first().click();
		await settles(async () => await items.allInnerTexts(), ACTIONS);
		await items.filter({ hasText: 'Edit image' }).click();
		const { panel } = editor;
		await settles(async () => await panel.value('operation'), 'Edit Image');
		await panel.close();
		await editor.node('Edit image with text').waitFor();
	});
}
