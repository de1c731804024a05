import { assert, fs, path } from '../../node';
import { itemsOf } from '../workflows';
import { hashOf } from './agentChat';
import type { Scene } from './examplesScene';

const NAME = 'batch-collect-and-store';

/** One workflow submits a batch, another stores its images, also when the folder was missing at first. */
export async function overnight(scene: Scene): Promise<void> {
	const { e2e, rig } = scene;
	const { rest, simulator } = rig;
	const submit = await scene.import('batch-submit-overnight');
	const collect = await scene.import(NAME);
	let failed = '';
	await e2e.check(`${NAME}: a folder that is missing is told`, async () => {
		const submitted = await scene.run(submit, 'Every Night');
		assert.equal(itemsOf(submitted, 'Submit Batch')[0]?.json.requests, 4);
		await simulator.batches.finish();
		fs.rmSync(scene.files, { recursive: true });
		const { id, status, data } = await scene.run(collect, 'Batch Finished');
		fs.mkdirSync(scene.files);
		failed = id;
		assert.deepEqual([status, data.resultData.lastNodeExecuted], ['error', 'Write Images']);
	});
	await e2e.check(`${NAME}: a retry stores the images, and asks OpenAI for nothing`, async () => {
		const before = simulator.requests.length;
		await rest.send('POST', `/rest/executions/${failed}/retry`, { loadWorkflow: true });
		const [retried = ''] = await rest.executionsOf(collect.id);
		const execution = await rest.executionEnd(retried);
		assert.equal(execution.status, 'success');
		const written = itemsOf(execution, 'Write Images').map(({ json }) => String(json.fileName));
		assert.deepEqual(
			written.map((file) => path.dirname(file)),
			Array.from({ length: 4 }, () => scene.files),
		);
		assert.deepEqual(
			written.map((file) => hashOf(fs.readFileSync(file))).sort(),
			simulator.images.map(({ sha256 }) => sha256).sort(),
		);
		assert.equal(simulator.requests.length, before);
	});
}
