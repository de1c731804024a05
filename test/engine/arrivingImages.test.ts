import type { INodeParameters } from 'n8n-workflow';
import { readBinary, runNode, storedFiles } from '../harness';
import { startRawServer } from '../support/rawServer';
import { asSaved, modelById } from '../support/parameters';
import { pictureFile } from '../support/madePictures';

/** What an image was answered with comes to. */
async function receive(images: Buffer[], options: INodeParameters = {}, n = images.length) {
	return (await run(images, options, n)).items;
}

async function run(images: Buffer[], options: INodeParameters, n: number) {
	const body = JSON.stringify({
		created: 1,
		data: images.map((image) => ({ b64_json: image.toString('base64') })),
	});
	const server = await startRawServer((socket) => {
		socket.end(
			`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
		);
	});
	try {
		return await runNode({
			credentials: { apiKey: 'sk-test', baseUrl: server.url },
			parameters: asSaved({
				prompt: 'a fox',
				model: modelById('gpt-image-2.6-flare'),
				n,
				options: { maxRetries: 0, ...options },
			}),
			node: { onError: 'continueRegularOutput' },
		});
	} finally {
		await server.close();
	}
}

const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
const XHTML = Buffer.from(
	'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
);

describe('an image of another kind than was asked for', () => {
	it.each(['png', 'jpeg', 'webp', 'gif'] as const)(
		'is handed on under its own type: a %s in place of the default',
		async (format) => {
			const image = await pictureFile(format);
			const [item] = await receive([image]);
			expect(item?.json.format).toBe(format);
			expect(item?.binary?.data).toMatchObject({
				mimeType: `image/${format}`,
				fileExtension: format === 'jpeg' ? 'jpg' : format,
			});
			expect(item?.binary?.data && (await readBinary(item.binary.data))).toEqual(image);
		},
	);

	it.each<[string, Buffer, INodeParameters]>([
		['an SVG for a PNG', SVG, {}],
		['an SVG for a WebP', SVG, { outputFormat: 'webp' }],
		[
			'an SVG behind a comment',
			Buffer.concat([Buffer.from(`<!-- ${'x'.repeat(5000)} -->`), SVG]),
			{},
		],
		['a page for a PNG', XHTML, {}],
		['a page for an SVG', XHTML, { outputFormat: 'svg' }],
		['a page for a format that is not known', XHTML, { outputFormat: '={{ "avif" }}' }],
		['text for a PNG', Buffer.from('no picture at all'), {}],
		['nothing', Buffer.alloc(0), {}],
	])('is not handed on when it is %s', async (_, image, options) => {
		const before = await storedFiles();
		const [item, ...others] = await receive([image], options);
		expect(others).toEqual([]);
		expect(item?.json.details).toMatchObject({ kind: 'answer' });
		expect(item?.binary).toBeUndefined();
		expect(await storedFiles()).toEqual(before);
	});

	it('is an SVG when an SVG was asked for', async () => {
		const [item] = await receive([SVG], { outputFormat: 'svg' });
		expect(item?.binary?.data?.mimeType).toBe('image/svg+xml');
	});

	it('is taken at its word when only the model knows the format', async () => {
		const [item] = await receive([Buffer.from('\0\0\0\x1cftypavif')], {
			outputFormat: '={{ "avif" }}',
		});
		expect(item?.binary?.data?.mimeType).toBe('image/avif');
	});
});

describe('an image that is not all there', () => {
	it.each<['png' | 'jpeg' | 'webp' | 'gif', number]>([
		['png', 12],
		['png', 1],
		['jpeg', 2],
		['jpeg', 900],
		['webp', 5],
		['gif', 1],
	])('is told: a %s without its last %i bytes', async (format, missing) => {
		const image = await pictureFile(format, { width: 300, height: 200 });
		const cut = image.subarray(0, -missing);
		const [item] = await receive([cut]);
		expect(item?.json.details).toMatchObject({
			kind: 'answer',
			reason: `The image is cut off after ${cut.length} bytes`,
		});
		expect(item?.binary).toBeUndefined();
	});

	it('does not take the others of its answer with it', async () => {
		const image = await pictureFile('png');
		const items = await receive([image.subarray(0, -12), image]);
		expect(items.map(({ json }) => json.error === undefined)).toEqual([true, false]);
		expect(items[0]?.binary?.data && (await readBinary(items[0].binary.data))).toEqual(image);
	});

	it('is told when base64 lost its + on the way', async () => {
		const image = await pictureFile('png', { width: 120, height: 120 });
		const damaged = Buffer.from(image.toString('base64').replaceAll('+', ''), 'base64');
		const [item] = await receive([damaged]);
		expect(item?.json.details).toMatchObject({ kind: 'answer' });
	});
});

describe('another number of images than was asked for', () => {
	it.each([
		[2, 1, 'The API made 2 images where 1 was asked for.'],
		[1, 2, 'The API made 1 image where 2 were asked for.'],
	])('is kept and told: %s for %s', async (made, asked, message) => {
		const images = await Promise.all(
			Array.from({ length: made }, async () => await pictureFile('png')),
		);
		const { items, hints } = await run(images, {}, asked);
		expect(items.map(({ binary }) => Object.keys(binary ?? {}))).toEqual(
			images.map(() => ['data']),
		);
		expect(hints).toContainEqual({ message, type: 'warning', location: 'outputPane' });
	});
});
