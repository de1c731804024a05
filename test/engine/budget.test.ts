import type { IDataObject, INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { readBinary, runWorkflow } from '../harness';
import { gate, turns, until } from '../support/events';
import { withErrorOutput } from '../support/errorOutput';
import { imagesFrom, membersOf, modelById } from '../support/parameters';
import { picture, sha256, storeFiles } from '../support/pictures';
import { useSimulator } from '../support/simulator';

const simulator = useSimulator({ draw: 'noise', imageBytes: 6000 });

const PROMPT = 'A red fox in the snow';

/** 1,756 tokens at $30 per million, and the six of the prompt at $5; the estimate counts seven. */
const EACH = 0.05271;
const ESTIMATE = 0.052715;

const NO_TOKENS = {
	input_tokens: 0,
	input_tokens_details: { text_tokens: 0, image_tokens: 0 },
	output_tokens: 0,
};

const many = (count: number, json: (index: number) => IDataObject = () => ({})) =>
	Array.from({ length: count }, (_, index): INodeExecutionData => ({ json: json(index) }));

interface Wish {
	items?: INodeExecutionData[];
	parameters?: INodeParameters;
	node?: Partial<INode>;
}

async function generate(options: INodeParameters, { items, parameters, node }: Wish = {}) {
	return await simulator.run({
		parameters: { prompt: PROMPT, size: '1024x1024', quality: 'medium', ...parameters, options },
		items: items ?? many(50),
		node: node ?? { onError: 'continueRegularOutput' },
	});
}

const images = (items: INodeExecutionData[]) => items.filter(({ binary }) => binary);
const refused = (items: INodeExecutionData[]) => items.filter(({ binary }) => !binary);
const spent = (items: INodeExecutionData[]) =>
	images(items).reduce((dollars, { json }) => dollars + Number(json.cost), 0);

const budgetReached = (estimatedCost: number, spentUsd: unknown, limit: number, item: number) => ({
	json: {
		error: expect.stringMatching(new RegExp(` \\[item ${item + 1}\\]$`)),
		details: {
			kind: 'budget',
			code: 'budget_reached',
			reason: expect.stringMatching(/^The request would cost about \$0\.052\d+; \$/),
			estimatedCost,
			spent: spentUsd,
			limit,
			retryable: true,
			description: expect.any(String),
		},
	},
	pairedItem: { item },
});

describe('Maximum Cost per Run', () => {
	it.each([1, 5, 10])(
		'for 20 of 50 images, with %i requests in parallel, keeps 20 images and refuses the other 30',
		async (requestsInParallel) => {
			const maxCost = 20 * ESTIMATE;
			const { items } = await generate({ maxCost, requestsInParallel });
			expect(images(items)).toHaveLength(20);
			expect(items.slice(0, 20)).toEqual(images(items));
			const kept = await Promise.all(
				images(items).map(async ({ binary }) => binary?.data && (await readBinary(binary.data))),
			);
			const hashes = kept.map((bytes) => bytes && sha256(bytes));
			expect(hashes.sort()).toEqual(simulator.api.images.map((image) => image.sha256).sort());
			expect(simulator.api.requests).toHaveLength(20);
			expect(spent(items)).toBeLessThanOrEqual(maxCost);
			expect(refused(items)).toEqual(
				Array.from({ length: 30 }, (_, index) =>
					budgetReached(ESTIMATE, 1.0542, maxCost, 20 + index),
				),
			);
		},
	);

	it('sends the refused items to the error output', async () => {
		const options = { maxCost: 0.13 };
		const parameters = { prompt: PROMPT, size: '1024x1024', quality: 'medium', options };
		const { items } = await runWorkflow(withErrorOutput(parameters), {
			credentials: simulator.credentials(),
			items: many(3, (id) => ({ id })),
		});
		expect(images(items('GPT Image', 0))).toHaveLength(2);
		expect(items('GPT Image', 1)).toMatchObject([
			{ json: { id: 2, details: { code: 'budget_reached', estimatedCost: ESTIMATE } } },
		]);
	});

	it('loses no image when the node is set to stop on errors', async () => {
		const { items, hints } = await generate({ maxCost: 0.13 }, { items: many(3), node: {} });
		expect(images(items)).toHaveLength(2);
		expect(refused(items)).toEqual([budgetReached(ESTIMATE, 2 * EACH, 0.13, 2)]);
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^2 images, \$0\.11, .* 1 of 3 items failed\.$/),
			'Maximum Cost per Run is reached: 1 of 3 items not made, or not with all images.',
		]);
	});

	it('is an error when not even one image fits and the node is set to stop on errors', async () => {
		await expect(generate({ maxCost: 0.05 }, { node: {} })).rejects.toMatchObject({
			context: {
				itemIndex: 0,
				data: { kind: 'budget', estimatedCost: ESTIMATE, spent: 0, limit: 0.05 },
			},
		});
		expect(simulator.api.requests).toEqual([]);
	});

	it('lets a cheaper item through behind one that does not fit', async () => {
		const { items } = await generate(
			{ maxCost: 0.1, requestsInParallel: 3 },
			{
				items: many(3, (index) => ({ quality: index === 1 ? 'high' : 'low' })),
				parameters: { quality: '={{ $json.quality }}' },
			},
		);
		expect(items.map(({ binary }) => binary !== undefined)).toEqual([true, false, true]);
	});

	it('waits for what is under way to turn out cheaper before it refuses', async () => {
		// Auto is counted as High, $0.21; the simulator makes Medium of it, $0.053.
		const { items } = await generate(
			{ maxCost: 0.45, requestsInParallel: 10 },
			{ items: many(10), parameters: { quality: 'auto', size: 'auto' } },
		);
		expect(images(items)).toHaveLength(8);
		expect(spent(items)).toBeLessThanOrEqual(0.45);
	});

	it('sends one request ahead where nothing is published, and goes by what it cost', async () => {
		const model = modelById('gpt-image-2.6-flare');
		const first = await generate({}, { items: many(1), parameters: { model } });
		const each = spent(first.items);
		const asIs = simulator.api.requests.length;
		const { opened, open } = gate();
		simulator.api.misbehave({ until: opened });
		const running = generate(
			{ maxCost: 5.5 * each, requestsInParallel: 10 },
			{ items: many(10), parameters: { model } },
		);
		await until(() => simulator.api.stats().running === 1);
		await turns(50);
		expect(simulator.api.requests).toHaveLength(asIs + 1);
		open();
		const { items } = await running;
		expect(images(items)).toHaveLength(5);
		expect(refused(items)[0]?.json).toMatchObject({ details: { code: 'budget_reached' } });
	});

	it.each([
		['the API tells no usage', {}],
		['the API tells a usage of nothing', { usage: NO_TOKENS }],
	])('stops after three requests of unknown cost when %s', async (_, more) => {
		const b64_json = (await picture('png')).bytes.toString('base64');
		simulator.api.misbehave({
			status: 200,
			body: { data: [{ b64_json }], ...more },
			times: Infinity,
		});
		const { items } = await generate(
			{ maxCost: 10 },
			{ items: many(5), parameters: { model: modelById('gpt-image-2.6-flare') } },
		);
		const made = items.map(({ binary }) => binary !== undefined);
		expect(made).toEqual([true, true, true, false, false]);
		expect(items[3]?.json).toMatchObject({
			details: { kind: 'budget', spent: 0, limit: 10 },
		});
		expect(items[0]?.json).not.toHaveProperty('cost');
	});

	it('goes on after one lost answer of a model without figures', async () => {
		simulator.api.misbehave({ truncateAfterBytes: 100 });
		const { items } = await generate(
			{ maxCost: 5 },
			{ items: many(4), parameters: { model: modelById('gpt-image-2.6-flare') } },
		);
		expect(images(items)).toHaveLength(3);
	});

	it('books the estimate for each broken connection that was tried again', async () => {
		simulator.api.misbehave({ resetAfterBytes: 'headers', times: 2 });
		const { items } = await generate({ maxCost: 0.2, requestsInParallel: 1 }, { items: many(3) });
		expect(items.map(({ json }) => membersOf(json.details).spent)).toEqual([
			undefined,
			0.15814,
			0.15814,
		]);
	});

	it('learns what input images count as', async () => {
		const binary = await storeFiles({ data: await picture('png', { width: 32, height: 32 }) });
		const items = many(3).map((item) => ({ ...item, binary }));
		const b64_json = (await picture('png')).bytes.toString('base64');
		const details = { text_tokens: 6, image_tokens: 1000 };
		const usage = { input_tokens: 1006, input_tokens_details: details, output_tokens: 196 };
		simulator.api.misbehave({ status: 200, body: { data: [{ b64_json }], usage } });
		const parameters = { operation: 'edit', quality: 'low', images: imagesFrom('data') };
		const run = await generate({ maxCost: 0.02, requestsInParallel: 1 }, { items, parameters });
		// One token was expected, and a thousand came: 0.01391 for the first and for the second.
		expect(run.items.map(({ json }) => membersOf(json.details).estimatedCost)).toEqual([
			undefined,
			0.013915,
			0.013915,
		]);
	});

	it('books nothing for a refusal, and the estimate for an answer that got lost', async () => {
		simulator.api.misbehave({ code: 'moderation_blocked' }, { truncateAfterBytes: 500 });
		const { items } = await generate(
			{ maxCost: 0.13, requestsInParallel: 1, maxRetries: 0 },
			{ items: many(4) },
		);
		expect(items.map(({ json }) => membersOf(json.details).kind)).toEqual([
			'api',
			'interrupted',
			undefined,
			'budget',
		]);
	});

	it('takes the prices the user sets', async () => {
		const usd = { textInput: 0, imageInput: 0, imageOutput: 1000 };
		const { items } = await generate({ maxCost: 4, prices: { usd } }, { items: many(4) });
		expect(images(items)).toHaveLength(2);
	});

	it.each([
		['a model without prices', { model: modelById('my-model') }, {}, /needs prices.*my-model/],
		['a fallback without prices', {}, { fallbackModel: 'my-model' }, /needs prices.*my-model/],
		['a model that was shut down', { model: modelById('dall-e-2') }, {}, /was shut down/],
		['an SVG', { model: modelById('gpt-image-2.6-flare') }, { outputFormat: 'svg' }, /Format SVG/],
	])(
		'says that it cannot hold with %s, before anything is paid',
		async (_, parameters, more, message) => {
			const { items } = await generate({ maxCost: 1, ...more }, { items: many(1), parameters });
			expect(items[0]?.json.error).toMatch(message);
			expect(simulator.api.requests).toEqual([]);
		},
	);

	it('takes the prices of the fallback for a model that was shut down', async () => {
		const parameters = { model: modelById('dall-e-3') };
		const { items } = await generate(
			{ maxCost: 1, fallbackModel: 'gpt-image-2' },
			{ items: many(1), parameters },
		);
		expect(items[0]?.json).toMatchObject({ model: 'gpt-image-2', cost: EACH });
	});

	it('refuses a price whose expression finds nothing', async () => {
		const usd = { textInput: 5, imageInput: 8, imageOutput: '={{ $json.none }}' };
		const { items } = await generate({ maxCost: 1, prices: { usd } }, { items: many(1) });
		expect(items[0]?.json.error).toMatch(/^Image Output under Prices is empty/);
		expect(simulator.api.requests).toEqual([]);
	});

	it.each([[''], ['much'], [-1], ['={{ $json.none }}']])(
		'refuses the limit %j',
		async (maxCost) => {
			await expect(generate({ maxCost }, { items: many(1), node: {} })).rejects.toThrow(
				/^Maximum Cost per Run is /,
			);
			expect(simulator.api.requests).toEqual([]);
		},
	);
});
