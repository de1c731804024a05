import { assert, process } from '../../node';
import { startSimulator } from '../../simulator';
import type { Part } from '../part';
import { Rest } from '../rest';
import { simulatorCredential } from '../rig';
import { until } from '../wait';
import { itemsNode, node, workflow } from '../workflows';
import { ended, getImages, REQUESTS, rightImages, submitNodes } from './batch';
import { startCluster, startWorker } from './queueCluster';

/** How many images have been stored when the worker is killed. */
const STORED = 10;

/** A worker that is killed while it collects a batch, and another one that does it again. */
export const batchQueue: Part = {
	name: 'batch-queue',
	needs: ['postgres', 'redis-server'],
	async run(e2e) {
		const simulator = await startSimulator();
		e2e.defer(simulator.close);
		const cluster = await startCluster(e2e);
		const worker = await startWorker(e2e, cluster);
		const rest = await Rest.open(cluster.main.url);
		const credential = await simulatorCredential(rest, simulator);
		const submit = await rest.createWorkflow(workflow('Submit', submitNodes(credential, 'Queue')));
		const batchId = await e2e.check(`a worker submits ${REQUESTS} requests`, async () => {
			const { data } = await ended(rest, submit);
			const [item] = data.resultData.runData.Submit?.[0]?.data?.main?.[0] ?? [];
			return String(item?.json.batchId);
		});
		if (batchId === undefined) return;
		await simulator.batches.finish();
		const collect = await rest.createWorkflow(
			workflow('Collect', [
				node('Start', 'manualTrigger'),
				itemsNode('Batch', [{ batchId }]),
				getImages(credential),
			]),
		);
		const stored = async () => {
			const [[count = ''] = []] = await cluster.postgres.query('select count(*) from binary_data');
			return Number(count);
		};
		// Slow enough to be killed in the middle.
		simulator.misbehave(
			{ on: 'files.content' },
			{ on: 'files.content', chunkBytes: 50_000, pauseMs: 50 },
		);
		await rest.execute(collect, 'Start');
		await until('some images are stored', 60_000, async () => (await stored()) >= STORED);
		process.kill(worker.pid, 'SIGKILL');
		await worker.stop();
		const atKill = await stored();
		await startWorker(e2e, cluster);
		await e2e.check('the images come out when the execution is run again', async () => {
			assert.ok(atKill < REQUESTS, `all ${atKill} images were stored before`);
			await rightImages(rest, simulator, await ended(rest, collect), 'Queue');
			e2e.note(`a worker killed after ${atKill} of ${REQUESTS} images: lost 0, paid twice 0`);
		});
	},
};
