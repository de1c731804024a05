import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { onDay } from '../support/date';
import { imagesFrom, maskFrom, membersOf } from '../support/parameters';
import { maskPicture, picture, sha256, storeFiles } from '../support/pictures';
import { useSimulator } from '../support/simulator';
import { named } from '../support/fileNames';

onDay('2026-11-22');
const simulator = useSimulator();

const items = (count: number) =>
	Array.from({ length: count }, (_, index): INodeExecutionData => ({ json: { slide: index + 1 } }));

async function generate(
	consistency: string,
	{ count = 4, options = {}, ...parameters }: INodeParameters & { count?: number } = {},
) {
	return await simulator.run({
		parameters: {
			prompt: '=Slide {{ $json.slide }}',
			...parameters,
			options: { consistency, fileName: '=slide-{{ $json.slide }}', ...Object(options) },
		},
		items: items(count),
		node: { onError: 'continueRegularOutput' },
	});
}

/** Each request: its address, its prompt, and which drawn images went along. */
const seen = () =>
	simulator.api.requests.map(({ path, json, fields, files }) => ({
		path,
		prompt: membersOf(json ?? fields).prompt,
		images: files.map(({ field, bytes }) => [
			field,
			simulator.api.images.findIndex((image) => image.sha256 === sha256(bytes)),
		]),
	}));

const generated = (prompt: string) => ({ path: '/v1/images/generations', prompt, images: [] });
const edited = (prompt: string, ...images: number[]) => ({
	path: '/v1/images/edits',
	prompt,
	images: images.map((image) => [images.length > 1 ? 'image[]' : 'image', image]),
});
const references = (made: INodeExecutionData[]) => made.map(({ json }) => json.references);
const of = (...slides: number[]) =>
	slides.map((slide) => ({ item: slide - 1, fileName: `slide-${slide}.png` }));

