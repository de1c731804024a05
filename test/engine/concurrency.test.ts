import type { INodeParameters, INodeExecutionData } from 'n8n-workflow';
import { readBinary, runNode } from '../harness';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator';
import { allSocketsClosed } from '../support/sockets';
import { collectGarbage } from '../support/memory';
import { process } from '../node';
import { asSaved } from '../support/parameters';

let simulator: Simulator;
const started: Simulator[] = [];

async function start(options: SimulatorOptions = {}): Promise<void> {
	simulator = await startSimulator({ draw: 'noise', imageBytes: 2000, ...options });
	started.push(simulator);
}

afterEach(async () => {
	await Promise.all(started.splice(0).map(async (one) => await one.close()));
});

interface Run {
	items: number;
	options?: INodeParameters;
	onError?: 'continueRegularOutput' | 'stopWorkflow';
	n?: number;
}

const generate = async ({ items, options = {}, onError = 'stopWorkflow', n = 1 }: Run) =>
	await runNode({
		parameters: asSaved({ prompt: '=picture {{ $json.number }}', n, options: { ...options } }),
		credentials: { kind: 'openAi', apiKey: simulator.apiKey, baseUrl: simulator.url },
		items: Array.from({ length: items }, (_, number) => ({ json: { number } })),
		node: { onError },
	});

const pairs = (items: INodeExecutionData[]) =>
	items.map(({ pairedItem }) => (typeof pairedItem === 'object' ? pairedItem : undefined));

const promptOf = (json: unknown) =>
	typeof json === 'object' && json !== null && 'prompt' in json ? json.prompt : undefined;

describe('Requests in Parallel', () => {
	it.each([
		[{}, 5],
		[{ requestsInParallel: 1 }, 1],
		[{ requestsInParallel: 12 }, 12],
	])('%j has up to %i requests under way', async (options, most) => {
		await start({ delayMs: 150 });
		const { items } = await generate({ items: 14, options });
		expect(items).toHaveLength(14);
		expect(simulator.stats().maxConcurrent).toBe(most);
	});

	it('keeps order and pairing whatever comes back first', async () => {
		await start({ draw: 'picture' });
		simulator.misbehave(...[9, 6, 3, 0].map((turn) => ({ delayMs: turn * 40 })));
		const { items } = await generate({ items: 12, options: { requestsInParallel: 4 } });
		expect(pairs(items)).toEqual(Array.from({ length: 12 }, (_, item) => ({ item })));
		for (const [index, item] of items.entries()) {
			const drawn = simulator.images.find(({ prompt }) => prompt === `picture ${index}`);
			const { data } = item.binary ?? {};
			expect(data && (await readBinary(data))).toEqual(drawn?.bytes);
		}
	});
});

describe('Images per Request', () => {
	it('splits what one request cannot make and joins it in order', async () => {
		await start();
		const { items } = await generate({ items: 2, n: 25, options: { imagesPerRequest: 10 } });
		expect(simulator.requests.map(({ json }) => json)).toEqual(
			[10, 10, 5, 10, 10, 5].map((n, index) => ({
				model: 'gpt-image-2',
				prompt: `picture ${index < 3 ? 0 : 1}`,
				n,
			})),
		);
		expect(items.map(({ json }) => json.index)).toEqual(
			[0, 1].flatMap(() => Array.from({ length: 25 }, (_, index) => index)),
		);
		expect(items.map(({ json }) => json.fileName).slice(0, 25)).toEqual(
			Array.from({ length: 25 }, (_, index) => `image_1_${index + 1}.png`),
		);
	});

	it('keeps the images of the other requests of an item when one fails', async () => {
		await start();
		simulator.misbehave({}, { code: 'moderation_blocked', delayMs: 800 });
		const { items } = await generate({
			items: 1,
			n: 4,
			options: { imagesPerRequest: 1, requestsInParallel: 2 },
			onError: 'continueRegularOutput',
		});
		expect(items.map(({ json }) => json.index ?? json.error)).toEqual([
			0,
			2,
			3,
			'The safety system refused the prompt or an image (violence) [item 0]',
		]);
		expect(simulator.requests).toHaveLength(4);
	});
});

