import { assert } from '../../node';
import type { E2e, Part } from '../part';
import type { Rig } from '../rig';
import { until } from '../wait';
import {
	gptImage,
	itemsOf,
	node,
	workflow,
	type CreatedWorkflow,
	type Execution,
} from '../workflows';
import { checkBooks, checkMessages, checkStorage, MIME_TYPE, type Poster } from './deliverChecks';
import { deliveryNodes } from './deliverNodes';
import { startServers } from './deliverServers';

/** How often the schedule fires, in seconds. */
const EVERY_SECONDS = 3;
/** A column for each field of the simplified JSON, which is all that tables need to know. */
const TABLE = `create table posters (
	"fileName" text, prompt text, cost numeric, model text, size text, quality text, format text,
	"inputTokens" integer, "outputTokens" integer
)`;

/** A schedule makes posters; n8n's own nodes bring each to storage, books, mail and chats. */
export const deliver: Part = {
	name: 'deliver',
	needs: ['postgres', 'redis-server', 'sshd'],
	async run(e2e) {
		const servers = await startServers(e2e);
		await servers.postgres.query(TABLE);
		const rig = await e2e.rig();
		rig.simulator.reset();
		const deliveries = await deliveryNodes(rig.rest, servers);
		const { schedule, generate } = source(rig);
		const fanned = deliveries.map((delivery) => [generate, delivery]);
		const created = await rig.rest.createWorkflow(
			workflow('Deliver posters', [schedule, generate], ...fanned),
		);
		const executions = await e2e.check('a schedule runs the workflow again and again', () =>
			bySchedule(rig, created),
		);
		const posters = await e2e.check('each execution made one image of its own', () =>
			postersOf(rig, executions ?? []),
		);
		if (!executions || !posters) return;
		await checkStorage(e2e, servers, posters);
		await checkBooks(e2e, servers, posters);
		await checkMessages(e2e, servers, posters);
		await checkErrors(
			e2e,
			executions,
			deliveries.map(({ name }) => name),
		);
		e2e.note(`${posters.length} images to ${deliveries.length} places each`);
	},
};

function source({ credential }: Rig) {
	const interval = [{ field: 'seconds', secondsInterval: EVERY_SECONDS }];
	return {
		schedule: node('Schedule Trigger', 'scheduleTrigger', {
			typeVersion: 1.2,
			parameters: { rule: { interval } },
		}),
		generate: gptImage('GPT Image', credential, {
			prompt: '={{ $json.timestamp }}',
			imageOptions: { outputFormat: 'jpeg' },
			outputOptions: { fileName: '=poster-{{ $execution.id }}' },
		}),
	};
}

/** Has the schedule fire at least twice, then switches it off. @returns all executions, oldest first */
async function bySchedule({ rest }: Rig, created: CreatedWorkflow): Promise<Execution[]> {
	// n8n fires on the second, a moment early or late.
	const published = Date.now() - 1000;
	await rest.activate(created);
	await until('it ran twice', 120_000, async () => {
		return (await rest.executionsOf(created.id)).length >= 2;
	}).finally(async () => await rest.deactivate(created));
	// Publishing is asynchronous, and so is the opposite.
	let ids: string[] = [];
	let quietSince = Date.now();
	await until('the schedule is off', 60_000, async () => {
		const found = await rest.executionsOf(created.id);
		if (found.length !== ids.length) quietSince = Date.now();
		ids = found;
		return Date.now() - quietSince > 2 * EVERY_SECONDS * 1000;
	});
	const executions: Execution[] = [];
	for (const id of ids.toReversed()) executions.push(await rest.executionEnd(id));
	for (const { mode, status } of executions) {
		assert.deepEqual({ mode, status }, { mode: 'trigger', status: 'success' });
	}
	const [first = NaN, second = NaN] = executions.map((execution) => Date.parse(firedAt(execution)));
	assert.ok(first > published, 'it ran before it was published');
	const gap = second - first;
	assert.ok(gap > (EVERY_SECONDS - 1) * 1000, `${gap} ms between the first two`);
	return executions;
}

/** What the schedule says of when it fired: also the prompt. */
const firedAt = (execution: Execution): string =>
	String(itemsOf(execution, 'Schedule Trigger')[0]?.json.timestamp);

function postersOf({ simulator }: Rig, executions: Execution[]): Poster[] {
	assert.equal(simulator.images.length, executions.length);
	assert.equal(new Set(simulator.images.map(({ sha256 }) => sha256)).size, executions.length);
	return executions.map((execution) => {
		const items = itemsOf(execution, 'GPT Image');
		assert.equal(items.length, 1);
		const row = items[0]?.json ?? {};
		const { fileName, cost, size } = row;
		assert.equal(fileName, `poster-${execution.id}.jpg`);
		assert.equal(items[0]?.binary?.data?.mimeType, MIME_TYPE);
		assert.ok(typeof fileName === 'string' && typeof size === 'string');
		assert.ok(typeof cost === 'number' && cost > 0);
		const image = simulator.images.find(({ prompt }) => prompt === firedAt(execution));
		assert.ok(image, 'the prompt is the time of this execution');
		return { fileName, cost, size, row, sha256: image.sha256 };
	});
}

async function checkErrors(e2e: E2e, executions: Execution[], names: string[]): Promise<void> {
	await e2e.check('no node of the workflow reported an error', () => {
		const items = names.flatMap((name) => executions.flatMap((one) => itemsOf(one, name)));
		assert.equal(items.length, names.length * executions.length);
		assert.deepEqual(
			items.map(({ json }) => json.error).filter((error) => error !== undefined),
			[],
		);
	});
}
