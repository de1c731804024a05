import { ensureError, type IDataObject, type INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';
import { readBinary, runWorkflow, type Received } from '../../test/engine';
import { fs, path, repositoryRoot } from '../../test/node';
import type { DemoApi } from './api';

/** An image that a workflow made. */
export interface DemoImage {
	file: string;
	width: number;
	height: number;
	json: IDataObject;
}

interface Demo {
	api: DemoApi;
	/** Where the images go. */
	folder: string;
	say(line: string): void;
	signal: AbortSignal;
}

/** Small and quick: with `--live` every image is paid for. */
const CHEAP: INodeParameters = { size: '1024x1024', quality: 'low' };

/**
 * Runs the example workflows: a webhook that generates, a form that edits what came out within a
 * mask, and a schedule that writes two images to disk. Throws when a workflow does not succeed.
 */
export async function runDemo(demo: Demo): Promise<DemoImage[]> {
	const generated = await run(demo, 'webhook-generate', 'Generate Image', CHEAP, {
		json: { body: 'A lighthouse at dawn, watercolor, soft light' },
	});
	const photo = await fs.promises.readFile(path.join(demo.folder, generated[0]?.file ?? ''));
	const edited = await run(demo, 'form-edit-with-mask', 'Edit Image', CHEAP, {
		json: { Instruction: 'Put a hot-air balloon into the sky' },
		files: {
			Photo: { data: photo, fileName: 'lighthouse.png', mimeType: 'image/png' },
			Mask: { data: await skyMask(photo), fileName: 'mask.png', mimeType: 'image/png' },
		},
	});
	const posters = await run(demo, 'schedule-generate-to-disk', 'Generate Images', CHEAP, {});
	return [...generated, ...edited, ...posters];
}
