import sharp from 'sharp';

import { crypto } from '../node';
import { editCanvas, editPixels } from './edit';
import type { InputImage } from './inputFiles';
import type { InputImages } from './inputs';
import { pictureSvg } from './picture';
import { fromRaw, rawPixels, type Pixels } from './pixels';
import type { OutputFormat } from './types';
import type { ImageRequest } from './validate';

/** A finished image. */
export interface Drawn {
	bytes: Buffer;
	format: OutputFormat;
	width: number;
	height: number;
	/** Whether any pixel may be transparent. */
	background: 'transparent' | 'opaque';
}

/**
 * Draws image number `index` of a request. The same request gives the same bytes.
 * A generation is a picture of its prompt; an edit is the first input with a picture of its prompt
 * where the mask is transparent (without a mask: a translucent picture over all of it).
 */
export async function draw(
	request: ImageRequest,
	inputs: InputImages,
	index: number,
): Promise<Drawn> {
	const { width, height, format } = request;
	const seed = seedOf(request, inputs, index);
	if (format === 'svg') {
		const bytes = Buffer.from(pictureSvg(request.prompt, seed, width, height, {}));
		return { bytes, format, width, height, background: 'opaque' };
	}
	if (format === 'gif') {
		const bytes = await drawGif(request, inputs, seed);
		return { bytes, format, width, height, background: 'opaque' };
	}
	const [first] = inputs.images;
	const background = await backgroundOf(request, first);
	const cutOut = background === 'transparent';
	const picture = pictureSvg(request.prompt, seed, width, height, { cutOut });
	const pixels = first
		? await editPixels(request, inputs, first, seed, background)
		: await rawPixels(sharp(Buffer.from(picture)));
	const bytes = await encode(pixels, request, cutOut);
	return { bytes, format, width, height, background };
}

/** A blurred stage of a finished image, sharper with each index; same size and format. */
export async function drawPartial(
	final: Buffer,
	request: ImageRequest,
	index: number,
	alpha: boolean,
): Promise<Buffer> {
	const { width, height } = request;
	const coarse = await sharp(final)
		.resize(Math.max(8, (width >> 6) << index), Math.max(8, (height >> 6) << index), {
			fit: 'fill',
		})
		.png()
		.toBuffer();
	const blurred = await rawPixels(sharp(coarse).resize(width, height, { fit: 'fill' }));
	return await encode(blurred, request, alpha);
}

/** The PNG a URL or a file id stands for; as a mask its centre is transparent. */
export async function drawSample(name: string, asMask: boolean): Promise<Buffer> {
	const svg = asMask
		? '<svg xmlns="http://www.w3.org/2000/svg" width="1024" height="1024"><path fill-rule="evenodd" d="M0 0H1024V1024H0ZM256 256H768V768H256Z"/></svg>'
		: pictureSvg(name, hashOf(name), 1024, 1024, {});
	const pixels = sharp(Buffer.from(svg));
	return await (asMask ? pixels : pixels.removeAlpha()).png({ compressionLevel: 3 }).toBuffer();
}

function hashOf(...parts: string[]): Buffer {
	return crypto.createHash('sha256').update(parts.join('\n')).digest();
}

function seedOf({ prompt, model }: ImageRequest, inputs: InputImages, index: number): Buffer {
	const files = [...inputs.images, inputs.mask, inputs.markup].map((file) => file?.sha256 ?? '');
	return hashOf(prompt, model.id, String(index), ...files);
}

async function backgroundOf(
	{ background, format }: ImageRequest,
	first: InputImage | undefined,
): Promise<'transparent' | 'opaque'> {
	if (background !== 'auto') return background;
	if (!first?.hasAlpha || format === 'jpeg') return 'opaque';
	return (await sharp(first.bytes).stats()).isOpaque ? 'opaque' : 'transparent';
}

async function encode(pixels: Pixels, request: ImageRequest, alpha: boolean): Promise<Buffer> {
	const image = alpha ? fromRaw(pixels) : fromRaw(pixels).removeAlpha();
	const quality = Math.max(1, request.compression);
	if (request.format === 'jpeg') return await image.jpeg({ quality }).toBuffer();
	if (request.format === 'webp') return await image.webp({ quality, effort: 0 }).toBuffer();
	return await image.png({ compressionLevel: 3 }).toBuffer();
}

/** A real animation: the picture with a disc that moves on from frame to frame. */
async function drawGif(
	request: ImageRequest,
	{ images }: InputImages,
	seed: Buffer,
): Promise<Buffer> {
	const { width, height, prompt, frameCount, frameDurationMs } = request;
	const [first] = images;
	const frames: Buffer[] = [];
	for (let frame = 0; frame < frameCount; frame += 1) {
		const options = { frame: frame + 1, overlay: first !== undefined };
		const svg = Buffer.from(pictureSvg(prompt, seed, width, height, options));
		const image = first
			? fromRaw(await editCanvas(first.bytes, width, height)).composite([{ input: svg }])
			: sharp(svg);
		frames.push(await image.removeAlpha().png({ compressionLevel: 1 }).toBuffer());
	}
	const delay = Math.min(655_350, Math.round(frameDurationMs / 10) * 10);
	return await sharp(frames, { join: { animated: true } })
		.gif({ delay: frames.map(() => delay), effort: 1, colours: 64, dither: 0 })
		.toBuffer();
}
