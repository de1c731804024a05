import { jsonParse } from 'n8n-workflow';

import { assert } from '../../node';
import { until } from '../wait';
import { itemsOf, type CreatedWorkflow } from '../workflows';
import { hashOf } from './agentChat';
import { addressOf, read, submit } from './examplesPages';
import type { Scene } from './examplesScene';

const PATIENCE_MS = 60_000;

/** A form that shows the cost first. */
export async function orderForm(scene: Scene): Promise<void> {
	const { e2e, rig } = scene;
	const name = 'estimate-then-approve';
	const workflow = await scene.import(name);
	await scene.published(workflow, async () => {
		await e2e.check(`${name}: the cost is shown, and nothing is made without a yes`, async () => {
			const { page, last } = await order(scene, workflow, 'No');
			assert.match(page, /2 image\(s\) with gpt-image-2 cost about \$0\.\d\d\./);
			assert.match(last, /Nothing was made/);
			assert.equal(rig.simulator.requests.length, 0);
		});
		await e2e.check(`${name}: a yes makes the images and downloads them`, async () => {
			const { last, execution } = await order(scene, workflow, 'Yes');
			const [made] = itemsOf(execution, 'Generate Images');
			assert.deepEqual(
				await Promise.all(
					Object.values(made?.binary ?? {}).map(async ({ id = '' }) =>
						hashOf(await rig.rest.binary(id)),
					),
				),
				rig.simulator.images.map(({ sha256 }) => sha256),
			);
			assert.equal(rig.simulator.images.length, 2);
			assert.match(last, /Your images are ready/);
			for (const { fileName = '' } of Object.values(made?.binary ?? {})) {
				assert.ok(last.includes(fileName), `no ${fileName}`);
			}
		});
	});
}

/** Orders two images, answers the second page, and goes on to the last. */
async function order(scene: Scene, workflow: CreatedWorkflow, answer: 'Yes' | 'No') {
	const { rest } = scene.rig;
	const wish = ['A lighthouse at dawn', '2', 'low'];
	const { formWaitingUrl } = jsonParse<{ formWaitingUrl: string }>(
		await submit(addressOf(scene, workflow), wish),
	);
	const [id = ''] = await rest.executionsOf(workflow.id);
	const pageOf = async (node: string) => {
		await until(`the form waits at ${node}`, PATIENCE_MS, async () => {
			const { status, data } = await rest.execution(id);
			if (status === 'error') throw new Error(data.resultData.error?.message);
			return status === 'waiting' && data.resultData.lastNodeExecuted === node;
		});
		return await read(await fetch(formWaitingUrl));
	};
	const page = await pageOf('Approve');
	// Of a choice, what is chosen is a list.
	await submit(formWaitingUrl, [JSON.stringify([answer])]);
	const last = await pageOf(answer === 'Yes' ? 'Download' : 'Nothing Made');
	await read(await fetch(formWaitingUrl, { method: 'POST' }));
	const execution = await rest.executionEnd(id);
	assert.equal(execution.status, 'success');
	return { page, last, execution };
}
