import OpenAI, { toFile } from 'openai';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';
import { readBinary, storeBinary } from '../harness';
import { maskFrom, maskOf, modelById } from '../support/parameters';
import { maskPicture, noisePicture, picture, sha256, storeFiles } from '../support/pictures';
import { useSimulator } from '../support/simulator';

const simulator = useSimulator();

const edit = async (
	image: INodeParameters[],
	items: INodeExecutionData[] = [{ json: {} }],
	options: INodeParameters = {},
	more: INodeParameters = {},
) =>
	await simulator.run({
		parameters: { operation: 'edit', prompt: 'a blue fox', images: { image }, options, ...more },
		items,
	});

const sdk = () =>
	new OpenAI({ apiKey: simulator.api.apiKey, baseURL: simulator.api.url, maxRetries: 0 });

const file = (
	field: string,
	{ fileName, bytes, mimeType }: Awaited<ReturnType<typeof picture>>,
) => ({
	field,
	filename: fileName,
	contentType: mimeType,
	sha256: sha256(bytes),
});

const received = () =>
	simulator.api.requests[0]?.files.map(({ field, filename, contentType, bytes }) => ({
		field,
		filename,
		contentType,
		sha256: sha256(bytes),
	}));

describe('images from binary fields', () => {
	it('come from several rows, several names in a row, and all fields, in the order of the panel', async () => {
		const [a, b, c] = [await picture('png'), await picture('jpeg'), await picture('webp')];
		const mask = await maskPicture();
		const binary = await storeFiles({ a, b, c, mask });
		await edit(
			[
				{ source: 'binary', binaryPropertyName: 'c' },
				{ source: 'binary', binaryPropertyName: ' b , a ' },
				{ source: 'allBinary' },
			],
			[{ json: {}, binary }],
			{ mask: maskFrom('mask') },
		);
		expect(received()).toEqual([
			...[c, b, a].map((one) => file('image[]', one)),
			file('mask', mask),
		]);
	});

	it('come from another node by an expression that finds a binary object', async () => {
		const photo = await picture('png');
		const binary = await storeFiles({ photo });
		await edit(
			[{ source: 'binary', binaryPropertyName: '={{ $binary.photo }}' }],
			[{ json: {}, binary }],
		);
		expect(received()).toEqual([file('image', photo)]);
	});

	it("come from the JSON when n8n's combined binary mode has moved them there", async () => {
		const photo = await picture('png');
		const { data } = await storeFiles({ data: photo });
		await simulator.run({
			parameters: { operation: 'edit', prompt: 'a blue fox' },
			items: [{ json: { _files: { data } } }],
			settings: { binaryMode: 'combined' },
		});
		expect(received()).toEqual([file('image', photo)]);
	});

	it('of all items become the references of one edit', async () => {
		const pictures = await Promise.all(
			['red', 'green', 'blue'].map((colour) => picture('png', { colour })),
		);
		const items = await Promise.all(
			pictures.map(async (data) => ({ json: {}, binary: await storeFiles({ data }) })),
		);
		const { items: made } = await edit([{ source: 'allItems', binaryPropertyName: 'data' }], items);
		expect(received()).toEqual(pictures.map((one) => file('image[]', one)));
		expect(simulator.api.requests).toHaveLength(1);
		expect(made.map(({ pairedItem }) => pairedItem)).toEqual([
			[{ item: 0 }, { item: 1 }, { item: 2 }],
		]);
	});
});

describe('images from base64', () => {
	it.each([
		['base64 text', (text: string) => text],
		['a data URL', (text: string) => `data:image/png;base64,${text}`],
		['text with line breaks', (text: string) => text.replace(/.{76}/g, '$&\n')],
	])('are sent as files: %s', async (_, write) => {
		const photo = await picture('png');
		const base64 = '={{ $json.image }}';
		const json = { image: write(photo.bytes.toString('base64')) };
		await edit([{ source: 'base64', base64 }], [{ json }]);
		expect(received()).toEqual([file('image', { ...photo, fileName: 'image.png' })]);
	});

	it('that are none are refused', async () => {
		await expect(edit([{ source: 'base64', base64: 'not base64!' }])).rejects.toThrow(
			'Base64 is not base64 text [item 1]',
		);
	});
});

