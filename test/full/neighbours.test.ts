import type { IBinaryData, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { readBinary, runNode } from '../harness';
import { crypto, delay } from '../node';
import { startSimulator, type Fault, type Simulator } from '../simulator';
import { asSaved, imagesFrom } from '../support/parameters';
import { picture, storeFiles } from '../support/pictures';
import { allSocketsClosed } from '../support/sockets';
import { OPERATIONS } from './faults/faultCase';

/** Items of a run; the request of number {@link FAULTY} goes wrong. */
const ITEMS = 10;
const FAULTY = 4;

/** Time the server takes for an image, in milliseconds, so that requests overlap. */
const SERVER_MS = 200;

let simulator: Simulator;
let binary: Record<string, IBinaryData>;
beforeAll(async () => {
	simulator = await startSimulator({ draw: 'noise', imageBytes: 3000, delayMs: SERVER_MS });
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

const armed = (fault: Fault) => simulator.misbehave(...Array<Fault>(FAULTY).fill({}), fault);

describe.each(OPERATIONS)('%s: of ten items at once, one that meets', (operation) => {
	it.each(FAULTS)('%s leaves the images of the nine others', async (_, fault) => {
		armed(fault);
		// A little apart, so that requests arrive in the order of the items.
		const options = { requestsInParallel: ITEMS, imagesPerMinute: 6000 };
		const { items } = await run({ operation, onError: 'continueRegularOutput', options });
		expect(simulator.stats().maxConcurrent).toBeGreaterThan(FAULTY);
		expect(items.map(itemOf)).toEqual(Array.from({ length: ITEMS }, (__, index) => index));
		const failed = items.filter(({ json }) => json.error !== undefined);
		expect(failed.map(itemOf)).toEqual([FAULTY]);
		expect(failed[0]).toEqual({
			json: { error: expect.stringMatching(/ \[item 4\]$/), details: expect.any(Object) },
			pairedItem: { item: FAULTY },
		});
		const made = items.filter(({ json }) => json.error === undefined);
		expect(await Promise.all(made.map(sha256))).toEqual(made.map(drawnFor));
		expect(simulator.requests).toHaveLength(ITEMS);
		await allSocketsClosed(simulator);
	});
});

describe('with On Error at Stop Workflow, one of ten items that meets', () => {
	it.each(FAULTS)('%s starts no further request and counts the images made', async (_, fault) => {
		armed(fault);
		const options = { requestsInParallel: 3 };
		const running = run({ operation: 'generate', onError: 'stopWorkflow', options });
		const error: unknown = await running.then(() => undefined).catch((thrown: unknown) => thrown);
		const started = simulator.requests.length;
		await delay(50);
		expect(simulator.requests).toHaveLength(started);
		// Beside the one that failed those under way with it; some faults take a while to be noticed.
		expect(started).toBeLessThanOrEqual(FAULTY + 5);
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
		armed({ code: 'rate_limit_exceeded', retryAfter: 3600 });
		const options = { requestsInParallel: 5, timeout: 3 };
		const { items } = await run({
			operation: 'generate',
			onError: 'continueRegularOutput',
			options,
		});
		const refused = items.filter(({ json }) => json.error !== undefined);
		expect(refused.map(({ json }) => json.error)).toEqual(
			refused.map(
				(item) =>
					`The rate limit of the OpenAI account kept images waiting too long [item ${itemOf(item)}]`,
			),
		);
		expect(items.length - refused.length).toBe(FAULTY);
		// Nothing is sent to an API that has said no for an hour.
		expect(simulator.requests).toHaveLength(FAULTY + 1);
		await allSocketsClosed(simulator);
	});
});

describe('with On Error at Stop Workflow, after a failure', () => {
	const refused = 'The safety system refused the prompt or an image (violence) [item 0]';

	it('requests that wait for their turn are not sent', async () => {
		simulator.misbehave({ code: 'moderation_blocked' });
		const options = { requestsInParallel: 3, imagesPerMinute: 200 };
		const running = run({ operation: 'generate', onError: 'stopWorkflow', options });
		await expect(running).rejects.toThrow(refused);
		expect(simulator.requests).toHaveLength(1);
	});

	it('requests that wait to be sent again are not sent', async () => {
		simulator.misbehave({ code: 'moderation_blocked', delayMs: 150 }, { status: 500 });
		const options = { requestsInParallel: 2, maxRetries: 3 };
		const running = run({ operation: 'generate', onError: 'stopWorkflow', options });
		await expect(running).rejects.toThrow(refused);
		expect(simulator.requests).toHaveLength(2);
	});
});
