import sharp from 'sharp';
import type { INodeExecutionData, INodeParameters, WorkflowExecuteMode } from 'n8n-workflow';
import { isRecord } from '../../nodes/GptImage/values';
import { readBinary, type NodeRun } from '../harness';
import { packageName } from '../harness/package';
import { onDay } from '../support/date';
import { imagesFrom, modelById } from '../support/parameters';
import { picture, storeFiles } from '../support/pictures';
import { useSimulator } from '../support/simulator';
import { STOPPED } from '../support/words';

onDay('2026-11-22');
const simulator = useSimulator();

const PROMPT = 'A red fox in the snow';

/** Whatever is sent there fails. */
const NOWHERE = { apiKey: 'sk-none', baseUrl: 'http://127.0.0.1:9/v1' };

const byHand = async (
	parameters: INodeParameters,
	options: INodeParameters = {},
	wish: NodeRun = {},
) =>
	await simulator.run({
		parameters: { prompt: PROMPT, ...parameters, options: { placeholder: true, ...options } },
		credentials: NOWHERE,
		...wish,
	});

const files = (items: INodeExecutionData[]) =>
	items.flatMap(({ binary }) => Object.values(binary ?? {}));

/** Names of all members, and what kind of value each has. */
function shapeOf(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(shapeOf);
	if (!isRecord(value)) return typeof value;
	const extra = ['placeholder', 'estimatedCost', 'estimateBasis'];
	const members = Object.entries(value).filter(([name]) => !extra.includes(name));
	return Object.fromEntries(members.map(([name, member]) => [name, shapeOf(member)]).sort());
}

const edit = { operation: 'edit', images: imagesFrom('photo') };

