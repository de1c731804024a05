import { named } from '../support/fileNames';
import fc from 'fast-check';
import type { INode, INodeExecutionData, INodeParameters, INodeType } from 'n8n-workflow';
import { isRecord } from '../../nodes/GptImage/values';
import {
	gptImage,
	openAiImagesApi,
	readBinary,
	runWorkflow,
	useBinaryMode,
	type WorkflowFile,
} from '../harness';
import { packageName } from '../harness/package';
import { nodeType } from '../harness/standIns/nodeType';
import type { Fault } from '../simulator';
import { asSaved, imagesFrom } from '../support/parameters';
import { picture, sha256, storeFiles } from '../support/pictures';
import { useSimulator } from '../support/simulator';

const simulator = useSimulator({ draw: 'noise', imageBytes: 3000 });

const FAILS: Fault = { code: 'server_error', headers: { 'x-should-retry': 'true' } };
const fine = (times: number): Fault[] => (times > 0 ? [{ times }] : []);

const items = (count: number) =>
	Array.from({ length: count }, (_, index): INodeExecutionData => ({ json: { index } }));

const parameters = (options: INodeParameters = {}, more: INodeParameters = {}) =>
	asSaved({
		prompt: '=Fox {{ $json.index }}',
		...more,
		options: { maxRetries: 0, ...options },
	});

/** A trigger, the node with Retry On Fail, and what comes behind it. */
function workflow(given: INodeParameters, node: Partial<INode> = {}, behind?: INode): WorkflowFile {
	const start = { id: 'start', name: 'Start', type: 'n8n-nodes-base.manualTrigger' };
	const image = {
		id: 'image',
		name: 'GPT Image',
		type: `${packageName}.gptImage`,
		credentials: { openAiImagesApi: { id: 'account', name: 'Account' } },
		retryOnFail: true,
		waitBetweenTries: 1,
		...node,
	};
	const to = (name: string) => ({ node: name, type: 'main' as const, index: 0 });
	return {
		nodes: [
			{ ...start, typeVersion: 1, position: [0, 0], parameters: {} },
			{ ...image, typeVersion: 1, position: [200, 0], parameters: given },
			...(behind ? [behind] : []),
		],
		connections: {
			Start: { main: [[to('GPT Image')]] },
			...(behind && {
				'GPT Image': { main: [[to(behind.name)]] },
				[behind.name]: { main: [[to('GPT Image')]] },
			}),
		},
	};
}

async function execute(
	file: WorkflowFile,
	input: INodeExecutionData[],
	nodeTypes: Record<string, INodeType> = {},
) {
	return await runWorkflow(file, {
		credentials: simulator.credentials(),
		credentialType: openAiImagesApi,
		nodeTypes: { [`${packageName}.gptImage`]: gptImage, ...nodeTypes },
		items: input,
	});
}

const bytesOf = async (made: INodeExecutionData[]) =>
	await Promise.all(
		made.map(async ({ binary }) => binary?.data && sha256(await readBinary(binary.data))),
	);

const fieldOf = (json: unknown, name: string) => (isRecord(json) ? json[name] : undefined);

const failed = (made: INodeExecutionData[]) => made.filter(({ json }) => 'error' in json);
const prompts = () => simulator.api.requests.map(({ json }) => String(fieldOf(json, 'prompt')));

