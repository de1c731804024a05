import { assert, crypto, delay, fs, os, path, process } from '../../node';
import { startSimulator, type Simulator } from '../../simulator';
import type { E2e, Part } from '../part';
import { Rest } from '../rest';
import { simulatorCredential } from '../rig';
import { startN8n, type N8n } from '../server';
import { until } from '../wait';
import { fetchesKeptEdit, submitKeptEdit } from './batchKeepRest';
import {
	gptImage,
	itemsNode,
	node,
	workflow,
	type CreatedWorkflow,
	type CredentialReference,
	type Execution,
} from '../workflows';

export const REQUESTS = 60;
/** n8n polls once a minute at most. */
const POLL_MS = 60_000;

/** What is submitted, as a chain of nodes. */
export const submitNodes = (credential: CredentialReference, name: string) => [
	node('Start', 'manualTrigger'),
	itemsNode(
		'Items',
		Array.from({ length: REQUESTS }, (_, index) => ({ prompt: `${name}, picture ${index}` })),
	),
	gptImage('Submit', credential, {
		operation: 'generate',
		prompt: '={{ $json.prompt }}',
		quality: 'low',
		delivery: 'batch',
		options: { batchName: name },
	}),
];

/** Fetches the images of the batch of its input item. */
export const getImages = (credential: CredentialReference) =>
	node('Get Images', 'n8n-nodes-gpt-image.gptImage', {
		parameters: { resource: 'batch', operation: 'getImages', batchId: '={{ $json.batchId }}' },
		credentials: { openAiImagesApi: credential },
	});

/** A batch that is submitted, an n8n that is killed, and the images that come all the same. */
export const batch: Part = {
	name: 'batch',
	async run(e2e) {
		const simulator = await startSimulator();
		e2e.defer(simulator.close);
		const userFolder = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'n8n-batch-'));
		const first = await start(e2e, userFolder);
		const rest = await Rest.open(first.url);
		const credential = await simulatorCredential(rest, simulator);
		const submit = await rest.createWorkflow(workflow('Submit', submitNodes(credential, 'Night')));
		const collect = await rest.createWorkflow(collectWorkflow(credential));
		await rest.activate(collect);
		await e2e.check(`${REQUESTS} requests go out as one batch`, async () => {
			const { data } = await ended(rest, submit);
			const [item] = data.resultData.runData.Submit?.[0]?.data?.main?.[0] ?? [];
			assert.equal(item?.json.requests, REQUESTS);
			assert.equal(simulator.stats().batchesCreated, 1);
			assert.equal(simulator.stats().imageRequests, 0);
		});
		const kept = await submitKeptEdit(rest, credential);
		const second = await killAndStart(e2e, first, userFolder, async () => {
			await simulator.batches.finish();
		});
		await collects(e2e, second, simulator, collect);
		const reopened = await Rest.open(second.url);
		await fetchesKeptEdit(e2e, reopened, simulator, credential, kept);
		await killedWhileSubmitting(e2e, second, userFolder, simulator, submit);
	},
};

async function start(e2e: E2e, userFolder: string): Promise<N8n> {
	const isNew = !fs.existsSync(path.join(userFolder, '.n8n/nodes'));
	const [host, tarball] = [await e2e.host(), await e2e.tarball()];
	const n8n = await startN8n({ host, userFolder, ...(isNew && { packageTarball: tarball }) });
	e2e.defer(n8n.stop);
	return n8n;
}

async function killAndStart(
	e2e: E2e,
	n8n: N8n,
	userFolder: string,
	meanwhile: () => Promise<void>,
): Promise<N8n> {
	process.kill(n8n.pid, 'SIGKILL');
	await n8n.stop();
	await meanwhile();
	e2e.say('n8n was killed; starting it again …');
	return await start(e2e, userFolder);
}

function collectWorkflow(credential: CredentialReference) {
	const trigger = node('Batch Finished', 'n8n-nodes-gpt-image.gptImageTrigger', {
		parameters: { pollTimes: { item: [{ mode: 'everyMinute' }] }, batchName: 'Night' },
		credentials: { openAiImagesApi: credential },
	});
	return workflow('Collect', [trigger, getImages(credential)]);
}

async function collects(
	e2e: E2e,
	n8n: N8n,
	simulator: Simulator,
	{ id }: CreatedWorkflow,
): Promise<void> {
	const rest = await Rest.open(n8n.url);
	const execution = await e2e.check('the trigger tells a batch that ended meanwhile', async () => {
		const [found] = await until('an execution', 2 * POLL_MS, async () => {
			const found = await rest.executionsOf(id);
			return found.length > 0 && found;
		});
		return await rest.executionEnd(found ?? '');
	});
	if (!execution) return;
	await e2e.check('its images come out in order, none is lost, none is paid twice', async () => {
		await rightImages(rest, simulator, execution, 'Night');
		e2e.note(`${REQUESTS} images after a SIGKILL: lost 0, paid twice 0`);
	});
	await e2e.check('it is told once', async () => {
		await delay(POLL_MS + 5000);
		assert.equal((await rest.executionsOf(id)).length, 1);
	});
}

async function killedWhileSubmitting(
	e2e: E2e,
	n8n: N8n,
	userFolder: string,
	simulator: Simulator,
	submit: CreatedWorkflow,
): Promise<void> {
	const before = simulator.stats().batchesCreated;
	simulator.misbehave({ on: 'batches.create', answerDelayMs: POLL_MS });
	const rest = await Rest.open(n8n.url);
	await rest.execute(submit, 'Start');
	await until('a batch is created', POLL_MS, () => simulator.stats().batchesCreated > before);
	const again = await killAndStart(e2e, n8n, userFolder, async () => await Promise.resolve());
	await e2e.check('a batch whose creation was not answered is taken, not made again', async () => {
		const reopened = await Rest.open(again.url);
		const { data } = await ended(reopened, submit);
		const [item] = data.resultData.runData.Submit?.[0]?.data?.main?.[0] ?? [];
		assert.match(String(item?.json.takenOver), /was not submitted again/);
		assert.equal(simulator.stats().batchesCreated, before + 1);
		e2e.note('killed while it submitted: made twice 0');
	});
}

/** Runs a workflow by hand to its end. */
export async function ended(rest: Rest, created: CreatedWorkflow): Promise<Execution> {
	return await rest.executionEnd(await rest.execute(created, 'Start'));
}

/** The execution has put out each picture of the batch, in order, and each was paid for once. */
export async function rightImages(
	rest: Rest,
	simulator: Simulator,
	{ status, data }: Execution,
	name: string,
): Promise<void> {
	assert.equal(status, 'success');
	const items = data.resultData.runData['Get Images']?.[0]?.data?.main?.[0] ?? [];
	const prompts = Array.from({ length: REQUESTS }, (_, index) => `${name}, picture ${index}`);
	const drawn = new Map(simulator.images.map((image) => [image.sha256, image.prompt]));
	const got: Array<string | undefined> = [];
	for (const { binary } of items) {
		const bytes = await rest.binary(binary?.data?.id ?? '');
		got.push(drawn.get(crypto.createHash('sha256').update(bytes).digest('hex')));
	}
	assert.deepEqual(got, prompts);
	const paid = simulator.paid.filter(({ prompt }) => prompt.startsWith(name));
	assert.deepEqual(paid.map(({ prompt }) => prompt).sort(), [...prompts].sort());
}
