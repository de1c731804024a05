import { assert } from '../../node';
import type { Part } from '../part';
import { agentInTelegram } from './examplesAgent';
import { overnight } from './examplesBatches';
import { photosInTelegram } from './examplesBot';
import { draftForm } from './examplesApprove';
import { chat } from './examplesChat';
import { photoForms } from './examplesForms';
import { exampleNames } from './examplesImport';
import { issuesOf } from './examplesIssues';
import { orderForm } from './examplesOrder';
import { bulk, carousel, morningFiles } from './examplesRuns';
import { Scene } from './examplesScene';
import { posts, webhooks } from './examplesServices';
import { dataTableLog } from './examplesTable';

/** A trigger that only the editor starts. */
const MANUAL = 'n8n-nodes-base.manualTrigger';

const RUNS = [
	webhooks,
	photosInTelegram,
	agentInTelegram,
	chat,
	posts,
	bulk,
	dataTableLog,
	carousel,
	morningFiles,
	overnight,
	photoForms,
	orderForm,
	draftForm,
];

/** The workflows of `examples/`: n8n takes them, and they do what they say. */
export const examples: Part = {
	name: 'examples',
	needs: ['chromium'],
	run: async (e2e) => {
		const scene = await Scene.open(e2e);
		await imports(scene);
		for (const run of RUNS) {
			scene.rig.simulator.reset();
			scene.model.reset();
			await run(scene);
		}
	},
};

async function imports(scene: Scene): Promise<void> {
	const { e2e, rig } = scene;
	const types = {
		nodes: await rig.rest.nodeTypes(),
		credentials: await rig.rest.credentialTypes(),
	};
	const names = await exampleNames();
	for (const name of names) {
		const workflow = await scene.import(name);
		await e2e.check(`${name}: n8n knows every node of it, and marks none`, async () => {
			assert.deepEqual(issuesOf(workflow, types), []);
			const { nodes, connections, pinData = null } = await scene.read(name);
			assert.deepEqual(workflow.nodes, nodes);
			assert.deepEqual(workflow.connections, connections);
			assert.deepEqual(workflow.pinData, pinData);
		});
		if (workflow.nodes.some(({ type }) => type === MANUAL)) continue;
		await e2e.check(`${name}: it can be published`, async () => {
			await scene.published(workflow, () => undefined);
		});
	}
	e2e.note(`${names.length} examples`);
}
