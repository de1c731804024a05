import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { submit } from '../../../nodes/GptImage/batch/submit';
import { gptImageTrigger, runPoll } from '../../harness';
import { http } from '../../node';
import { batchRequest, submissionOf } from '../../support/batches';
import { inNode } from '../../support/inNode';
import { close, listen } from '../../support/loopback';
import { useSimulator } from '../../support/simulator';

const simulator = useSimulator({ draw: 'noise', imageBytes: 3000 });

const HOUR = 3_600_000;

let number = 0;

/** Submits a batch of the node. */
async function newBatch(name = 'Night'): Promise<string> {
	const submission = await submissionOf([batchRequest(number++)], { name });
	const [made] = await inNode(
		simulator.credentials(),
		async (session) => await submit(session, submission),
	);
	if (!made || !('batch' in made)) throw new Error('There is no batch');
	return made.batch.id;
}

const poll = async (staticData?: IDataObject, parameters = {}, mode?: 'manual') =>
	await runPoll({ credentials: simulator.credentials(), staticData, parameters, mode });

const ids = ({ items }: Awaited<ReturnType<typeof poll>>) =>
	items?.map(({ json }) => json.batchId) ?? null;

it('looks every ten minutes unless told otherwise', () => {
	const times = gptImageTrigger.description.properties.filter(({ name }) => name === 'pollTimes');
	expect(times).toMatchObject([
		{ type: 'hidden', default: { item: [{ mode: 'everyX', value: 10, unit: 'minutes' }] } },
	]);
});

it('tells a batch when it is finished, once', async () => {
	const before = await poll();
	const batchId = await newBatch();
	const running = await poll(before.staticData);
	await simulator.api.batches.finish();
	const finished = await poll(running.staticData);
	const after = await poll(finished.staticData);
	expect([ids(before), ids(running), ids(finished), ids(after)]).toEqual([
		null,
		null,
		[batchId],
		null,
	]);
	expect(finished.items?.[0]?.json).toMatchObject({
		batchId,
		name: 'Night',
		status: 'completed',
		isFinished: true,
		requests: 1,
		completed: 1,
		failed: 0,
	});
});

it('tells nothing of what had ended before it was switched on', async () => {
	await newBatch();
	await simulator.api.batches.finish();
	const first = await poll();
	expect(ids(first)).toBeNull();
	expect(ids(await poll(first.staticData))).toBeNull();
});

it('tells only batches of the name and in the states that were chosen', async () => {
	const { staticData } = await poll();
	const night = await newBatch('Night');
	const day = await newBatch('Day');
	await simulator.api.batches.finish(night);
	await simulator.api.batches.expire(day);
	expect(ids(await poll(staticData, { batchName: 'Day' }))).toEqual([day]);
	expect(ids(await poll(staticData, { states: ['completed'] }))).toEqual([night]);
	expect(ids(await poll(staticData))?.sort()).toEqual([night, day].sort());
});

it('fetches the newest one as a test event', async () => {
	await expect(poll(undefined, {}, 'manual')).rejects.toThrow('No batch is finished yet');
	await newBatch();
	simulator.api.advance(5000);
	const newest = await newBatch();
	await simulator.api.batches.finish();
	simulator.api.advance(5000);
	await newBatch();
	expect(ids(await poll(undefined, {}, 'manual'))).toEqual([newest]);
	expect(ids(await poll(undefined, {}, 'manual'))).toEqual([newest]);
});

it('fails when batches cannot be listed', async () => {
	simulator.api.misbehave({ on: 'batches.list', status: 401 });
	await expect(poll()).rejects.toMatchObject({ context: { data: { class: 'credential' } } });
});

/** What happens one after the other; between two polls n8n may be down for days. */
const event = fc.oneof(
	fc.constant({ kind: 'submit' as const }),
	fc.record({ kind: fc.constant('finish' as const), which: fc.nat() }),
	fc.record({ kind: fc.constant('advance' as const), hours: fc.integer({ min: 1, max: 60 }) }),
	fc.constant({ kind: 'poll' as const }),
);

it('tells each batch once, in whatever order things happen', async () => {
	const property = fc.asyncProperty(fc.array(event, { maxLength: 14 }), async (events) => {
		simulator.api.reset();
		let { staticData } = await poll();
		const made: string[] = [];
		const told: unknown[] = [];
		const look = async () => {
			const result = await poll(staticData);
			staticData = result.staticData;
			told.push(...(ids(result) ?? []));
		};
		for (const one of events) {
			if (one.kind === 'submit') made.push(await newBatch());
			if (one.kind === 'finish' && made.length > 0) {
				await simulator.api.batches.finish(made[one.which % made.length]);
			}
			if (one.kind === 'advance') simulator.api.advance(one.hours * HOUR);
			if (one.kind === 'poll') await look();
		}
		simulator.api.advance(48 * HOUR);
		await look();
		await look();
		expect(told.sort()).toEqual(made.sort());
		expect(JSON.stringify(staticData).length).toBeLessThan(2000);
	});
	await fc.assert(property, { numRuns: 30 });
}, 60_000);

/** Polls a server of our own. */
async function pollServer(answer: http.RequestListener, staticData?: IDataObject) {
	const server = http.createServer((request, response) => {
		response.setHeader('content-type', 'application/json');
		answer(request, response);
	});
	const baseUrl = `http://127.0.0.1:${await listen(server)}/v1`;
	try {
		const credentials = { kind: 'openAi', apiKey: 'sk-own-server', baseUrl };
		return await runPoll({ credentials, staticData });
	} finally {
		await close(server);
	}
}

it('tells a batch once of a server that sends the same page again and again', async () => {
	const batch = {
		id: 'batch_1',
		endpoint: '/v1/images/generations',
		status: 'completed',
		created_at: 1_790_000_000,
		completed_at: 1_790_000_100,
		metadata: { node: 'n8n-nodes-gpt-image' },
	};
	let pages = 0;
	const { items, staticData } = await pollServer(
		(_, response) => {
			pages += 1;
			response.end(JSON.stringify({ data: [batch], has_more: true }));
		},
		{ newest: 0, ended: [] },
	);
	expect(items?.map(({ json }) => json.batchId)).toEqual(['batch_1']);
	expect(staticData).toEqual({ newest: 1_790_000_000, ended: ['batch_1'] });
	expect(pages).toBe(2);
});

it('tells of a server without batches that it has none', async () => {
	const polled = pollServer((_, response) => response.writeHead(404).end('{"detail":"Not Found"}'));
	await expect(polled).rejects.toMatchObject({
		message: 'What answers at the Base URL does not take such a request',
		description: expect.stringMatching(/A gateway may not offer .*batches.*"Not Found"/),
	});
});
