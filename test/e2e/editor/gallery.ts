import type { Page } from 'playwright-core';

import { simulatorCredential } from '../rig';
import { GPT_IMAGE, itemsNode, node } from '../workflows';
import { WINDOW } from './browser';
import { fitWorkflow } from './canvas';
import { takePicture } from './pictures';
import { openWorkflow, start, type Scene } from './scene';

/** The pictures of the pages, besides those of the examples. */
export const GALLERY = ['canvas', 'generate', 'edit', 'binary', 'refused'];

const PROMPTS = [
	'A lighthouse at dawn, watercolor, soft light',
	'A harbor at night, long exposure',
	'An old tram in the snow, oil painting',
];

const GENERATE = {
	prompt: '={{ $json.prompt }}',
	size: '1536x1024',
	quality: 'medium',
	imageOptions: { outputFormat: 'webp', outputCompression: 80 },
	outputOptions: { fileName: '{date}-{prompt}' },
};

const EDIT = {
	operation: 'edit',
	prompt: 'Add a red boat in the foreground and keep everything else',
	size: '1536x1024',
	imageOptions: {
		mask: {
			set: {
				source: 'shapes',
				maskArea: {
					shape: [{ kind: 'ellipse', unit: 'percent', x: 55, y: 60, width: 35, height: 30 }],
				},
			},
		},
	},
};

/** Takes the pictures of the gallery. */
export async function takeGallery(scene: Scene): Promise<void> {
	const { editor, rig } = scene;
	const { page } = editor;
	const { simulator } = rig;
	simulator.reset();
	const name = 'OpenAI Images account';
	const credentials = { openAiImagesApi: await simulatorCredential(rig.rest, simulator, name) };
	const chain = [
		start,
		itemsNode(
			'Prompts',
			PROMPTS.map((prompt) => ({ prompt })),
		),
		node('Generate Image', GPT_IMAGE, { parameters: GENERATE, credentials }),
		node('Edit Image', GPT_IMAGE, { parameters: EDIT, credentials }),
	];
	await openWorkflow(scene, 'Posters', chain);
	await editor.execute('Edit Image');
	await takePicture(page, 'canvas', { area: await fitWorkflow(page) });
	const generate = await editor.openPanel('Generate Image');
	await takePanel(page, 'generate', 960);
	await generate.output.viewImage();
	await takePanel(page, 'binary');
	const edit = await editor.openPanel('Edit Image');
	await edit.output.viewImage();
	await takePanel(page, 'edit', 1400);
	await openWorkflow(scene, 'Posters', chain);
	simulator.misbehave({}, { code: 'moderation_blocked' });
	const refused = await editor.openPanel('Generate Image');
	await refused.output.execute();
	await takePanel(page, 'refused');
}

/** @param height of the window, so that all that matters is in it */
async function takePanel(page: Page, name: string, height = WINDOW.height): Promise<void> {
	await page.setViewportSize({ ...WINDOW, height });
	const box = await page.getByTestId('ndv').boundingBox();
	if (!box) throw new Error('The panel is not open');
	// Without its edge.
	const { x, y, width } = box;
	const area = { x: x + 2, y: y + 2, width: width - 4, height: box.height - 4 };
	await takePicture(page, name, { area });
	await page.setViewportSize(WINDOW);
}
