import type { BatchRequest } from '../../nodes/GptImage/batch/batchRequest';
import { partsOf } from '../../nodes/GptImage/batch/parts';
import { Pictures } from '../../nodes/GptImage/batch/pictures';
import type { Submission } from '../../nodes/GptImage/batch/submit';
import { uploadsOf } from '../../nodes/GptImage/batch/batchRequest';
import type { RequestFile } from '../../nodes/GptImage/openai/multipart';
import { bytesOf } from '../../nodes/GptImage/images/input/stored';
import { Stop } from '../../nodes/GptImage/openai/retry/stop';
import type { Simulator } from '../simulator';

/** A request for one image; with pictures it is an edit. */
export function batchRequest(
	item: number,
	more: Partial<BatchRequest['request']> = {},
): BatchRequest {
	const isEdit = (more.images ?? []).length > 0;
	return {
		item,
		first: 0,
		request: {
			path: isEdit ? '/images/edits' : '/images/generations',
			images: [],
			asJson: true,
			...more,
			fields: { model: 'gpt-image-2', prompt: `picture ${item}`, ...more.fields },
		},
		kept: {
			operation: isEdit ? 'edit' : 'generate',
			images: 1,
			id: `id${String(item).padStart(6, '0')}`,
			fileName: '',
			oneItem: false,
			detail: 'raw',
		},
	};
}

/** A picture to edit. */
export const requestFile = (data: Buffer, fileName = 'photo.png'): RequestFile => ({
	fileName,
	mimeType: 'image/png',
	...bytesOf(data),
});

/** What is to be submitted. */
export async function submissionOf(
	requests: BatchRequest[],
	{ most = 500, ...more }: Partial<Submission> & { most?: number } = {},
): Promise<Submission> {
	const pictures = new Pictures();
	await pictures.read(requests.flatMap(uploadsOf), { stop: new Stop(), timeoutMs: 60_000 });
	return {
		parts: partsOf(requests, most),
		pictures,
		name: 'Night',
		jsonOf: () => undefined,
		...more,
	};
}

/** Files of the account that belong to batches of the node: those a batch uses, and those none does. */
export async function filesOf({ files, batches }: Simulator) {
	const existing = await files.existing();
	const inputs = (await batches.all()).filter(({ status }) => status !== 'failed');
	const used = new Set<string>();
	for (const { input_file_id: input, metadata } of inputs) {
		used.add(input);
		if (metadata?.manifest) used.add(metadata.manifest);
		for (const list of [input, metadata?.manifest ?? '']) {
			const text = existing.some(({ id }) => id === list) ? String(await files.read(list)) : '';
			for (const [, id] of text.matchAll(/"file_id":"([^"]+)"/g)) if (id) used.add(id);
		}
	}
	const own = existing.filter(({ filename }) => filename.startsWith('n8n-gpt-image_'));
	return {
		own,
		unused: own.filter(({ id }) => !used.has(id)),
		missing: [...used].filter((id) => existing.every((file) => file.id !== id)),
	};
}