describe('Keep Consistent Across Items', () => {
	it('gives each item the image of the one before', async () => {
		const made = await generate('previous');
		expect(seen()).toEqual([
			generated('Slide 1'),
			edited('Slide 2', 0),
			edited('Slide 3', 1),
			edited('Slide 4', 2),
		]);
		expect(references(made.items)).toEqual([undefined, of(1), of(2), of(3)]);
		expect(made.items.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
			{ item: 3 },
		]);
		expect(simulator.api.stats().maxConcurrent).toBe(1);
	});

	it('gives each item the first image', async () => {
		const made = await generate('first');
		expect(seen().slice(1)).toEqual([
			edited('Slide 2', 0),
			edited('Slide 3', 0),
			edited('Slide 4', 0),
		]);
		expect(references(made.items)).toEqual([undefined, of(1), of(1), of(1)]);
	});

	it('gives each item both, once', async () => {
		const made = await generate('both');
		expect(seen().slice(1)).toEqual([
			edited('Slide 2', 0),
			edited('Slide 3', 0, 1),
			edited('Slide 4', 0, 2),
		]);
		expect(references(made.items)).toEqual([undefined, of(1), of(1, 2), of(1, 3)]);
	});

	it('passes over an item that failed', async () => {
		simulator.api.misbehave({}, { code: 'moderation_blocked' });
		const made = await generate('previous', { count: 3 });
		expect(seen().slice(1)).toEqual([edited('Slide 2', 0), edited('Slide 3', 0)]);
		expect(references(made.items)).toEqual([undefined, undefined, of(1)]);
	});

	it('begins anew when the first item failed', async () => {
		simulator.api.misbehave({ code: 'moderation_blocked' });
		await generate('both', { count: 3 });
		expect(seen()).toEqual([generated('Slide 1'), generated('Slide 2'), edited('Slide 3', 0)]);
	});

	it('gives all requests of an item the same references', async () => {
		await generate('previous', { count: 2, n: 2, options: { imagesPerRequest: 1 } });
		expect(seen()).toEqual([
			generated('Slide 1'),
			generated('Slide 1'),
			edited('Slide 2', 0),
			edited('Slide 2', 0),
		]);
	});

	it('in Edit puts the references behind the images of the item, before the mask', async () => {
		const made = await Promise.all(
			['red', 'blue'].map(async (colour) => ({
				json: {},
				binary: await storeFiles({
					data: await picture('png', { colour }),
					hole: await maskPicture(),
				}),
			})),
		);
		await simulator.run({
			parameters: {
				operation: 'edit',
				prompt: 'In a meadow',
				images: imagesFrom('data'),
				options: { consistency: 'first', mask: maskFrom('hole') },
			},
			items: made,
		});
		const [first, second] = simulator.api.requests;
		expect(first?.files.map(({ field }) => field)).toEqual(['image', 'mask']);
		expect(second?.files.map(({ field }) => field)).toEqual(['image[]', 'image[]', 'mask']);
		expect(second?.files[1]).toMatchObject({
			sha256: simulator.api.images[0]?.sha256,
			filename: named('in-a-meadow'),
			contentType: 'image/png',
		});
	});

	it('works with images that go as JSON', async () => {
		const binary = await storeFiles({ data: await picture('png') });
		await simulator.run({
			parameters: {
				operation: 'edit',
				prompt: 'In a meadow',
				images: imagesFrom('data'),
				options: { consistency: 'previous', sendAsJson: true },
			},
			items: [
				{ json: {}, binary },
				{ json: {}, binary },
			],
		});
		const drawn = simulator.api.images[0]?.bytes?.toString('base64');
		expect(membersOf(simulator.api.requests[1]?.json).images).toEqual([
			{ image_url: expect.stringMatching(/^data:image\/png;base64,/) },
			{ image_url: `data:image/png;base64,${drawn}` },
		]);
	});

	it('is refused before paying where the images cannot be references', async () => {
		const { items: made } = await simulator.run({
			parameters: {
				prompt: 'A fox',
				model: { __rl: true, mode: 'id', value: 'gpt-image-2.6-flare' },
				options: { consistency: 'first', outputFormat: 'svg' },
			},
			node: { onError: 'continueRegularOutput' },
		});
		expect(made[0]?.json.error).toBe(
			'Keep Consistent Across Items does not go with Output Format GIF or SVG [item 1]',
		);
		expect(simulator.api.requests).toEqual([]);
	});

	it('says when there are too many images', async () => {
		const names = Array.from({ length: 16 }, (_, index) => `image${index}`);
		const image = await picture('png');
		const binary = await storeFiles(Object.fromEntries(names.map((name) => [name, image])));
		const { items: made } = await simulator.run({
			parameters: {
				operation: 'edit',
				prompt: 'Together',
				images: imagesFrom(...names),
				options: { consistency: 'first' },
			},
			items: [
				{ json: {}, binary },
				{ json: {}, binary },
			],
			node: { onError: 'continueRegularOutput' },
		});
		expect(made[0]?.json).not.toHaveProperty('error');
		expect(made[1]?.json.error).toBe(
			'Images has 16 images, and Keep Consistent Across Items adds 1 [item 2]',
		);
		expect(simulator.api.requests).toHaveLength(1);
	});

	it('says so before the first image is paid for, when the node is set to stop on errors', async () => {
		const names = Array.from({ length: 15 }, (_, index) => `image${index}`);
		const image = await picture('png');
		const binary = await storeFiles(Object.fromEntries(names.map((name) => [name, image])));
		const parameters = {
			operation: 'edit',
			prompt: 'Together',
			images: imagesFrom(...names),
			options: { consistency: 'both' },
		};
		const three = [0, 1, 2].map(() => ({ json: {}, binary }));
		await expect(simulator.run({ parameters, items: three })).rejects.toThrow(
			'Images has 15 images, and Keep Consistent Across Items adds 2 [item 3]',
		);
		expect(simulator.api.requests).toEqual([]);
	});

	it('refuses a choice that is none', async () => {
		const { items: made } = await generate('next', { count: 1 });
		expect(made[0]?.json.error).toBe('Keep Consistent Across Items is "next" [item 1]');
	});

	it('goes well with a budget, which counts the references', async () => {
		const options = {
			maxCost: 0.03,
			prices: { usd: { textInput: 0, imageInput: 10, imageOutput: 10 } },
		};
		const { items: made } = await generate('first', {
			size: '1024x1024',
			quality: 'low',
			options,
		});
		// 196 tokens, then 196 and 1,024 of the reference: 0.00196, 0.0122, 0.0122, and 0.0122 is too much.
		expect(made.map(({ json }) => json.cost)).toEqual([0.00196, 0.0122, 0.0122, undefined]);
	});
});