describe('images the API fetches', () => {
	it('are sent as JSON, binaries beside them as data URLs', async () => {
		const photo = await picture('webp');
		const mask = await maskPicture({ width: 1024, height: 1024 });
		await edit(
			[
				{ source: 'url', url: 'https://example.com/a.png' },
				{ source: 'binary', binaryPropertyName: 'data' },
				{ source: 'fileId', fileId: 'file-AbC123' },
			],
			[{ json: {}, binary: await storeFiles({ data: photo, mask }) }],
			{ mask: maskFrom('mask') },
			{ quality: 'low', n: 2 },
		);
		expect(simulator.api.requests.map(({ path, json }) => ({ path, json }))).toEqual([
			{
				path: '/v1/images/edits',
				json: {
					model: 'gpt-image-2',
					prompt: 'a blue fox',
					quality: 'low',
					n: 2,
					images: [
						{ image_url: 'https://example.com/a.png' },
						{ image_url: `data:image/webp;base64,${photo.bytes.toString('base64')}` },
						{ file_id: 'file-AbC123' },
					],
					mask: { image_url: `data:image/png;base64,${mask.bytes.toString('base64')}` },
				},
			},
		]);
	});

	it('are not needed to send JSON to a gateway', async () => {
		const photo = await picture('jpeg');
		await edit(
			[{ source: 'binary', binaryPropertyName: 'data' }],
			[{ json: {}, binary: await storeFiles({ data: photo }) }],
			{
				sendAsJson: true,
			},
		);
		expect(simulator.api.requests[0]?.json).toEqual({
			model: 'gpt-image-2',
			prompt: 'a blue fox',
			images: [{ image_url: `data:image/jpeg;base64,${photo.bytes.toString('base64')}` }],
		});
	});

	it.each([
		[{ source: 'url', url: 'ftp://example.com/a.png' }, 'Image URL is not a web address [item 1]'],
		[{ source: 'url', url: '' }, 'Image URL is empty [item 1]'],
		[{ source: 'fileId', fileId: '../secret' }, 'File ID is not the id of a file [item 1]'],
	])('are refused when %j', async (row, message) => {
		await expect(edit([row])).rejects.toThrow(message);
		expect(simulator.api.requests).toEqual([]);
	});

	it('leave no room for a file that is too large for JSON', async () => {
		const photo = await noisePicture(2600, 2600);
		expect(photo.bytes.length).toBeGreaterThan(15_728_640);
		const run = edit(
			[
				{ source: 'url', url: 'https://example.com/a.png' },
				{ source: 'binary', binaryPropertyName: 'data' },
			],
			[{ json: {}, binary: await storeFiles({ data: photo }) }],
		);
		await expect(run).rejects.toThrow(
			/^The image noise.png has \d+ bytes, too many for a JSON request/,
		);
		expect(simulator.api.requests).toEqual([]);
	});

	it('do not go with a markup', async () => {
		const markup = await maskPicture();
		const run = edit(
			[{ source: 'url', url: 'https://example.com/a.png' }],
			[{ json: {}, binary: await storeFiles({ markup }) }],
			{ markupBinaryPropertyName: 'markup' },
			{ model: modelById('gpt-image-2.6-flare') },
		);
		await expect(run).rejects.toThrow('A markup does not go with image URLs');
	});
});

