import type { INode } from 'n8n-workflow';
import type { Page } from 'playwright-core';

import { simulatorCredential } from '../rig';
import { GPT_IMAGE, itemsNode, node } from '../workflows';
import { WINDOW } from './browser';
import { fitWorkflow } from './canvas';
import { takePicture } from './pictures';
import { openWorkflow, start, type Scene } from './scene';

/** What is shown, each in the light and in the dark editor. */
const SHOWN = ['canvas', 'generate', 'options', 'models', 'table', 'binary', 'edit', 'refused'];

/** How the name of a picture ends, by the editor's theme. */
const THEMES = { light: '', dark: '-dark' } as const;

/** The pictures of the pages, besides those of the examples. */
export const GALLERY = SHOWN.flatMap((name) => Object.values(THEMES).map((end) => name + end));

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
	const { rig, editor } = scene;
	const name = 'OpenAI Images account';
	const credentials = {
		openAiImagesApi: await simulatorCredential(rig.rest, rig.simulator, name),
	};
	const chain = [
		start,
		itemsNode(
			'Prompts',
			PROMPTS.map((prompt) => ({ prompt })),
		),
		node('Generate Image', GPT_IMAGE, { parameters: GENERATE, credentials }),
		node('Edit Image', GPT_IMAGE, { parameters: EDIT, credentials }),
	];
	for (const colorScheme of ['light', 'dark'] as const) {
		await editor.page.emulateMedia({ colorScheme });
		await takeTheme(scene, chain, THEMES[colorScheme]);
	}
	await editor.page.emulateMedia({ colorScheme: 'light' });
}

/** @param end of the names of the pictures */
async function takeTheme(scene: Scene, chain: INode[], end: string): Promise<void> {
	const { editor, rig } = scene;
	const { page } = editor;
	const { simulator } = rig;
	simulator.reset();
	await openWorkflow(scene, 'Posters', chain);
	await editor.execute('Edit Image');
	await takePicture(page, `canvas${end}`, { area: await fitWorkflow(page) });
	const generate = await editor.openPanel('Generate Image');
	await takePanel(page, `generate${end}`, 960);
	await generate.output.show('Table');
	await takePanel(page, `table${end}`);
	await generate.output.show('Binary');
	await generate.output.viewImage();
	await takePanel(page, `binary${end}`);
	await generate.optionsOf('imageOptions').open();
	await takePanel(page, `options${end}`, 960);
	await page.keyboard.press('Escape');
	const edit = await editor.openPanel('Edit Image');
	await edit.output.viewImage();
	await takePanel(page, `edit${end}`, 1400);
	await edit.model.open();
	await edit.model.loaded();
	await takePanel(page, `models${end}`);
	await openWorkflow(scene, 'Posters', chain);
	simulator.misbehave({}, { code: 'moderation_blocked' });
	const refused = await editor.openPanel('Generate Image');
	await refused.output.execute();
	await takePanel(page, `refused${end}`);
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