describe('Images per Minute', () => {
	it('spaces the requests evenly', async () => {
		await start();
		await generate({ items: 8, options: { imagesPerMinute: 1200 } });
		const starts = simulator.requests.map(({ startedAt }) => startedAt);
		// 50 ms each; the server's clock starts a little later for some than for others.
		expect((starts[7] ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(7 * 50 - 25);
	});

	it('counts images, not requests', async () => {
		await start();
		await generate({ items: 3, n: 4, options: { imagesPerMinute: 2400 } });
		const starts = simulator.requests.map(({ startedAt }) => startedAt);
		expect((starts[2] ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(2 * 100 - 25);
	});
});

describe('a rate limit', () => {
	it('holds every lane until Retry-After has passed', async () => {
		await start({ delayMs: 20 });
		simulator.misbehave({}, { code: 'rate_limit_exceeded', retryAfterMs: 400 });
		await generate({ items: 20 });
		const refused = simulator.requests[1];
		const resumed = (refused?.finishedAt ?? 0) + 400 - 10;
		const inBetween = simulator.requests.filter(
			({ startedAt }) => startedAt > (refused?.finishedAt ?? 0) + 50 && startedAt < resumed,
		);
		expect(inBetween).toEqual([]);
		expect(simulator.requests).toHaveLength(21);
	});

	it('lets fewer lanes go on and adds one with each image', async () => {
		await start({ delayMs: 30 });
		simulator.misbehave({ code: 'server_is_overloaded', retryAfterMs: 10, times: 8 });
		const { items } = await generate({ items: 40, options: { requestsInParallel: 8 } });
		expect(items).toHaveLength(40);
		const after = simulator.requests.slice(8);
		// Another lane joins only when an answer has come back.
		const firstAnswer = Math.min(...after.map(({ finishedAt = Infinity }) => finishedAt));
		const beside = after.filter(({ startedAt }) => startedAt < firstAnswer);
		expect(beside.length).toBeLessThanOrEqual(4);
		expect(simulator.stats().maxConcurrent).toBe(8);
	});

	it('of 5 images in a window lets 100 items through without a failure and without hammering', async () => {
		await start({ rateLimit: { images: 5, windowMs: 250 } });
		const { items } = await generate({ items: 100 });
		expect(items).toHaveLength(100);
		// About one refusal for each lane and window; a busy machine stretches the windows.
		expect(simulator.requests.length).toBeLessThanOrEqual(300);
		await allSocketsClosed(simulator);
	});
});

describe('a failure', () => {
	it('of one item leaves the others alone', async () => {
		await start();
		simulator.misbehave({}, {}, { code: 'moderation_blocked' });
		const { items } = await generate({ items: 9, onError: 'continueRegularOutput' });
		expect(items.filter(({ json }) => json.error === undefined)).toHaveLength(8);
		expect(pairs(items)).toEqual(Array.from({ length: 9 }, (_, item) => ({ item })));
	});

	it('starts no further request and says how many images were made', async () => {
		await start();
		simulator.misbehave({ delayMs: 50 }, { code: 'insufficient_quota' });
		const run = generate({ items: 50, options: { requestsInParallel: 2 } });
		await expect(run).rejects.toMatchObject({
			message: 'The OpenAI account has no credit left [item 1]',
			description: expect.stringContaining('1 image was made before this'),
		});
		expect(simulator.requests).toHaveLength(2);
		await allSocketsClosed(simulator);
	});
});

describe('a long run', () => {
	it('of 1000 items leaves no memory and no socket behind', async () => {
		await start();
		const round = async (items: number) => {
			await generate({ items, options: { requestsInParallel: 20 } });
			const prompts = new Set(simulator.requests.map(({ json }) => promptOf(json)));
			simulator.reset();
			await allSocketsClosed(simulator);
			collectGarbage();
			return { prompts, heap: process.memoryUsage().heapUsed };
		};
		await round(200);
		const before = await round(200);
		const after = await round(1000);
		expect(after.prompts.size).toBe(1000);
		expect(after.heap - before.heap).toBeLessThan(8 * 1024 * 1024);
	}, 60_000);
});