describe('Placeholder in Manual Runs', () => {
	it.each<[string, INodeParameters, INodeParameters]>([
		['a generation', {}, {}],
		['an edit', edit, {}],
		['several images', { n: 3 }, {}],
		['several requests', { n: 3 }, { imagesPerRequest: 2 }],
		['all images in one item', { n: 2 }, { oneItem: true }],
		['a series', {}, { consistency: 'both' }],
		['a temporary link', {}, { temporaryLink: 5 }],
		['files kept at OpenAI', {}, { keepAtOpenAi: 1 }],
		['previews', {}, { partialImages: 2, keepPartialImages: true }],
		['fields of the input', {}, { includeOtherFields: true, includeInputBinary: true }],
	])('gives %s the items of a real run, and sends nothing', async (_, parameters, options) => {
		const binary = await storeFiles({ photo: await picture('png') });
		const items = [1, 2].map((id) => ({ json: { id }, binary: { ...binary } }));
		const size = { size: '1024x1024', quality: 'low' };
		const drawn = await byHand({ ...size, ...parameters }, options, { items });
		const real = await byHand({ ...size, ...parameters }, options, {
			items,
			mode: 'trigger',
			credentials: simulator.credentials(),
		});
		expect(drawn.items.map(({ json }) => shapeOf(json))).toEqual(
			real.items.map(({ json }) => shapeOf(json)),
		);
		expect(drawn.items.map(({ pairedItem }) => pairedItem)).toEqual(
			real.items.map(({ pairedItem }) => pairedItem),
		);
		const named = (made: INodeExecutionData[]) =>
			made.map((item) =>
				Object.entries(item.binary ?? {}).map(([field, { mimeType }]) => [field, mimeType]),
			);
		expect(named(drawn.items)).toEqual(named(real.items));
		expect(simulator.api.images.length).toBeGreaterThan(0);
	});

	it('tells what it is, and what a real one would cost', async () => {
		const parameters = { size: '1536x1024', quality: 'high', n: 2 };
		const { items, hints } = await byHand(parameters);
		const estimate = await byHand(parameters, { estimateOnly: true });
		expect(items[0]?.json).toMatchObject({
			placeholder: true,
			size: '1536x1024',
			quality: 'high',
			format: 'png',
			mimeType: 'image/png',
			cost: 0,
			costBasis: 'placeholder: nothing was sent',
			usage: { total_tokens: 0 },
			requestId: 'placeholder',
		});
		const all = items.reduce((sum, { json }) => sum + Number(json.estimatedCost), 0);
		expect(all).toBeCloseTo(Number(estimate.items[0]?.json.estimatedCost), 5);
		expect(all).toBeGreaterThan(0.1);
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^2 images, \$0\.00, /),
			expect.stringMatching(/^These are placeholders: .*Nothing was sent/),
		]);
	});

	it.each<[string, INodeParameters, number, number]>([
		['Auto', {}, 1024, 1024],
		['fixed', { size: '1024x1536' }, 1024, 1536],
		['Custom', { size: 'custom', width: 1280, height: 720 }, 1280, 720],
		[
			'of an unknown model',
			{ model: modelById('other'), size: 'custom', width: 7, height: 5 },
			7,
			5,
		],
	])('has the size that is asked for: %s', async (_, parameters, width, height) => {
		const { items } = await byHand(parameters);
		const [file] = files(items);
		const meta = file && (await sharp(await readBinary(file)).metadata());
		expect(meta).toMatchObject({ format: 'png', width, height });
		expect(items[0]?.json.size).toBe(`${width}x${height}`);
	});

	it.each(['jpeg', 'webp', 'svg', 'gif'])(
		'is a PNG where %s is asked for, and says so',
		async (outputFormat) => {
			const model = modelById(
				['svg', 'gif'].includes(outputFormat) ? 'gpt-image-2.5' : 'gpt-image-2',
			);
			const { items, hints } = await byHand({ model }, { outputFormat });
			expect(items[0]?.json).toMatchObject({
				format: 'png',
				fileName: expect.stringMatching(/\.png$/),
			});
			expect(hints.map(({ message }) => message)).toContainEqual(
				`The placeholders are PNG files, though Output Format is ${outputFormat.toUpperCase()}: a real run makes that.`,
			);
		},
	);

	it.each<WorkflowExecuteMode>([
		'trigger',
		'webhook',
		'integrated',
		'retry',
		'cli',
		'chat',
		'evaluation',
	])('does not keep a run in mode %s from being real', async (mode) => {
		const { items } = await byHand({}, {}, { mode, credentials: simulator.credentials() });
		expect(items[0]?.json).not.toHaveProperty('placeholder');
		expect(simulator.api.images).toHaveLength(1);
	});

	it.each<[string, INodeParameters, INodeParameters, string]>([
		['Prompt', { prompt: '' }, {}, 'Prompt is empty'],
		['Size', { size: 'custom', width: 1000, height: 1000 }, {}, 'Size 1000x1000'],
		['Images', edit, {}, 'photo'],
		['a budget', {}, { maxCost: 'x' }, 'Maximum Cost'],
		[
			'the size of a placeholder',
			{ model: modelById('other'), size: 'custom', width: 99_999, height: 9 },
			{},
			'99999x9',
		],
	])('checks %s as a real run does', async (_, parameters, options, message) => {
		await expect(byHand(parameters, options)).rejects.toThrow(message);
	});

	it('spends nothing of a budget', async () => {
		const items = Array.from({ length: 20 }, () => ({ json: {} }));
		const parameters = { size: '1024x1024', quality: 'high' };
		const result = await byHand(parameters, { maxCost: 0.3 }, { items });
		expect(files(result.items)).toHaveLength(20);
	});

	it('tells an agent that it is none', async () => {
		const { items } = await byHand(
			{},
			{ simplify: true },
			{ node: { type: `${packageName}.gptImageTool` } },
		);
		expect(items[0]?.json.result).toMatch(/^A placeholder for image 1 was generated/);
	});

	it('ends with the execution', async () => {
		const stop = new AbortController();
		stop.abort();
		await expect(byHand({}, {}, { signal: stop.signal })).rejects.toThrow(STOPPED);
	});
});
