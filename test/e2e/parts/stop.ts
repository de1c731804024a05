import { assert, delay } from '../../node';
import type { Part } from '../part';
import type { Rig } from '../rig';
import { until } from '../wait';
import { gptImage, itemsNode, node, workflow } from '../workflows';

const ITEMS = 20;
/** Requests under way at once, n8n's node default. */
const PARALLEL = 5;
/** Longer than the check may take: no answer comes by itself. */
const ANSWER_MS = 600_000;
/** How long the requests may go on after the order to stop. */
const LIMIT_MS = 2000;
/** How long is looked for requests that should not come. */
const QUIET_MS = 3000;

/** An execution that is stopped, as with the button of the editor. */
export const stop: Part = {
	name: 'stop',
	run: async (e2e) => {
		const rig = await e2e.rig();
		const { rest, simulator } = rig;
		simulator.reset();
		simulator.misbehave({ times: ITEMS, delayMs: ANSWER_MS });
		e2e.defer(() => simulator.reset());
		const created = await rest.createWorkflow(longRun(rig));
		const id = await e2e.check('a long run has its requests under way', async () => {
			const started = await rest.execute(created, 'Start');
			await until('requests', 60_000, () => simulator.stats().running === PARALLEL);
			return started;
		});
		if (id === undefined) return;
		await e2e.check('stopping it ends all its requests at once', async () => {
			const order = Date.now();
			const stopped = rest.stopExecution(id);
			await until('requests ended', LIMIT_MS, () => simulator.stats().running === 0);
			await stopped;
			const ends = simulator.requests.map(({ finishedAt = Infinity }) => finishedAt - order);
			assert.ok(simulator.requests.every(({ aborted }) => aborted));
			assert.ok(Math.max(...ends) <= LIMIT_MS);
			e2e.note(`${PARALLEL} requests ended ${Math.max(...ends)} ms after the order to stop`);
		});
		await e2e.check('n8n has the execution as canceled', async () => {
			assert.equal((await rest.executionEnd(id)).status, 'canceled');
		});
		await e2e.check('no request comes afterwards', async () => {
			await delay(QUIET_MS);
			assert.equal(simulator.stats().imageRequests, PARALLEL);
		});
	},
};

function longRun({ credential }: Rig) {
	const items = Array.from({ length: ITEMS }, (_, index) => ({ prompt: `Picture ${index}` }));
	const generate = gptImage('Generate Image', credential, {
		operation: 'generate',
		prompt: '={{ $json.prompt }}',
	});
	return workflow('A long run', [
		node('Start', 'manualTrigger'),
		itemsNode('Items', items),
		generate,
	]);
}
