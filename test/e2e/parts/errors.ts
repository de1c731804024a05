import type { INodeExecutionData } from 'n8n-workflow';

import { assert, crypto } from '../../node';
import type { Part } from '../part';
import type { Rig } from '../rig';
import { gptImage, itemsNode, itemsOf, node, workflow } from '../workflows';

const ITEMS = 20;
/** Positions of the prompts that the API refuses. */
const REFUSED = [3, 9, 19];

const prompts = Array.from({ length: ITEMS }, (_, index) =>
	REFUSED.includes(index) ? `[moderation] ${index}` : `A bird, number ${index}`,
);
const accepted = prompts.filter((_, index) => !REFUSED.includes(index));

/** One run in which some items are refused: they leave by the error output, and the others go on. */
export const errors: Part = {
	name: 'errors',
	run: async (e2e) => {
		const rig = await e2e.rig();
		const { rest, simulator } = rig;
		simulator.reset();
		const created = await rest.createWorkflow(manyItems(rig));
		const execution = await e2e.check('a run with refused items succeeds', async () => {
			const ended = await rest.executionEnd(await rest.execute(created, 'Start'));
			assert.equal(ended.status, 'success', JSON.stringify(ended.data.resultData.error));
			return ended;
		});
		if (!execution) return;
		const images = itemsOf(execution, 'Images');
		const failures = itemsOf(execution, 'Failures');

		await e2e.check('each accepted item has the image of its prompt, in order', async () => {
			const drawn = new Map(simulator.images.map(({ prompt, sha256 }) => [prompt, sha256]));
			assert.deepEqual([...drawn.keys()].toSorted(), accepted.toSorted());
			const made = await Promise.all(images.map(async (item) => await imageOf(rig, item)));
			assert.deepEqual(
				made,
				accepted.map((prompt) => ({ prompt, sha256: drawn.get(prompt) })),
			);
		});
		await e2e.check('each refused item has its input, the code and the request ID', () => {
			assert.equal(failures.length, REFUSED.length);
			const refusals = simulator.requests.filter(({ status }) => status === 400);
			const told = failures.map(({ json }) => ({
				...json,
				details: pick(json.details, ['status', 'code', 'requestId', 'retryable']),
			}));
			const wanted = REFUSED.map((index) => ({
				prompt: prompts[index],
				error: `The safety system refused the prompt or an image (violence) [item ${index + 1}]`,
				details: {
					status: 400,
					code: 'moderation_blocked',
					requestId: refusals.find(({ json }) => promptOf(json) === prompts[index])?.requestId,
					retryable: false,
				},
			}));
			assert.deepEqual(told, wanted);
		});
		await e2e.check('each item was asked for once', () => {
			const asked = simulator.requests.map(({ json }) => promptOf(json));
			assert.deepEqual(asked.toSorted(), prompts.toSorted());
		});
		e2e.note(`${ITEMS} items: ${images.length} images, ${failures.length} refused`);
	},
};

function manyItems({ credential }: Rig) {
	const start = node('Start', 'manualTrigger');
	const items = itemsNode(
		'Items',
		prompts.map((prompt) => ({ prompt })),
	);
	const generate = gptImage(
		'Generate Image',
		credential,
		{
			operation: 'generate',
			prompt: '={{ $json.prompt }}',
			outputOptions: { includeOtherFields: true },
		},
		{ onError: 'continueErrorOutput' },
	);
	const ends = [node('Images', 'noOp'), node('Failures', 'noOp')];
	return workflow('Some items are refused', [start, items, generate, ends]);
}

async function imageOf({ rest }: Rig, { json, binary }: INodeExecutionData) {
	const bytes = await rest.binary(binary?.data?.id ?? '');
	const sha256 = crypto.createHash('sha256').update(bytes).digest('hex');
	return { prompt: json.prompt, sha256 };
}

const promptOf = (json: unknown) =>
	typeof json === 'object' && json !== null && 'prompt' in json ? json.prompt : undefined;

function pick(value: unknown, keys: string[]) {
	const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
	return Object.fromEntries(entries.filter(([key]) => keys.includes(key)));
}
