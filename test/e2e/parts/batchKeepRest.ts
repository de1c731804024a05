import { pixelsOf } from '../../support/pngPictures';
import { assert } from '../../node';
import type { Simulator } from '../../simulator';
import type { E2e } from '../part';
import type { Rest } from '../rest';
import { gptImage, itemsNode, node, workflow, type CredentialReference } from '../workflows';
import { ended, getImages } from './batch';

const PROMPT = 'Kept, a harbour';

/** Has an image made and submits an edit of its right half. @returns the batch */
export async function submitKeptEdit(rest: Rest, credential: CredentialReference): Promise<string> {
	const shape = { kind: 'rectangle', unit: 'percent', x: 50, y: 0, width: 50, height: 100 };
	const nodes = [
		node('Start', 'manualTrigger'),
		gptImage('Generate', credential, { operation: 'generate', prompt: PROMPT, quality: 'low' }),
		gptImage('Submit', credential, {
			operation: 'edit',
			prompt: 'Kept, with a lighthouse',
			size: 'auto',
			delivery: 'batch',
			imageOptions: {
				mask: { set: { source: 'shapes', maskArea: { shape: [shape] }, keepRest: true } },
			},
			options: { batchName: 'Kept' },
		}),
	];
	const { data } = await ended(rest, await rest.createWorkflow(workflow('Keep', nodes)));
	const [item] = data.resultData.runData.Submit?.[0]?.data?.main?.[0] ?? [];
	assert.equal(item?.json.requests, 1);
	return String(item?.json.batchId);
}

/** The edit is there, with the left half of the image it was made from. */
export async function fetchesKeptEdit(
	e2e: E2e,
	rest: Rest,
	simulator: Simulator,
	credential: CredentialReference,
	batchId: string,
): Promise<void> {
	await e2e.check('the edit of another n8n process keeps the rest of its first image', async () => {
		const nodes = [
			node('Start', 'manualTrigger'),
			itemsNode('Batch', [{ batchId }]),
			getImages(credential),
		];
		const fetched = await rest.createWorkflow(workflow('Fetch', nodes));
		const { data } = await ended(rest, fetched);
		const [item] = data.resultData.runData['Get Images']?.[0]?.data?.main?.[0] ?? [];
		const made = await pixelsOf(await rest.binary(item?.binary?.data?.id ?? ''));
		const first = simulator.images.find(({ prompt }) => prompt === PROMPT);
		const old = await pixelsOf(first?.bytes ?? Buffer.alloc(0));
		const left = ({ data: pixels }: typeof old) =>
			Array.from({ length: 1024 }, (_, y) => pixels.subarray(y * 4096, y * 4096 + 2048));
		assert.ok(Buffer.concat(left(made)).equals(Buffer.concat(left(old))));
		assert.ok(!made.data.equals(old.data));
		e2e.note(
			'an edit with Keep the Rest Unchanged from a batch: 0 pixels changed outside the mask',
		);
	});
}