describe('Retry On Fail', () => {
	it.each<[string, Partial<INode>, Fault[], number]>([
		['which Continue', { onError: 'continueRegularOutput' }, [{ ...FAILS, times: 5 }], 25],
		[
			'which Continue, none of them the first',
			{ onError: 'continueRegularOutput' },
			[3, 2, 2, 1, 1].flatMap((times) => [...fine(times), FAILS]),
			25,
		],
		[
			'which Continue by the error output',
			{ onError: 'continueErrorOutput' },
			[...fine(9), { ...FAILS, times: 5 }],
			25,
		],
		[
			'which Stop the workflow',
			{ onError: 'stopWorkflow' },
			[...fine(5), { ...FAILS, times: 5 }],
			25,
		],
	])(
		'asks for 5 images that failed once more, and takes the other 15 over: items %s',
		async (_, node, faults, requests) => {
			simulator.api.misbehave(...faults);
			const result = await execute(workflow(parameters(), node), items(20));
			expect(result.run.status).toBe('success');
			const made = result.items('GPT Image');
			expect(failed(made)).toEqual([]);
			expect(made.map(({ pairedItem }) => pairedItem)).toEqual(
				items(20).map((__, item) => ({ item })),
			);
			expect(simulator.api.requests).toHaveLength(requests);
			const drawn = new Map(simulator.api.images.map(({ prompt, sha256: hash }) => [prompt, hash]));
			expect(await bytesOf(made)).toEqual(items(20).map((__, index) => drawn.get(`Fox ${index}`)));
			expect(simulator.api.images).toHaveLength(20);
		},
	);

	it('says of an image that an earlier try made it, and what it cost then', async () => {
		simulator.api.misbehave(...fine(1), FAILS);
		const given = parameters({ requestsInParallel: 1 }, { quality: 'low', size: '1024x1024' });
		const result = await execute(workflow(given), items(2));
		const [first, second] = result.items('GPT Image').map(({ json }) => json);
		expect(first).toEqual({ ...first, fromEarlierTry: true, cost: second?.cost });
		expect(first?.requestId).toBe(simulator.api.requests[0]?.requestId);
		expect(second).not.toHaveProperty('fromEarlierTry');
	});

	it('uploads an image once that is kept at OpenAI, in whichever try', async () => {
		const given = parameters({ keepAtOpenAi: 1, requestsInParallel: 1 });
		const refused: Fault = { on: 'files', status: 400, body: { error: { message: 'No' } } };
		simulator.api.misbehave(...fine(2), FAILS, refused);
		const result = await execute(workflow(given, { onError: 'continueRegularOutput' }), items(3));
		const made = result.items('GPT Image');
		expect(made.map(({ json }) => typeof json.fileId)).toEqual(['string', 'string', 'string']);
		expect(simulator.api.stats()).toMatchObject({ filesUploaded: 3, imagesPaid: 3 });
	});

	it('takes over single calls of an item, whichever of them failed', async () => {
		simulator.api.misbehave(...fine(1), FAILS);
		const given = parameters({ requestsInParallel: 1, imagesPerRequest: 2 }, { n: 7 });
		const result = await execute(workflow(given), items(1));
		expect(simulator.api.requests.map(({ json }) => fieldOf(json, 'n') ?? 1)).toEqual([
			2, 2, 2, 2, 1,
		]);
		expect(result.items('GPT Image').map(({ json }) => json.fileName)).toEqual(
			[1, 2, 3, 4, 5, 6, 7].map((number) => named('fox-0', `_${number}.png`)),
		);
	});

	it('asks only for the images of a call that are missing', async () => {
		// Three of four images have 4,000 characters of base64 each.
		simulator.api.misbehave({ resetAfterBytes: 12_800 });
		const result = await execute(workflow(parameters({}, { n: 4 })), items(1));
		expect(simulator.api.requests.map(({ json }) => fieldOf(json, 'n') ?? 1)).toEqual([4, 1]);
		const made = result.items('GPT Image');
		expect(made.map(({ json }) => [json.index, json.fileName, json.imagesInRequest])).toEqual([
			[0, named('fox-0', '_1.png'), 3],
			[1, named('fox-0', '_2.png'), 3],
			[2, named('fox-0', '_3.png'), 3],
			[3, named('fox-0', '_4.png'), 1],
		]);
		expect(new Set(made.map(({ binary }) => binary?.data?.id)).size).toBe(4);
	});

	it('loses no image of an item when the rest of it fails for good', async () => {
		simulator.api.misbehave(...fine(1), { ...FAILS, times: Infinity });
		const given = parameters({ requestsInParallel: 1, imagesPerRequest: 1 }, { n: 3 });
		const node: Partial<INode> = { onError: 'continueRegularOutput', maxTries: 4 };
		const result = await execute(workflow(given, node), items(1));
		const made = result.items('GPT Image');
		expect(made.map(({ binary }) => binary !== undefined)).toEqual([true, false]);
		expect(failed(made)).toHaveLength(1);
		expect(simulator.api.requests).toHaveLength(5);
	});

	it('makes new images in the next round of a loop', async () => {
		let rounds = 0;
		const loop = nodeType('again', {
			version: 1,
			outputs: ['main'],
			execute: async function () {
				rounds += 1;
				return rounds < 3 ? [items(2)] : [[]];
			},
		});
		const behind: INode = {
			id: 'again',
			name: 'Again',
			type: 'test.again',
			typeVersion: 1,
			position: [400, 0],
			parameters: {},
		};
		simulator.api.misbehave(...fine(1), FAILS);
		const file = workflow(parameters({ requestsInParallel: 1 }), {}, behind);
		const result = await execute(file, items(2), { 'test.again': loop });
		expect(result.run.data.resultData.runData['GPT Image']).toHaveLength(3);
		expect(prompts()).toEqual([
			'Fox 0',
			'Fox 1',
			...Array.from({ length: 5 }, (_, at) => `Fox ${(at + 1) % 2}`),
		]);
	});

	it('shares nothing between executions, nor between nodes', async () => {
		simulator.api.misbehave(...fine(1), { ...FAILS, times: 2 }, ...fine(1), FAILS);
		const file = workflow(parameters({ requestsInParallel: 1 }), { maxTries: 2 });
		expect((await execute(file, items(2))).run.status).toBe('error');
		expect((await execute(file, items(2))).run.status).toBe('success');
		expect(prompts()).toEqual(['Fox 0', 'Fox 1', 'Fox 1', 'Fox 0', 'Fox 1', 'Fox 1']);
	});

	it.each<[string, INodeParameters]>([
		['prompt', { prompt: '=Fox {{ $json.index }} {{ Math.random() }}' }],
		[
			'size',
			{
				size: '={{ $json.index === 0 && Math.random() < 0 ? "auto" : "custom" }}',
				width: '={{ 1024 + 16 * Math.floor(60 * Math.random()) }}',
				height: 1024,
			},
		],
	])('takes nothing over when the %s is another in the next try', async (_, more) => {
		simulator.api.misbehave(...fine(1), FAILS);
		await execute(workflow(parameters({ requestsInParallel: 1 }, more)), items(2));
		expect(simulator.api.requests).toHaveLength(4);
	});

	it('takes over edits of the same files', async () => {
		simulator.api.misbehave(...fine(1), FAILS);
		const binary = await storeFiles({ data: await picture('png'), mask: await picture('png') });
		const more = { operation: 'edit', images: imagesFrom('data') };
		const given = parameters({ requestsInParallel: 1 }, more);
		const result = await execute(
			workflow(given),
			items(2).map((item) => ({ ...item, binary: { ...binary } })),
		);
		expect(result.run.status).toBe('success');
		expect(simulator.api.requests).toHaveLength(3);
	});

	it('goes on with a series from the images of the earlier try', async () => {
		simulator.api.misbehave(...fine(2), FAILS);
		const given = parameters({ consistency: 'both' }, {});
		const result = await execute(workflow(given), items(4));
		expect(simulator.api.requests).toHaveLength(5);
		expect(result.items('GPT Image').map(({ json }) => json.references)).toEqual([
			undefined,
			[{ item: 0, fileName: named('fox-0') }],
			[
				{ item: 0, fileName: named('fox-0') },
				{ item: 1, fileName: named('fox-1') },
			],
			[
				{ item: 0, fileName: named('fox-0') },
				{ item: 2, fileName: named('fox-2') },
			],
		]);
	});

	it('counts what the earlier tries cost against Maximum Cost per Run', async () => {
		simulator.api.misbehave(...fine(2), FAILS);
		const more = { quality: 'medium', size: '1024x1024' };
		const given = parameters({ requestsInParallel: 1, maxCost: 0.17 }, more);
		const result = await execute(workflow(given, { onError: 'continueRegularOutput' }), items(5));
		const made = result.items('GPT Image');
		expect(made.map(({ binary }) => binary !== undefined)).toEqual([
			true,
			true,
			false,
			true,
			false,
		]);
		expect(simulator.api.images).toHaveLength(3);
	});

	it('remembers nothing without it, nor of images that n8n keeps in memory', async () => {
		const parallel = parameters({ requestsInParallel: 1 });
		simulator.api.misbehave(...fine(1), FAILS);
		expect((await execute(workflow(parallel, { retryOnFail: false }), items(2))).run.status).toBe(
			'error',
		);
		expect(simulator.api.requests).toHaveLength(2);
		simulator.api.reset();
		await useBinaryMode('memory');
		simulator.api.misbehave(...fine(1), FAILS);
		await execute(workflow(parallel), items(2));
		await useBinaryMode('filesystem');
		expect(simulator.api.requests).toHaveLength(4);
	});

	it('does not have refused prompts tried again when the node continues', async () => {
		simulator.api.misbehave(...fine(1), { code: 'moderation_blocked' });
		const given = parameters({ requestsInParallel: 1 });
		const result = await execute(workflow(given, { onError: 'continueRegularOutput' }), items(3));
		expect(failed(result.items('GPT Image'))).toHaveLength(1);
		expect(simulator.api.requests).toHaveLength(3);
	});

	it('makes each image once, whatever fails', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.record({
					count: fc.integer({ min: 1, max: 6 }),
					n: fc.integer({ min: 1, max: 5 }),
					imagesPerRequest: fc.integer({ min: 1, max: 3 }),
					requestsInParallel: fc.integer({ min: 1, max: 4 }),
					gaps: fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 4 }),
					onError: fc.constantFrom<INode['onError'][]>(
						'stopWorkflow',
						'continueRegularOutput',
						'continueErrorOutput',
					),
				}),
				async ({ count, n, gaps, onError, ...options }) => {
					simulator.api.reset();
					simulator.api.misbehave(...gaps.flatMap((times) => [...fine(times), FAILS]));
					const file = workflow(parameters(options, { n }), { onError, maxTries: 5 });
					const result = await execute(file, items(count));
					const made = result.items('GPT Image');
					expect(failed(made)).toEqual([]);
					expect(made.map(({ json }) => json.index)).toEqual(
						items(count).flatMap(() => Array.from({ length: n }, (_, index) => index)),
					);
					expect(simulator.api.images).toHaveLength(count * n);
					const calls = count * Math.ceil(n / options.imagesPerRequest);
					expect(simulator.api.requests.length - calls).toBeLessThanOrEqual(gaps.length);
				},
			),
			{ numRuns: 25 },
		);
	});
});
