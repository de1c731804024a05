import type { INodeParameters, INodeExecutionData } from 'n8n-workflow';
import { events, net } from '../node';
import { runNode, storeBinary } from '../harness';
import { startSimulator, type Fault, type Simulator } from '../simulator';
import { turns, until } from '../support/events';
import { listen } from '../support/loopback';
import { pictureFile, withChunk } from '../support/madePictures';
import { allSocketsClosed } from '../support/sockets';
import { asSaved } from '../support/parameters';
import { STOPPED } from '../support/words';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator({ draw: 'noise', imageBytes: 200_000 });
});
afterAll(async () => await simulator.close());
beforeEach(() => simulator.reset());

interface Run {
	signal: AbortSignal;
	items?: INodeExecutionData[];
	options?: INodeParameters;
	operation?: string;
	baseUrl?: string;
}

const run = async ({ signal, items, options = {}, operation = 'generate', baseUrl }: Run) =>
	await runNode({
		parameters: asSaved({ operation, prompt: 'a fox', options: { ...options } }),
		credentials: {
			kind: 'openAi',
			apiKey: simulator.apiKey,
			baseUrl: baseUrl ?? simulator.url,
		},
		items: items ?? Array.from({ length: 20 }, () => ({ json: {} })),
		node: { onError: 'continueRegularOutput' },
		signal,
	});

describe('stopping the execution', () => {
	it.each<[string, Fault, INodeParameters]>([
		['waiting for the headers', { delayMs: 60_000, times: 99 }, {}],
		['waiting for a rate limit', { code: 'rate_limit_exceeded', retryAfter: 60, times: 99 }, {}],
		['waiting for a retry', { code: 'server_error', retryAfter: 60, times: 99 }, {}],
		['waiting for its turn', {}, { imagesPerMinute: 1 }],
		['reading an image', { stallAfterBytes: 100_000, times: 99 }, {}],
		['reading the text before an image', { stallAfterBytes: 12, times: 99 }, {}],
		[
			'reading an error',
			{ status: 500, body: { a: 'x'.repeat(1000) }, stallAfterBytes: 10, times: 99 },
			{},
		],
	])('ends a run that is %s', async (_, fault, options) => {
		const requests = 'imagesPerMinute' in options ? 1 : 5;
		simulator.misbehave(fault);
		const stop = new AbortController();
		const running = run({ signal: stop.signal, options });
		const ended = expect(running).rejects.toThrow(STOPPED);
		await until(() => simulator.requests.length === requests);
		await turns(50);
		stop.abort();
		await ended;
		await allSocketsClosed(simulator);
		await turns(50);
		expect(simulator.requests).toHaveLength(requests);
	});

	it('ends a run that is sending an image', async () => {
		const sockets: net.Socket[] = [];
		const deaf = net.createServer((socket) => sockets.push(socket.pause().on('error', () => {})));
		const port = await listen(deaf);
		const png = withChunk(await pictureFile('png'), 'prVt', Buffer.alloc(30_000_000));
		const data = await storeBinary(png, 'large.png', 'image/png');
		const stop = new AbortController();
		const running = run({
			signal: stop.signal,
			operation: 'edit',
			items: [{ json: {}, binary: { data } }],
			baseUrl: `http://127.0.0.1:${port}/v1`,
		});
		const ended = expect(running).rejects.toThrow(STOPPED);
		await until(() => sockets.length > 0);
		await turns(50);
		stop.abort();
		await ended;
		const [socket] = sockets;
		if (socket) await events.once(socket.resume(), 'close');
		expect(sockets).toHaveLength(1);
		deaf.close();
	});

	it('sends nothing when it has been stopped before', async () => {
		const running = run({ signal: AbortSignal.abort() });
		await expect(running).rejects.toThrow(STOPPED);
		expect(simulator.requests).toEqual([]);
	});
});