describe('mask and markup', () => {
	it('are sent as the official SDK sends them', async () => {
		const [photo, overlay] = [await picture('png'), await maskPicture()];
		const binary = await storeFiles({ data: photo, overlay });
		const upload = async ({ bytes, fileName, mimeType }: typeof photo) =>
			await toFile(bytes, fileName, { type: mimeType });
		for (const name of ['mask', 'markup'] as const) {
			simulator.api.reset();
			const options =
				name === 'mask' ? { mask: maskFrom('overlay') } : { markupBinaryPropertyName: 'overlay' };
			const model = 'gpt-image-2.6-flare';
			await edit(
				[{ source: 'binary', binaryPropertyName: 'data' }],
				[{ json: {}, binary }],
				options,
				{
					model: modelById(model),
				},
			);
			await sdk().images.edit({
				model,
				prompt: 'a blue fox',
				image: await upload(photo),
				[name]: await upload(overlay),
			});
			const [node, official] = simulator.api.requests;
			expect(node?.fields).toEqual(official?.fields);
			expect(node?.files.map(({ field, sha256: sum }) => [field, sum])).toEqual(
				official?.files.map(({ field, sha256: sum }) => [field, sum]),
			);
		}
	});

	it('drawn by the node changes the picture inside the shape and nowhere else', async () => {
		const photo = await picture('png', { width: 1024, height: 1024 });
		const { items } = await edit(
			[{ source: 'binary', binaryPropertyName: 'data' }],
			[{ json: {}, binary: await storeFiles({ data: photo }) }],
			{
				mask: maskOf({
					kind: 'rectangle',
					unit: 'percent',
					x: 50,
					y: 50,
					width: 50,
					height: 50,
				}),
			},
			{ size: '1024x1024' },
		);
		const made = items[0]?.binary?.data;
		const pixels = await sharp(made && (await readBinary(made)))
			.removeAlpha()
			.raw()
			.toBuffer();
		const at = (data: Buffer, x: number, y: number) => [
			...data.subarray((y * 1024 + x) * 3, (y * 1024 + x) * 3 + 3),
		];
		const original = await sharp(photo.bytes).removeAlpha().raw().toBuffer();
		expect(at(pixels, 10, 10)).toEqual(at(original, 10, 10));
		expect(at(pixels, 511, 511)).toEqual(at(original, 511, 511));
		const changed = [
			[600, 600],
			[700, 800],
			[1000, 1000],
		].filter(([x = 0, y = 0]) => at(pixels, x, y).join() !== at(original, x, y).join());
		expect(changed.length).toBeGreaterThan(0);
	});

	it.each<[string, INodeParameters, INodeParameters[], string]>([
		[
			'without a shape',
			{ mask: maskOf() },
			[{ source: 'binary', binaryPropertyName: 'data' }],
			'Mask Area has no shape [item 1]',
		],
		[
			'with one shape twice',
			{ mask: maskOf({ x: 1 }, { x: 1 }) },
			[{ source: 'binary', binaryPropertyName: 'data' }],
			'Mask Area has the same shape twice [item 1]',
		],
		[
			'without a width',
			{ mask: maskOf({ width: 0 }) },
			[{ source: 'binary', binaryPropertyName: 'data' }],
			'Width under Mask Area is 0 [item 1]',
		],
		[
			'for an image of unknown size',
			{ mask: maskOf({ width: 9 }) },
			[{ source: 'url', url: 'https://example.com/a.png' }],
			'Mask Area needs to know how large the first image is [item 1]',
		],
	])('are refused %s', async (_, options, image, message) => {
		const binary = await storeFiles({ data: await picture('png'), mask: await maskPicture() });
		await expect(edit(image, [{ json: {}, binary }], options)).rejects.toThrow(message);
		expect(simulator.api.requests).toEqual([]);
	});

	it('of a photo on its side have the size that is shown', async () => {
		const bytes = await sharp({ create: { width: 80, height: 40, channels: 3, background: 'red' } })
			.jpeg()
			.withMetadata({ orientation: 6 })
			.toBuffer();
		const data = await storeBinary(bytes, 'photo.jpg', 'image/jpeg');
		await edit(
			[{ source: 'binary', binaryPropertyName: 'data' }],
			[{ json: {}, binary: { data } }],
			{
				mask: maskOf({}),
			},
		);
		const mask = simulator.api.requests[0]?.files[1];
		expect(await sharp(mask?.bytes).metadata()).toMatchObject({
			width: 40,
			height: 80,
			format: 'png',
			hasAlpha: true,
		});
	});
});
