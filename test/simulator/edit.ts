import sharp, { type OverlayOptions } from 'sharp';

import type { InputImage } from './inputFiles';
import type { InputImages } from './inputs';
import { pictureSvg } from './picture';
import { fromRaw, pixelsOf, rawPixels, type Pixels } from './pixels';
import type { ImageRequest } from './validate';

const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 };

/**
 * The first input as the canvas of an edit: upright, stretched to the output size, RGBA.
 * What an edit leaves alone is equal to this.
 */
export async function editCanvas(bytes: Buffer, width: number, height: number): Promise<Pixels> {
	return await rawPixels(sharp(bytes).autoOrient().resize(width, height, { fit: 'fill' }));
}

/**
 * The first input with a picture of the prompt where the mask is transparent; without a mask the
 * picture lies half over the whole.
 */
export async function editPixels(
	request: ImageRequest,
	{ images, mask, markup }: InputImages,
	first: InputImage,
	seed: Buffer,
	background: 'transparent' | 'opaque',
): Promise<Pixels> {
	const { width, height } = request;
	let canvas = await editCanvas(first.bytes, width, height);
	if (background === 'opaque') {
		canvas = await rawPixels(fromRaw(canvas).flatten({ background: 'white' }));
	}
	if (!mask) return await overlaid(request, canvas, [...images.slice(1), markup], seed, background);
	const cutOut = background === 'transparent';
	const svg = pictureSvg(request.prompt, seed, width, height, { cutOut });
	const picture = await rawPixels(sharp(Buffer.from(svg)));
	const alpha = await sharp(mask.bytes)
		.extractChannel('alpha')
		.resize(width, height, { fit: 'fill', kernel: 'nearest' })
		.raw()
		.toBuffer();
	const from = pixelsOf(picture);
	const to = pixelsOf(canvas);
	alpha.forEach((value, index) => {
		if (value === 0) to[index] = from[index] ?? 0;
	});
	return canvas;
}

/** An edit without a mask: the picture half over the canvas, the other inputs along the bottom. */
async function overlaid(
	request: ImageRequest,
	canvas: Pixels,
	others: Array<InputImage | undefined>,
	seed: Buffer,
	background: 'transparent' | 'opaque',
): Promise<Pixels> {
	const { prompt, width, height } = request;
	const cutOut = background === 'transparent';
	const svg = pictureSvg(prompt, seed, width, height, { cutOut, overlay: true });
	const edge = Math.floor(Math.min(width / Math.max(4, others.length), height / 5));
	const thumbnails = await Promise.all(
		others.flatMap((image, index) =>
			image
				? [
						sharp(image.bytes)
							.autoOrient()
							.resize(edge, edge, { fit: 'contain', background: CLEAR })
							.png()
							.toBuffer()
							.then((input) => ({ input, left: index * edge, top: height - edge })),
					]
				: [],
		),
	);
	const layers: OverlayOptions[] = [{ input: Buffer.from(svg) }, ...thumbnails];
	if (cutOut) {
		layers.push({
			input: Buffer.from(pictureSvg('', seed, width, height, { cutOut })),
			blend: 'dest-in',
		});
	}
	return await rawPixels(fromRaw(canvas).composite(layers));
}
