import type { INodeParameters, INodeExecutionData } from 'n8n-workflow';
import { readBinary, runNode } from '../harness';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator';
import { sha256 } from '../support/pictures';
import { allSocketsClosed } from '../support/sockets';
import { gate, turns, until } from '../support/events';
import { asSaved } from '../support/parameters';
import { named } from '../support/fileNames';

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

describe('Requests in Parallel', () => {
	it.each([
		[{}, 5],
		[{ requestsInParallel: 1 }, 1],
		[{ requestsInParallel: 12 }, 12],
	])('%j has up to %i requests under way', async (options, most) => {
		await start();
		const { opened, open } = gate();
		simulator.misbehave({ until: opened, times: Infinity });
		const running = generate({ items: 14, options });
		await until(() => simulator.stats().running === most);
		await turns(20);
		open();
		const { items } = await running;
		expect(items).toHaveLength(14);
		expect(simulator.stats().maxConcurrent).toBe(most);
	});

	it('keeps order and pairing whatever comes back first', async () => {
		await start({ draw: 'picture' });
		const gates = Array.from({ length: 4 }, gate);
		simulator.misbehave(...gates.map(({ opened }) => ({ until: opened })));
		const running = generate({ items: 12, options: { requestsInParallel: 4 } });
		await until(() => simulator.stats().running === 4);
		// The first is answered when all others are.
		for (const { open } of gates.slice(1)) open();
		await until(() => simulator.images.length === 11);
		gates[0]?.open();
		const { items } = await running;
		expect(pairs(items)).toEqual(Array.from({ length: 12 }, (_, item) => ({ item })));
		for (const [index, item] of items.entries()) {
			const drawn = simulator.images.find(({ prompt }) => prompt === `picture ${index}`);
			const { data } = item.binary ?? {};
			expect(data && sha256(await readBinary(data))).toBe(drawn?.sha256);
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
			Array.from({ length: 25 }, (_, index) => named('picture-0', `_${index + 1}.png`)),
		);
	});

	it('keeps the images of the other requests of an item when one fails', async () => {
		await start();
		const { opened, open } = gate();
		simulator.misbehave({}, { code: 'moderation_blocked', until: opened });
		const running = generate({
			items: 1,
			n: 4,
			options: { imagesPerRequest: 1, requestsInParallel: 2 },
			onError: 'continueRegularOutput',
		});
		await until(() => simulator.requests.filter(({ finishedAt }) => finishedAt).length === 3);
		open();
		const { items } = await running;
		expect(items.map(({ json }) => json.index ?? json.details)).toEqual([
			0,
			2,
			3,
			expect.objectContaining({ code: 'moderation_blocked' }),
		]);
		expect(simulator.requests).toHaveLength(4);
	});
});

describe('a rate limit', () => {
	it('of 5 images in a window lets 20 items through without a failure', async () => {
		await start({ rateLimit: { images: 5, windowMs: 250 } });
		const { items } = await generate({ items: 20 });
		expect(pairs(items)).toEqual(Array.from({ length: 20 }, (_, item) => ({ item })));
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
		const { opened, open } = gate();
		simulator.misbehave({ until: opened }, { code: 'insufficient_quota' });
		const running = generate({ items: 50, options: { requestsInParallel: 2 } });
		const ended = expect(running).rejects.toMatchObject({
			message: expect.stringMatching(/ \[item \d\]$/),
			description: expect.stringContaining('1 image was made before this'),
		});
		await until(() => simulator.requests[1]?.finishedAt !== undefined);
		await turns(50);
		open();
		await ended;
		expect(simulator.requests).toHaveLength(2);
		await allSocketsClosed(simulator);
	});
});
