import OpenAI, { toFile } from 'openai';
import sharp from 'sharp';

import { editCanvas, startSimulator, type Simulator } from './index';

const model = 'gpt-image-2.6-flare';

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
	simulator = await startSimulator();
	client = new OpenAI({ apiKey: simulator.apiKey, baseURL: simulator.url });
});
afterAll(async () => await simulator.close());

async function generate(body: Partial<OpenAI.Images.ImageGenerateParamsNonStreaming>) {
	const answer = await client.images.generate({ model, prompt: 'A red fox', ...body });
	return { answer, images: bytesOf(answer) };
}

function bytesOf({ data = [] }: OpenAI.ImagesResponse): Buffer[] {
	return data.map(({ b64_json: text = '' }) => Buffer.from(text, 'base64'));
}

async function onlyImage(body: Partial<OpenAI.Images.ImageGenerateParamsNonStreaming>) {
	const [image = Buffer.alloc(0)] = (await generate(body)).images;
	return image;
}

/** RGBA of the pixel at x, y. */
async function pixel(image: Buffer, left: number, top: number): Promise<number[]> {
	const area = { left, top, width: 1, height: 1 };
	return [...(await sharp(image).ensureAlpha().extract(area).raw().toBuffer())];
}

it.each(['png', 'jpeg', 'webp'] as const)('draws %s in exactly the size asked', async (format) => {
	const image = await onlyImage({ output_format: format, size: '1536x864' });
	expect(await sharp(image).metadata()).toMatchObject({ format, width: 1536, height: 864 });
});

it('draws 1024x1024 for auto, whatever the quality', async () => {
	for (const quality of ['low', 'high'] as const) {
		const { answer, images } = await generate({ size: 'auto', quality });
		expect(answer.size).toBe('1024x1024');
		expect(await sharp(images[0]).metadata()).toMatchObject({ width: 1024, height: 1024 });
	}
});

it('compresses as asked', async () => {
	const small = await onlyImage({ output_format: 'jpeg', output_compression: 10 });
	const large = await onlyImage({ output_format: 'jpeg', output_compression: 95 });
	expect(small.length * 2).toBeLessThan(large.length);
});

it('is the same for the same request and differs by prompt and by number', async () => {
	const { images } = await generate({ n: 3 });
	const again = await startSimulator();
	const other = client.withOptions({ baseURL: again.url });
	const repeated = await other.images.generate({ model, prompt: 'A red fox', n: 3 });
	await again.close();
	expect(bytesOf(repeated)).toEqual(images);
	images.push(await onlyImage({ prompt: 'A grey wolf' }));
	expect(new Set(images.map((image) => image.toString('base64'))).size).toBe(4);
});

it.each(['png', 'webp'] as const)('leaves the background of a %s transparent', async (format) => {
	const { answer, images } = await generate({ output_format: format, background: 'transparent' });
	const [image = Buffer.alloc(0)] = images;
	expect(answer.background).toBe('transparent');
	expect((await pixel(image, 5, 5))[3]).toBe(0);
	expect((await pixel(image, 512, 200))[3]).toBe(255);
});

it('has no alpha channel when opaque', async () => {
	const image = await onlyImage({ background: 'opaque' });
	expect((await sharp(image).metadata()).hasAlpha).toBe(false);
});

it('animates a GIF', async () => {
	const image = await onlyImage({ output_format: 'gif', frame_count: 3, frame_duration_ms: 84 });
	const { pages, delay, width } = await sharp(image).metadata();
	expect({ pages, delay, width }).toEqual({ pages: 3, delay: [80, 80, 80], width: 960 });
	const frames = [0, 1].map((page) => sharp(image, { page }).raw().toBuffer());
	const [first, second] = await Promise.all(frames);
	expect(first?.equals(second ?? Buffer.alloc(0))).toBe(false);
});

describe('an edit', () => {
	let photo: Buffer;

	beforeAll(async () => {
		photo = await sharp({
			create: {
				width: 300,
				height: 200,
				channels: 3,
				background: '#888',
				noise: { type: 'gaussian', mean: 128, sigma: 40 },
			},
		})
			.png()
			.toBuffer();
	});

	const file = async (bytes: Buffer, name: string) =>
		await toFile(bytes, name, { type: 'image/png' });

	async function edit(body: Partial<OpenAI.Images.ImageEditParamsNonStreaming>): Promise<Buffer> {
		const image = await file(photo, 'photo.png');
		const answer = await client.images.edit({ model, prompt: 'A hat', image, ...body });
		return bytesOf(answer)[0] ?? Buffer.alloc(0);
	}

	/** A mask that is transparent in its right half. */
	async function halfMask() {
		const left = { create: { width: 150, height: 200, channels: 4, background: '#000' } } as const;
		return await sharp(left)
			.extend({ right: 150, background: { r: 0, g: 0, b: 0, alpha: 0 } })
			.png()
			.toBuffer();
	}

	const half = async (image: Buffer, left: number) =>
		await sharp(image)
			.ensureAlpha()
			.extract({ left, top: 0, width: 512, height: 1024 })
			.raw()
			.toBuffer();

	it.each(['auto', 'opaque', 'transparent'] as const)(
		'with a mask changes only what it uncovers (background %s)',
		async (background) => {
			const mask = await file(await halfMask(), 'mask.png');
			const edited = await edit({ mask, background });
			const canvas = await editCanvas(photo, 1024, 1024);
			const before = await sharp(canvas.data, { raw: { width: 1024, height: 1024, channels: 4 } })
				.png()
				.toBuffer();
			expect((await half(edited, 0)).equals(await half(before, 0))).toBe(true);
			expect((await half(edited, 512)).equals(await half(before, 512))).toBe(false);
		},
	);

	it('without a mask depends on the prompt and on every input', async () => {
		const second = await file(await halfMask(), 'second.png');
		const first = await file(photo, 'photo.png');
		const results = [
			photo,
			await edit({}),
			await edit({ prompt: 'A scarf' }),
			await edit({ image: [first, second] }),
			await edit({ image: [second, first] }),
			await edit({ markup: second }),
		];
		expect(new Set(results.map((image) => image.toString('base64'))).size).toBe(6);
	});

	it('can remove the background', async () => {
		const edited = await edit({ background: 'transparent' });
		expect((await pixel(edited, 5, 5))[3]).toBe(0);
		expect((await pixel(edited, 512, 512))[3]).toBe(255);
	});

	it('stands photos upright before it compares sizes', async () => {
		const rotated = await sharp(photo).withMetadata({ orientation: 6 }).jpeg().toBuffer();
		const image = await toFile(rotated, 'photo.jpg', { type: 'image/jpeg' });
		const upright = await sharp(await halfMask())
			.rotate(90)
			.png()
			.toBuffer();
		const mask = await file(upright, 'mask.png');
		expect(await sharp(await edit({ image, mask })).metadata()).toMatchObject({ width: 1024 });
	});
});
