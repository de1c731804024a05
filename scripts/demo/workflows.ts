import type { IDataObject, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';
import { readBinary, runWorkflow, type WorkflowOptions } from '../../test/harness';
import { fs, path, repositoryRoot } from '../../test/node';
import type { DemoApi } from './api';

/** An image that a workflow made. */
export interface DemoImage {
	fileName: string;
	data: Buffer;
	width: number;
	height: number;
	/** The JSON of its item. */
	json: IDataObject;
}

export interface Demo {
	api: DemoApi;
	/** Where the images go. */
	folder: string;
	write(text: string): void;
	signal: AbortSignal;
}

/** Small and quick: with `--live` each image is paid for. */
const CHEAP: INodeParameters = { size: '1024x1024', quality: 'low' };

/**
 * Runs the example workflows: a webhook that generates an image, a form that edits it within a
 * mask, and a schedule that writes two images to disk. Throws when one of them does not succeed.
 */
export async function runDemo(demo: Demo): Promise<DemoImage[]> {
	const { folder } = demo;
	const generated = await run(demo, 'webhook-generate', 'Generate Image', {
		received: { json: { prompt: 'A lighthouse at dawn, watercolor, soft light' } },
	});
	const [photo] = generated;
	const edited = photo
		? await run(demo, 'form-edit-with-mask', 'Edit Image', {
				received: {
					json: { Instruction: 'Put a hot-air balloon into the sky' },
					files: {
						Photo: { data: photo.data, fileName: photo.fileName, mimeType: 'image/png' },
						Mask: { data: await skyMask(photo), fileName: 'mask.png', mimeType: 'image/png' },
					},
				},
			})
		: [];
	const intoFolder = `=${folder}/{{ $binary.data.fileName }}`;
	const posters = await run(demo, 'schedule-generate-to-disk', 'Generate Images', {
		parameters: {
			'Check Folder': { fileName: intoFolder },
			'Write Images': { fileName: intoFolder },
		},
	});
	return [...generated, ...edited, ...posters];
}

/** Runs one example; the images of its node are in the folder afterwards. */
async function run(
	{ api, folder, write, signal }: Demo,
	example: string,
	node: string,
	options: WorkflowOptions,
): Promise<DemoImage[]> {
	write(`\nexamples/${example}.json\n`);
	const { run: execution, items } = await runWorkflow(
		path.join(repositoryRoot, 'examples', `${example}.json`),
		{
			...options,
			credentials: api.credentials,
			parameters: { ...options.parameters, [node]: CHEAP },
			signal,
			onNodeStart: (name) => write(`  ${name} … `),
			onNodeEnd: (_, { executionTime }) => write(`${executionTime} ms\n`),
		},
	);
	const { error } = execution.data.resultData;
	if (execution.status !== 'success') {
		const description = error && 'description' in error ? error.description : '';
		throw new Error([error?.message ?? execution.status, description].filter(Boolean).join('\n'));
	}
	return await Promise.all(
		items(node).map(async ({ json, binary }) => {
			if (!binary?.data) throw new Error(`${node} put out an item without an image`);
			const data = await readBinary(binary.data);
			const { fileName = 'image' } = binary.data;
			await fs.promises.writeFile(path.join(folder, fileName), data);
			const { width, height } = await sharp(data).metadata();
			return { fileName, data, width, height, json };
		}),
	);
}

/** A mask for the photo: the upper half, the sky, may change. */
async function skyMask({ width, height }: DemoImage): Promise<Buffer> {
	const ground = { width, height: Math.floor(height / 2), channels: 4 as const };
	const opaque = await sharp({ create: { ...ground, background: '#000' } })
		.png()
		.toBuffer();
	const clear = { r: 0, g: 0, b: 0, alpha: 0 };
	return await sharp({ create: { width, height, channels: 4, background: clear } })
		.composite([{ input: opaque, gravity: 'south' }])
		.png()
		.toBuffer();
}
