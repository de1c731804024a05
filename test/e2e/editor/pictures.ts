import type { Page } from 'playwright-core';
import sharp from 'sharp';

import { fs, path, process, repositoryRoot } from '../../node';

/** Pictures of the project's pages; none of them is in the npm package. */
export const PICTURES = path.join(repositoryRoot, 'docs', 'images');

/** What a picture may weigh, in bytes. */
export const MAX_BYTES = 200_000;

/** Whether the command line asks for new pictures: other runs change no files. */
export const arePicturesWanted = () => process.argv.includes('--screenshots');

/** Buttons of the editor that lie on the canvas, and notices: no part of what a picture shows. */
const HIDDEN = [
	'.el-notification',
	'[data-test-id="floating-nodes"]',
	'[data-test-id="canvas-controls"]',
	'[data-test-id="canvas-minimap"]',
	'[data-test-id="execute-workflow-button"]',
	'[data-test-id="node-creator-plus-button"]',
	'[data-test-id="command-bar-button"]',
	'[data-test-id="add-sticky-button"]',
	'[data-test-id="toggle-focus-panel-button"]',
];

/** A part of the page, in CSS pixels. */
export interface Area {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** What is told of a picture. */
export interface PictureOptions {
	/** What of the page it shows. Default: the whole window. */
	area?: Area;
	/** A mark to write into the file, by which to know what it shows. */
	of?: string;
}

/**
 * Saves what the page shows, as a PNG with a palette.
 * @param name of the file in `docs/images`, without extension
 */
export async function takePicture(
	page: Page,
	name: string,
	{ area, of = name }: PictureOptions = {},
): Promise<void> {
	const shot = await page.screenshot({
		animations: 'disabled',
		style: `${HIDDEN.join(', ')} { visibility: hidden !important }`,
		...(area && { clip: area }),
	});
	const file = path.join(PICTURES, `${name}.png`);
	await fs.promises.mkdir(path.dirname(file), { recursive: true });
	await sharp(shot)
		.withExif({ IFD0: { ImageDescription: of } })
		.png({ palette: true, quality: 70, effort: 10, compressionLevel: 9 })
		.toFile(file);
}

/** The pictures that there are, by their names with the folder in front, and their sizes in bytes. */
export async function listPictures(): Promise<Map<string, number>> {
	const sizes = new Map<string, number>();
	const files = await fs.promises.readdir(PICTURES, { recursive: true }).catch(() => []);
	for (const file of files.filter((name) => name.endsWith('.png'))) {
		const { size } = await fs.promises.stat(path.join(PICTURES, file));
		sizes.set(file.slice(0, -'.png'.length), size);
	}
	return sizes;
}
