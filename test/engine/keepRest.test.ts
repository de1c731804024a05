import type { INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';
import { readBinary } from '../harness';
import { exif, pictureFile, withChunk } from '../support/madePictures';
import { maskFrom, maskOf, modelById } from '../support/parameters';
import { maskPicture, picture, storeFiles, type TestFile } from '../support/pictures';
import { pixelsOf } from '../support/pngPictures';
import { useSimulator } from '../support/simulator';

const simulator = useSimulator();

const size = { width: 1024, height: 1024 };

const photo = async (look = size): Promise<TestFile> => ({
	bytes: await pictureFile('png', look),
	fileName: 'photo.png',
	mimeType: 'image/png',
});

/** Transparent in its right half. */
async function rightMask(): Promise<TestFile> {
	const raw = Buffer.alloc(size.width * size.height * 4);
	for (let at = 0; at < raw.length; at += 4) raw[at + 3] = (at / 4) % size.width < 512 ? 255 : 0;
	const bytes = await sharp(raw, { raw: { ...size, channels: 4 } })
		.png()
		.toBuffer();
	return { bytes, fileName: 'mask.png', mimeType: 'image/png' };
}

interface Edit {
	files: Record<string, TestFile>;
	mask: ReturnType<typeof maskFrom> | ReturnType<typeof maskOf>;
	softEdge?: number;
	parameters?: INodeParameters;
	options?: INodeParameters;
}

const edit = async ({ files, mask, softEdge = 8, parameters = {}, options = {} }: Edit) =>
	await simulator.run({
		parameters: {
			operation: 'edit',
			prompt: 'a blue fox',
			images: { image: [{ source: 'binary', binaryPropertyName: 'data' }] },
			...parameters,
			options: {
				maxRetries: 0,
				...options,
				mask: { set: { ...mask.set, keepRest: true, softEdge } },
			},
		},
		items: [{ json: {}, binary: await storeFiles(files) }],
	});

describe('Keep the Rest Unchanged', () => {
	it('takes every pixel outside the mask from the first image, for each of several images', async () => {
		const data = await photo();
		const { items } = await edit({
			files: { data, mask: await rightMask() },
			mask: maskFrom('mask'),
			softEdge: 0,
			parameters: { n: 2 },
		});
		expect(simulator.api.requests[0]?.fields).toMatchObject({ size: '1024x1024', n: '2' });
		const old = await pixelsOf(data.bytes);
		expect(items).toHaveLength(2);
		for (const [index, item] of items.entries()) {
			const file = item.binary?.data;
			expect(file).toMatchObject({ mimeType: 'image/png' });
			const made = await pixelsOf(file ? await readBinary(file) : Buffer.alloc(0));
			const drawn = await pixelsOf(simulator.api.images[index]?.bytes ?? Buffer.alloc(0));
			const half = (pixels: Buffer, from: number) =>
				Buffer.concat(
					Array.from({ length: 1024 }, (_, y) =>
						pixels.subarray((y * 1024 + from) * 4, (y * 1024 + from + 512) * 4),
					),
				);
			expect(half(made.data, 0).equals(half(old.data, 0))).toBe(true);
			expect(half(made.data, 512).equals(half(drawn.data, 512))).toBe(true);
		}
	});

	it('goes with a mask that is drawn, and keeps the rest of previews, too', async () => {
		const data = await photo();
		const { items } = await edit({
			files: { data },
			mask: maskOf({ kind: 'ellipse' }),
			options: { keepAlive: true, partialImages: 2, keepPartialImages: true },
		});
		const old = await pixelsOf(data.bytes);
		const files = Object.values(items[0]?.binary ?? {});
		expect(files).toHaveLength(3);
		for (const file of files) {
			const made = await pixelsOf(await readBinary(file));
			let differing = 0;
			for (let y = 0; y < 1024; y++) {
				for (let x = 0; x < 1024; x++) {
					const at = (y * 1024 + x) * 4;
					const isOutside = Math.hypot(x + 0.5 - 512, y + 0.5 - 512) > 256.001;
					const differs = made.data.compare(old.data, at, at + 4, at, at + 4) !== 0;
					if (isOutside && differs) differing += 1;
				}
			}
			expect(differing).toBe(0);
			expect(made.data.equals(old.data)).toBe(false);
		}
	});

	it('drops a preview that does not fit, and hands the image on', async () => {
		const data = await photo();
		const event = async (type: string, look: typeof size) => {
			const b64_json = (await pictureFile('png', look)).toString('base64');
			return `event: ${type}\ndata: ${JSON.stringify({ type, b64_json })}\n\n`;
		};
		const body = [
			await event('image_edit.partial_image', { width: 512, height: 512 }),
			await event('image_edit.completed', size),
		].join('');
		const headers = { 'content-type': 'text/event-stream' };
		simulator.api.misbehave({ status: 200, headers, body });
		const { items } = await edit({
			files: { data },
			mask: maskOf({}),
			options: { partialImages: 1, keepPartialImages: true },
		});
		expect(items.map(({ binary }) => Object.keys(binary ?? {}))).toEqual([['data']]);
	});

	const wrongSize = { width: 1000, height: 700 };
	it.each<[string, () => Promise<Edit>, string, RegExp?]>([
		[
			'a first image that is a JPEG',
			async () => ({ files: { data: await picture('jpeg', size) }, mask: maskOf({}) }),
			'Keep the Rest Unchanged is not possible with the first image: it is a JPEG, not a PNG [item 1]',
			/Edit Image node.*Format and choose PNG/,
		],
		[
			'a first image that is a WebP, of a size the model cannot make',
			async () => ({ files: { data: await picture('webp', wrongSize) }, mask: maskOf({}) }),
			'Keep the Rest Unchanged is not possible with the first image: it is a WEBP, not a PNG [item 1]',
			/Edit Image node.*Width 1008, Height 704, Option Ignore Aspect Ratio, and under Options Format PNG/,
		],
		[
			'a size the model cannot make',
			async () => ({ files: { data: await photo(wrongSize) }, mask: maskOf({}) }),
			'Keep the Rest Unchanged is not possible with the first image: its size 1000x700 is not a multiple of 16 on both sides; the nearest is 1008x704 [item 1]',
			/Edit Image node.*Width 1008, Height 704/,
		],
		[
			'a size the fallback model cannot make',
			async () => ({
				files: { data: await photo({ width: 2048, height: 1152 }) },
				mask: maskOf({}),
				options: { fallbackModel: 'gpt-image-1.5' },
			}),
			'Keep the Rest Unchanged is not possible with the first image: its size 2048x1152 is not one of 1024x1024, 1024x1536, 1536x1024, the sizes gpt-image-1.5 takes [item 1]',
			/Width 1536, Height 1024/,
		],
		[
			'a model of fixed sizes',
			async () => ({
				files: { data: await photo({ width: 700, height: 1100 }) },
				mask: maskOf({}),
				parameters: { model: modelById('gpt-image-1.5') },
			}),
			'Keep the Rest Unchanged is not possible with the first image: its size 700x1100 is not one of 1024x1024, 1024x1536, 1536x1024, the sizes gpt-image-1.5 takes [item 1]',
			/Width 1024, Height 1536/,
		],
		[
			'an interlaced PNG',
			async () => {
				const bytes = await sharp((await photo()).bytes)
					.png({ progressive: true })
					.toBuffer();
				return { files: { data: { ...(await photo()), bytes } }, mask: maskOf({}) };
			},
			'Keep the Rest Unchanged is not possible with the first image: it is interlaced [item 1]',
		],
		[
			'a PNG of 16 bits',
			async () => {
				const bytes = await sharp((await photo()).bytes)
					.toColourspace('rgb16')
					.png()
					.toBuffer();
				return { files: { data: { ...(await photo()), bytes } }, mask: maskOf({}) };
			},
			'Keep the Rest Unchanged is not possible with the first image: it has 16 bits for each colour [item 1]',
		],
		[
			'a PNG that is turned',
			async () => {
				const bytes = withChunk((await photo()).bytes, 'eXIf', exif(6));
				return { files: { data: { ...(await photo()), bytes } }, mask: maskOf({}) };
			},
			'Keep the Rest Unchanged is not possible with the first image: it is turned by its Exif data [item 1]',
		],
		[
			'another Size',
			async () => ({
				files: { data: await photo() },
				mask: maskOf({}),
				parameters: { size: '1536x1024' },
			}),
			'Keep the Rest Unchanged needs the size of the first image, 1024x1024, but Size is another [item 1]',
		],
		[
			'another Output Format',
			async () => ({
				files: { data: await photo() },
				mask: maskOf({}),
				options: { outputFormat: 'webp' },
			}),
			'Keep the Rest Unchanged makes a PNG, but Output Format is another [item 1]',
		],
		[
			'a mask that leaves nothing to change',
			async () => ({
				files: {
					data: await photo(),
					mask: await picture('png', { ...size, colour: '#000000fe' }),
				},
				mask: maskFrom('mask'),
			}),
			'The mask leaves no pixel to change [item 1]',
		],
		[
			'a shape beside the image',
			async () => ({ files: { data: await photo() }, mask: maskOf({ unit: 'pixels', x: 3000 }) }),
			'The mask leaves no pixel to change [item 1]',
		],
		[
			'an interlaced mask',
			async () => {
				const mask = await maskPicture(size);
				const bytes = await sharp(mask.bytes).png({ progressive: true }).toBuffer();
				return { files: { data: await photo(), mask: { ...mask, bytes } }, mask: maskFrom('mask') };
			},
			'Keep the Rest Unchanged cannot read the mask: it is interlaced [item 1]',
		],
		[
			'an image that OpenAI fetches',
			async () => ({
				files: { mask: await maskPicture(size) },
				mask: maskFrom('mask'),
				parameters: { images: { image: [{ source: 'url', url: 'https://example.com/a.png' }] } },
			}),
			'Keep the Rest Unchanged needs the first image itself [item 1]',
		],
	])('is refused before anything is paid for, with %s', async (_, make, message, remedy = /\w/) => {
		const error = await edit(await make()).then(
			() => new Error('It was made'),
			(problem: unknown) => problem,
		);
		expect(error).toMatchObject({ message, description: expect.stringMatching(remedy) });
		expect(simulator.api.requests).toEqual([]);
	});

	it.each<[string, () => Promise<Buffer>, string, RegExp]>([
		[
			'in another size',
			async () => await pictureFile('png', { width: 64, height: 48 }),
			'image/png',
			/^The image is 64x48 pixels, but the first image is 1024x1024\. The image is as the model drew it/,
		],
		[
			'as a JPEG',
			async () => await pictureFile('jpeg', { width: 1024, height: 1024 }),
			'image/jpeg',
			/^The image is not a PNG\. /,
		],
		[
			'with 16 bits',
			async () =>
				await sharp(await pictureFile('png', { width: 1024, height: 1024 }))
					.toColourspace('rgb16')
					.png()
					.toBuffer(),
			'image/png',
			/^The image .*16 bits.*\. /,
		],
	])('hands on what was paid for, and says so, when it comes back %s', async (...row) => {
		const [, draw, mimeType, problem] = row;
		const other = await draw();
		const body = { created: 1, data: [{ b64_json: other.toString('base64') }] };
		simulator.api.misbehave({ status: 200, body });
		const { items, hints } = await edit({ files: { data: await photo() }, mask: maskOf({}) });
		expect(items).toHaveLength(1);
		expect(items[0]?.json.keepRestError).toMatch(problem);
		expect(items[0]?.binary?.data?.mimeType).toBe(mimeType);
		const file = items[0]?.binary?.data;
		expect(file && (await readBinary(file))).toEqual(other);
		expect(hints.map(({ message }) => message)).toContainEqual(
			expect.stringMatching(/^Keep the Rest Unchanged: The image /),
		);
	});
});
