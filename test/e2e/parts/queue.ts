import { assert } from '../../node';
import { startSimulator, type Simulator } from '../../simulator';
import type { E2e, Part } from '../part';
import { Rest } from '../rest';
import { simulatorCredential } from '../rig';
import type { N8n } from '../server';
import { until } from '../wait';
import { gptImage, respondWithImage, webhook, workflow } from '../workflows';
import { allAnswered } from './queueCalls';
import { onS3, startCluster, startWorker, type Cluster } from './queueCluster';

const CALLS = 100;
/** How long the API takes for an image, so that many are under way at once. */
const IMAGE_MS = 500;
/** Calls of the batch in which a worker is stopped. */
const STOP_CALLS = 60;
/** How many of them are answered when it is stopped. */
const ANSWERED = 15;
/**
 * How many of them are under way at once: no more than one worker takes (10). When executions wait in
 * the queue, n8n itself now and then drops one that a stopping worker had fetched but not begun.
 */
const STOP_CLIENTS = 10;

/** Main process and two workers with Redis and PostgreSQL: webhooks that make images. */
export const queue: Part = {
	name: 'queue',
	needs: ['postgres', 'redis-server'],
	async run(e2e) {
		const simulator = await startSimulator({ delayMs: IMAGE_MS });
		e2e.defer(simulator.close);
		const cluster = await startCluster(e2e);
		await publish(cluster.main, simulator);
		const workers = [await startWorker(e2e, cluster), await startWorker(e2e, cluster)] as const;
		const starts = [cluster.main, ...workers].map(({ readyMs }) => (readyMs / 1000).toFixed(1));
		e2e.note(`main and two workers ready after ${starts.join(' / ')} s`);
		await manyCalls(e2e, cluster, workers, simulator);
		await stopInTheMiddle(e2e, cluster, workers, simulator);
		await e2e.check('the workers wrote no error', () => {
			for (const worker of workers) assert.doesNotMatch(worker.log(), /errored|Error:/);
		});
		await Promise.all([...workers, cluster.main].map(async (process) => await process.stop()));
		await onS3(e2e, cluster, async (main) => {
			simulator.reset();
			await allAnswered(main, simulator, ['A picture for the bucket'], 1);
		});
	},
};

async function publish(main: N8n, simulator: Simulator): Promise<void> {
	const rest = await Rest.open(main.url);
	const generate = gptImage('GPT Image', await simulatorCredential(rest, simulator), {
		prompt: '={{ $json.body.prompt }}',
	});
	const created = await rest.createWorkflow(
		workflow('Queue: generate', [webhook('queue'), generate, respondWithImage()]),
	);
	await rest.activate(created);
}

async function manyCalls(
	e2e: E2e,
	{ main, postgres }: Cluster,
	workers: readonly N8n[],
	simulator: Simulator,
): Promise<void> {
	const name = `${CALLS} calls at once are each answered with the bytes that were drawn`;
	await e2e.check(name, async () => {
		const start = Date.now();
		await allAnswered(main, simulator, promptsOf('First batch', CALLS), CALLS);
		const seconds = ((Date.now() - start) / 1000).toFixed(1);
		e2e.note(
			`${CALLS} calls in ${seconds} s, ${simulator.stats().maxConcurrent} at once at the API`,
		);
	});
	await e2e.check('both workers took part', () => {
		const shares = workers.map((worker) => startedBy(worker));
		assert.ok(shares.every((share) => share > 0));
		assert.equal(
			shares.reduce((sum, share) => sum + share),
			CALLS,
		);
		e2e.note(`of these, the workers ran ${shares.join(' and ')}`);
	});
	await e2e.check('the images are in the database', async () => {
		const [[stored = ''] = []] = await postgres.query(
			'select count(*) from binary_data where "mimeType" = \'image/png\'',
		);
		assert.equal(stored, String(CALLS));
	});
}

async function stopInTheMiddle(
	e2e: E2e,
	{ main }: Cluster,
	[leaving, staying]: readonly [N8n, N8n],
	simulator: Simulator,
): Promise<void> {
	simulator.reset();
	const before = [startedBy(leaving), startedBy(staying)];
	await e2e.check('none is lost when a worker is stopped in the middle', async () => {
		let answered = 0;
		const stopped = until('it is at work in the middle', 60_000, () => {
			return answered >= ANSWERED && startedBy(leaving) > finishedBy(leaving) && { answered };
		}).then(async (atStop) => {
			await leaving.stop();
			return STOP_CALLS - atStop.answered;
		});
		const prompts = promptsOf('Second batch', STOP_CALLS);
		const count = () => (answered += 1);
		const [left] = await Promise.all([
			stopped,
			allAnswered(main, simulator, prompts, STOP_CLIENTS, count),
		]);
		assert.ok(left > STOP_CALLS / 3, `only ${left} were left`);
		e2e.note(`${STOP_CALLS} calls, a worker stopped with ${left} unanswered: lost 0, paid twice 0`);
	});
	await e2e.check('the stopped worker finished what it had begun, the other did the rest', () => {
		assert.equal(startedBy(leaving), finishedBy(leaving));
		const shares = [leaving, staying].map((one, index) => startedBy(one) - (before[index] ?? NaN));
		assert.equal(
			shares.reduce((sum, share) => sum + share),
			STOP_CALLS,
		);
		e2e.note(`of these, the stopped worker ran ${shares.join(', the other ')}`);
	});
}

const promptsOf = (batch: string, count: number) =>
	Array.from({ length: count }, (_, index) => `${batch}, picture ${index + 1}`);

const startedBy = (worker: N8n) => count(worker.log(), 'Worker started execution');
const finishedBy = (worker: N8n) => count(worker.log(), 'Worker finished execution');
const count = (text: string, part: string) => text.split(part).length - 1;
