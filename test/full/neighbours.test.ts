import type { IBinaryData, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { readBinary, runNode } from '../harness';
import { crypto } from '../node';
import { useLoopClock } from '../support/clock';
import { gate, turns, until } from '../support/events';
import { startSimulator, type Fault, type ReceivedRequest, type Simulator } from '../simulator';
import { asSaved, imagesFrom } from '../support/parameters';
import { picture, storeFiles } from '../support/pictures';
import { allSocketsClosed } from '../support/sockets';
import { OPERATIONS } from './faults/faultCase';

/** Items of a run; the request that arrives as number {@link FAULTY} goes wrong. */
const ITEMS = 10;
const FAULTY = 4;

useLoopClock();

let simulator: Simulator;
let binary: Record<string, IBinaryData>;
beforeAll(async () => {
	simulator = await startSimulator({ draw: 'noise', imageBytes: 3000 });
	binary = await storeFiles({ photo: await picture('png') });
});
afterAll(async () => await simulator.close());
beforeEach(() => simulator.reset());

const FAULTS: Array<[string, Fault]> = [
	['a refusal', { code: 'moderation_blocked' }],
	['a wrong key', { code: 'invalid_api_key' }],
	['no credit', { code: 'insufficient_quota' }],
	['a server fault', { code: 'server_error' }],
	['the web page of a proxy', { status: 502, body: '<html>Bad gateway</html>' }],
	['a reset before the headers', { resetAfterBytes: -1 }],
	['a reset in the headers', { resetAfterBytes: 'headers' }],
	['a reset in the image', { resetAfterBytes: 2000 }],
	['an end in the image', { truncateAfterBytes: 2000 }],
	['silence in the image', { stallAfterBytes: 2000 }],
	['silence before the image', { stallAfterBytes: 5 }],
	['damaged gzip', { garbage: 'badGzip' }],
	['damaged base64', { garbage: 'badBase64' }],
	['bytes that are no picture', { garbage: 'wrongMagic' }],
	['a web page with status 200', { garbage: 'html' }],
	['an empty answer', { garbage: 'empty' }],
	['a link in place of the image', { garbage: 'urlOnly' }],
	['a redirect', { redirect: 'http://127.0.0.1:9/' }],
];

interface Run {
	operation: string;
	onError: 'continueRegularOutput' | 'stopWorkflow';
	options: INodeParameters;
}

const run = async ({ operation, onError, options }: Run) =>
	await runNode({
		parameters: asSaved({
			operation,
			prompt: '=picture {{ $json.number }}',
			...(operation === 'edit' && { images: imagesFrom('photo') }),
			options: { maxRetries: 0, idleTimeout: 0.1, ...options },
		}),
		credentials: { apiKey: simulator.apiKey, baseUrl: simulator.url },
		items: Array.from({ length: ITEMS }, (_, number) => ({ json: { number }, binary })),
		node: { onError },
		// No run takes a tenth of this; one that waits for hours must not outlive its test.
		signal: AbortSignal.timeout(4000),
	});

const itemOf = ({ pairedItem }: INodeExecutionData) =>
	typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : undefined;

async function sha256(item: INodeExecutionData): Promise<string> {
	const bytes = item.binary?.data && (await readBinary(item.binary.data));
	return crypto
		.createHash('sha256')
		.update(bytes ?? '')
		.digest('hex');
}

/** Sum of the image that was made of the item's prompt. */
const drawnFor = (item: INodeExecutionData) =>
	simulator.images.find(({ prompt }) => prompt === `picture ${itemOf(item)}`)?.sha256;

const isOver = (request: number) => simulator.requests[request]?.finishedAt !== undefined;

/** Which item a request was for: requests need not arrive in the order of the items. */
function itemOfRequest({ json, fields }: ReceivedRequest): number {
	const [, number] = /picture (\d+)/.exec(JSON.stringify(json ?? fields)) ?? [];
	return Number(number);
}

describe.each(OPERATIONS)('%s: of ten items at once, one that meets', (operation) => {
	it.each(FAULTS)('%s leaves the images of the nine others', async (_, fault) => {
		const { opened, open } = gate();
		simulator.misbehave(
			{ until: opened, times: FAULTY },
			{ ...fault, until: opened },
			{ until: opened, times: Infinity },
		);
		const options = { requestsInParallel: ITEMS };
		const running = run({ operation, onError: 'continueRegularOutput', options });
		await until(() => simulator.stats().running === ITEMS);
		const faulty = simulator.requests.map(itemOfRequest)[FAULTY];
		open();
		const { items } = await running;
		expect(items.map(itemOf)).toEqual(Array.from({ length: ITEMS }, (__, index) => index));
		const failed = items.filter(({ json }) => json.error !== undefined);
		expect(failed.map(itemOf)).toEqual([faulty]);
		expect(failed[0]).toEqual({
			json: {
				error: expect.stringMatching(new RegExp(` \\[item ${Number(faulty) + 1}\\]$`)),
				details: expect.any(Object),
			},
			pairedItem: { item: faulty },
		});
		const made = items.filter(({ json }) => json.error === undefined);
		expect(await Promise.all(made.map(sha256))).toEqual(made.map(drawnFor));
		expect(simulator.requests).toHaveLength(ITEMS);
		await allSocketsClosed(simulator);
	});
});

describe('with On Error at Stop Workflow, one of ten items that meets', () => {
	it.each(FAULTS)('%s starts no further request and counts the images made', async (_, fault) => {
		const { opened, open } = gate();
		// Those behind it are answered when the node has noticed.
		simulator.misbehave(...Array<Fault>(FAULTY).fill({}), fault, { until: opened, times: 2 });
		const options = { requestsInParallel: 3 };
		const running = run({ operation: 'generate', onError: 'stopWorkflow', options });
		const ended = running.then(() => undefined).catch((thrown: unknown) => thrown);
		await until(() => isOver(FAULTY));
		await turns(50);
		open();
		const error: unknown = await ended;
		const started = simulator.requests.length;
		await turns(50);
		expect(simulator.requests).toHaveLength(started);
		// Beside the one that failed at most the two that were under way with it.
		expect(started).toBeLessThanOrEqual(FAULTY + 3);
		expect(error).toMatchObject({
			message: expect.stringMatching(/ \[item \d\]$/),
			description: expect.stringContaining(
				`${started - 1} images were made before this and not passed on`,
			),
		});
		await allSocketsClosed(simulator);
	});
});

describe('a rate limit that lasts longer than Timeout', () => {
	it('ends the run at once, with the images of the requests under way', async () => {
		const { opened, open } = gate();
		simulator.misbehave(
			{ until: opened, times: FAULTY },
			{ code: 'rate_limit_exceeded', retryAfter: 3600 },
		);
		const options = { requestsInParallel: FAULTY + 1 };
		const running = run({ operation: 'generate', onError: 'continueRegularOutput', options });
		await until(() => isOver(FAULTY));
		await turns(50);
		open();
		const { items } = await running;
		const refused = items.filter(({ json }) => json.error !== undefined);
		expect(refused.map(({ json }) => json.details)).toEqual(
			refused.map(() => expect.objectContaining({ code: 'rate_limit_exceeded', status: 429 })),
		);
		expect(items.length - refused.length).toBe(FAULTY);
		// Nothing is sent to an API that has said no for an hour.
		expect(simulator.requests).toHaveLength(FAULTY + 1);
		await allSocketsClosed(simulator);
	});
});

describe('with On Error at Stop Workflow, after a failure', () => {
	it('requests that wait for their turn are not sent', async () => {
		simulator.misbehave({ code: 'moderation_blocked' });
		const options = { requestsInParallel: 3, imagesPerMinute: 200 };
		const running = run({ operation: 'generate', onError: 'stopWorkflow', options });
		await expect(running).rejects.toThrow(/ \[item 1\]$/);
		expect(simulator.requests).toHaveLength(1);
	});

	it('requests that wait to be sent again are not sent', async () => {
		const { opened, open } = gate();
		const retryAfter = 60;
		simulator.misbehave({ code: 'moderation_blocked', until: opened }, { status: 500, retryAfter });
		const options = { requestsInParallel: 2, maxRetries: 3 };
		const running = run({ operation: 'generate', onError: 'stopWorkflow', options });
		const ended = expect(running).rejects.toThrow(/ \[item \d\]$/);
		await until(() => isOver(1));
		await turns(50);
		open();
		await ended;
		expect(simulator.requests).toHaveLength(2);
	});
});
