import type { INodeParameters } from 'n8n-workflow';
import { isRecord } from '../../../nodes/GptImage/values';
import { assert } from '../../node';
import { pixelsOf, type Pixels } from '../../support/pngPictures';
import type { E2e, Part } from '../part';
import type { Rig } from '../rig';
import {
	gptImage,
	itemsNode,
	itemsOf,
	node,
	workflow,
	type Chain,
	type Execution,
	type NodeOptions,
} from '../workflows';

const PROMPTS = ['A fox', 'An owl', 'A hare'];

/** What costs nothing, what is not paid twice, and edits that leave the rest alone. */
export const features: Part = {
	name: 'features',
	async run(e2e) {
		const rig = await e2e.rig();
		await estimates(e2e, rig);
		await drawsPlaceholders(e2e, rig);
		await triesAgain(e2e, rig);
		await keepsTheRest(e2e, rig);
		await keepsAtOpenAi(e2e, rig);
	},
};

/** Runs a chain by hand on three prompts. */
async function run({ rest }: Rig, name: string, chain: Chain): Promise<Execution> {
	const items = itemsNode(
		'Items',
		PROMPTS.map((prompt) => ({ prompt })),
	);
	const created = await rest.createWorkflow(
		workflow(name, [node('Start', 'manualTrigger'), items, ...chain]),
	);
	const ended = await rest.executionEnd(await rest.execute(created, 'Start'));
	assert.equal(ended.status, 'success', JSON.stringify(ended.data.resultData.error));
	return ended;
}

const generate = ({ credential }: Rig, more: INodeParameters, settings: NodeOptions = {}) =>
	gptImage(
		'Generate',
		credential,
		{ operation: 'generate', prompt: '={{ $json.prompt }}', quality: 'low', ...more },
		settings,
	);

async function estimates(e2e: E2e, rig: Rig): Promise<void> {
	const { simulator } = rig;
	simulator.reset();
	await e2e.check('an estimate tells the cost of each item, and sends nothing', async () => {
		const ended = await run(rig, 'Estimate', [generate(rig, { options: { estimateOnly: true } })]);
		const costs = itemsOf(ended, 'Generate').map(({ json }) => json.estimatedCost);
		assert.equal(costs.length, PROMPTS.length);
		for (const cost of costs) assert.ok(typeof cost === 'number' && cost > 0);
		assert.deepEqual(simulator.requests, []);
	});
}

async function drawsPlaceholders(e2e: E2e, rig: Rig): Promise<void> {
	const { rest, simulator } = rig;
	simulator.reset();
	await e2e.check('a run by hand draws placeholders, and sends nothing', async () => {
		const ended = await run(rig, 'Placeholder', [
			generate(rig, { options: { placeholder: true } }),
		]);
		const items = itemsOf(ended, 'Generate');
		assert.deepEqual(
			items.map(({ json }) => json.placeholder),
			PROMPTS.map(() => true),
		);
		for (const { binary } of items) {
			const { width, height } = await pixelsOf(await rest.binary(binary?.data?.id ?? ''));
			assert.deepEqual([width, height], [1024, 1024]);
		}
		assert.deepEqual(simulator.requests, []);
	});
}

async function triesAgain(e2e: E2e, rig: Rig): Promise<void> {
	const { simulator } = rig;
	simulator.reset();
	await e2e.check('Retry On Fail pays for the rest only', async () => {
		simulator.misbehave({}, { status: 500 });
		const options = { requestsInParallel: 1, maxRetries: 0 };
		const tries = { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 };
		const ended = await run(rig, 'Try again', [generate(rig, { options }, tries)]);
		assert.equal(itemsOf(ended, 'Generate').length, PROMPTS.length);
		assert.deepEqual(
			simulator.requests.map(({ json }) => isRecord(json) && json.prompt),
			['A fox', 'An owl', 'An owl', 'A hare'],
		);
		assert.equal(simulator.images.length, PROMPTS.length);
	});
}

async function keepsTheRest(e2e: E2e, rig: Rig): Promise<void> {
	const { rest, simulator } = rig;
	simulator.reset();
	await e2e.check('an edit of a drawn area leaves every other pixel as it was', async () => {
		const shape = { kind: 'rectangle', unit: 'percent', x: 50, y: 0, width: 50, height: 100 };
		const edit = gptImage('Edit', rig.credential, {
			operation: 'edit',
			prompt: 'With a lighthouse',
			size: 'auto',
			imageOptions: {
				mask: { set: { source: 'shapes', maskArea: { shape: [shape] }, keepRest: true } },
			},
		});
		const ended = await run(rig, 'Keep the rest', [generate(rig, {}), edit]);
		const made = await Promise.all(
			[itemsOf(ended, 'Generate'), itemsOf(ended, 'Edit')].map(async ([item]) =>
				leftAndRight(await pixelsOf(await rest.binary(item?.binary?.data?.id ?? ''))),
			),
		);
		const [before, after] = made;
		assert.ok(before && after);
		assert.ok(after.left.equals(before.left));
		assert.ok(!after.right.equals(before.right));
	});
}

async function keepsAtOpenAi(e2e: E2e, rig: Rig): Promise<void> {
	const { simulator } = rig;
	simulator.reset();
	await e2e.check('an image that OpenAI keeps is edited by its file ID', async () => {
		const edit = gptImage('Edit', rig.credential, {
			operation: 'edit',
			prompt: 'With a hat',
			images: { image: [{ source: 'fileId', fileId: '={{ $json.fileId }}' }] },
		});
		const kept = generate(rig, { outputOptions: { keepAtOpenAi: 1 } });
		const ended = await run(rig, 'Keep at OpenAI', [kept, edit]);
		const ids = itemsOf(ended, 'Generate').map(({ json }) => json.fileId);
		const edits = simulator.requests.filter(({ path }) => path === '/v1/images/edits');
		assert.deepEqual(
			edits.map(({ json }) => JSON.stringify(isRecord(json) && json.images)).toSorted(),
			ids.map((id) => JSON.stringify([{ file_id: id }])).toSorted(),
		);
		assert.equal(itemsOf(ended, 'Edit').length, PROMPTS.length);
	});
}

function leftAndRight({ width, height, data }: Pixels) {
	const rows = Array.from({ length: height }, (_, y) => y * width * 4);
	const half = width * 2;
	return {
		left: Buffer.concat(rows.map((row) => data.subarray(row, row + half))),
		right: Buffer.concat(rows.map((row) => data.subarray(row + half, row + 2 * half))),
	};
}
