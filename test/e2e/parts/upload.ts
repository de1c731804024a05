import type { INode } from 'n8n-workflow';
import sharp from 'sharp';

import { assert, crypto } from '../../node';
import { submitForm } from '../form';
import type { E2e, Part } from '../part';
import type { Rig } from '../rig';
import { gptImage, node, respondWithImage, webhook, workflow } from '../workflows';

/** Uploads through a webhook and through a form, edited with a mask. */
export const upload: Part = {
	name: 'upload',
	run: async (e2e) => {
		const rig = await e2e.rig();
		const files = await uploads();
		await throughWebhook(e2e, rig, files);
		await throughForm(e2e, rig, files);
		const { photo, mask } = files;
		const inBytes = (file: File) => `${file.size.toLocaleString('en')} bytes`;
		e2e.note(`photo of ${inBytes(photo)}, mask of ${inBytes(mask)}`);
	},
};

const INSTRUCTION = 'Put a hot-air balloon into the sky';

async function throughWebhook(e2e: E2e, rig: Rig, { photo, mask }: Uploads): Promise<void> {
	const edit = editNode(rig, '={{ $json.body.instruction }}', 'image', 'mask');
	await publish(e2e, rig, [webhook('upload'), edit, respondWithImage()]);
	const body = new FormData();
	body.append('instruction', INSTRUCTION);
	body.append('image', photo);
	body.append('mask', mask);
	rig.simulator.reset();
	await e2e.check('a webhook answers an upload with the edited image', async () => {
		const response = await fetch(`${rig.n8n.url}/webhook/upload`, { method: 'POST', body });
		const bytes = Buffer.from(await response.arrayBuffer());
		assert.equal(response.status, 200, bytes.toString('utf8', 0, 500));
		assert.equal(response.headers.get('content-type'), 'image/png');
		assert.equal(response.headers.get('content-disposition'), 'attachment; filename="edited.png"');
		isWhatWasDrawn(rig, bytes);
	});
	await e2e.check('the API got what was uploaded to the webhook, byte for byte', async () => {
		await gotUploads(rig, { photo, mask });
	});
}

async function throughForm(e2e: E2e, rig: Rig, { photo, mask }: Uploads): Promise<void> {
	const form = formNode('upload-form');
	const edit = editNode(rig, '={{ $json.Instruction }}', 'Photo', 'Mask');
	await publish(e2e, rig, [form, edit, downloadNode()]);
	rig.simulator.reset();
	await e2e.check('a form gives the edited image back as a download', async () => {
		const entries = { Photo: photo, Mask: mask, Instruction: INSTRUCTION };
		const [download, ...others] = await submitForm(`${rig.n8n.url}/form/upload-form`, entries);
		assert.deepEqual(others, []);
		assert.equal(download?.fileName, 'edited.png');
		assert.equal(download.type, 'image/png');
		isWhatWasDrawn(rig, download.bytes);
	});
	await e2e.check('the API got what was uploaded to the form, byte for byte', async () => {
		await gotUploads(rig, { photo, mask });
	});
}

/** Publishes a workflow until the end of the part. */
async function publish(e2e: E2e, { rest }: Rig, nodes: INode[]): Promise<void> {
	const created = await rest.createWorkflow(workflow(`Edit from ${nodes[0]?.name}`, nodes));
	e2e.defer(async () => await rest.deactivate(created));
	await rest.activate(created);
}

function editNode({ credential }: Rig, prompt: string, image: string, mask: string): INode {
	return gptImage('Edit Image', credential, {
		operation: 'edit',
		prompt,
		images: { image: [{ source: 'binary', binaryPropertyName: image }] },
		imageOptions: { mask: { set: { source: 'binary', maskBinaryPropertyName: mask } } },
		outputOptions: { fileName: 'edited' },
	});
}

function formNode(path: string): INode {
	const file = { fieldType: 'file', multipleFiles: false, requiredField: true };
	return node('Form', 'formTrigger', {
		typeVersion: 2.2,
		webhookId: path,
		parameters: {
			formTitle: 'Edit a photo',
			formFields: {
				values: [
					{ ...file, fieldLabel: 'Photo' },
					{ ...file, fieldLabel: 'Mask' },
					{ fieldLabel: 'Instruction', fieldType: 'textarea', requiredField: true },
				],
			},
			options: { path },
		},
	});
}

function downloadNode(): INode {
	return node('Download', 'form', {
		typeVersion: 1,
		webhookId: 'upload-download',
		parameters: {
			operation: 'completion',
			respondWith: 'returnBinary',
			completionTitle: 'Your image is ready',
			inputDataFieldName: 'data',
			options: {},
		},
	});
}

interface Uploads {
	photo: File;
	mask: File;
}

/** A photo of noise, which no step could make smaller unseen, and a mask whose upper half is clear. */
async function uploads(): Promise<Uploads> {
	const [width, height] = [1024, 768];
	const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
	const create = { width, height, channels: 3, background: 'grey', noise } as const;
	const photo = await sharp({ create }).jpeg({ quality: 95 }).toBuffer();
	const clear = { r: 0, g: 0, b: 0, alpha: 0 };
	const mask = await sharp({
		create: { width, height: height / 2, channels: 3, background: 'black' },
	})
		.ensureAlpha()
		.extend({ top: height / 2, background: clear })
		.png()
		.toBuffer();
	return {
		photo: new File([photo], 'Größe 1.jpg', { type: 'image/jpeg' }),
		mask: new File([mask], 'mask.png', { type: 'image/png' }),
	};
}

function isWhatWasDrawn({ simulator }: Rig, bytes: Buffer): void {
	assert.deepEqual(
		simulator.images.map(({ sha256, prompt }) => ({ sha256, prompt })),
		[{ sha256: sha256(bytes), prompt: INSTRUCTION }],
	);
}

/** The one request that was made has the files as they were uploaded. */
async function gotUploads({ simulator }: Rig, { photo, mask }: Uploads): Promise<void> {
	const parts = simulator.requests.map(({ path, files }) => ({
		path,
		files: files.map(({ field, filename, contentType, sha256, size }) => [
			field,
			filename,
			contentType,
			size,
			sha256,
		]),
	}));
	const part = async (field: string, file: File) => {
		return [field, file.name, file.type, file.size, sha256(Buffer.from(await file.arrayBuffer()))];
	};
	const files = [await part('image', photo), await part('mask', mask)];
	assert.deepEqual(parts, [{ path: '/v1/images/edits', files }]);
}

const sha256 = (bytes: Buffer) => crypto.createHash('sha256').update(bytes).digest('hex');
