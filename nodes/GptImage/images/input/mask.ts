import type { IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from '../../errors/parameterError';
import type { RequestFile } from '../../openai/multipart';
import { pngHasAlpha, readDimensions } from './dimensions';
import { drawMask, type Shape } from './drawMask';
import { readInputImage, type InputImage } from './inputImage';
import type { LinkedImage } from '../../openai/request';
import { bytesOf } from './stored';

/** `openai` 7.57.0, `ImageEditParams.mask`: a PNG under 4 MB with the dimensions of the image. */
const MAX_MASK_BYTES = 4 * 1024 * 1024;

/** More than any camera's: a header that claims more is a mistake, or meant to keep n8n busy. */
const MAX_DRAWN_PIXELS = 120_000_000;

/**
 * Reads a mask or markup and checks what the API would refuse.
 *
 * @param name `mask` or `markup`
 * @param field binary field name, or binary object, that holds it
 * @param first the first of the images, which it is for
 * @throws NodeOperationError that says what is wrong with it
 */
export async function readOverlay(
	context: IExecuteFunctions,
	itemIndex: number,
	name: 'mask' | 'markup',
	field: unknown,
	first: InputImage | LinkedImage | undefined,
): Promise<RequestFile> {
	const place = `as ${name === 'mask' ? 'Mask' : 'Markup'} Data Field Name under Image Options`;
	const overlay = await readInputImage(context, itemIndex, field, { place });
	const refuse = (what: string, remedy: string) =>
		parameterError(
			context,
			itemIndex,
			`The ${name} in ${overlay.label.replace(/^I/, 'i')} ${what}`,
			remedy,
		);
	if (overlay.format.name !== 'png' || pngHasAlpha(overlay.head) === false) {
		throw refuse(
			overlay.format.name === 'png'
				? 'has no transparency'
				: `is a ${overlay.format.name.toUpperCase()}`,
			name === 'mask'
				? 'Use a PNG with an alpha channel, transparent where the image may change.'
				: 'Use a PNG with an alpha channel, transparent except for what is drawn on it.',
		);
	}
	if (name === 'mask' && overlay.file.bytes >= MAX_MASK_BYTES) {
		throw refuse(`has ${overlay.file.bytes} bytes`, 'The API takes masks under 4 MB.');
	}
	const size = readDimensions(overlay.head);
	const wanted = first && 'head' in first ? readDimensions(first.head) : undefined;
	if (size && wanted && (size.width !== wanted.width || size.height !== wanted.height)) {
		throw refuse(
			`is ${size.width}x${size.height} pixels, but the first image is ${wanted.width}x${wanted.height}`,
			`Make the ${name} exactly as large as the first image.`,
		);
	}
	return overlay.file;
}

/**
 * Draws the mask that the panel describes.
 *
 * @param shapes what the mask is made of
 * @param isInverted everything but the area may change
 * @param first the first of the images, whose size the mask has
 * @throws NodeOperationError when the size of the image is not known
 */
export function drawnMask(
	context: IExecuteFunctions,
	itemIndex: number,
	shapes: Shape[],
	isInverted: boolean,
	first: InputImage | LinkedImage | undefined,
): RequestFile {
	const size = first && 'head' in first ? readDimensions(first.head) : undefined;
	if (!size) {
		throw parameterError(
			context,
			itemIndex,
			'Mask Area needs to know how large the first image is',
			'Take the first image from a binary field or from base64, or set Mask From to Input Data Field.',
		);
	}
	if (size.width * size.height > MAX_DRAWN_PIXELS) {
		throw parameterError(
			context,
			itemIndex,
			`Mask Area cannot be drawn for an image of ${size.width}x${size.height} pixels`,
			'Make the image smaller before this node.',
		);
	}
	const file = bytesOf(drawMask(size, shapes, isInverted));
	const pixels = size.width * size.height;
	return { fileName: 'mask.png', mimeType: 'image/png', pixels, ...file };
}
