import type { IExecuteFunctions } from 'n8n-workflow';
import { badInput } from '../openai/errors';
import { pngHasAlpha, readDimensions } from './dimensions';
import { readInputImage, type InputImage } from './inputs';

/** `openai` 7.57.0, `ImageEditParams.mask`: a PNG under 4 MB with the dimensions of the image. */
const MAX_MASK_BYTES = 4 * 1024 * 1024;

/**
 * Reads the mask of an edit and checks what the API would refuse.
 *
 * @param field binary field name, or binary object, of the mask
 * @param images the images it is for; it applies to the first
 * @throws NodeOperationError that says what is wrong with the mask
 */
export async function readMask(
	context: IExecuteFunctions,
	itemIndex: number,
	field: unknown,
	images: InputImage[],
): Promise<InputImage> {
	const mask = await readInputImage(context, itemIndex, field);
	const refuse = (what: string, remedy: string) =>
		badInput(context, itemIndex, `The mask in ${mask.label.toLowerCase()} ${what}`, remedy);
	if (mask.format.name !== 'png' || pngHasAlpha(mask.head) === false) {
		throw refuse(
			mask.format.name === 'png' ? 'has no transparency' : `is a ${mask.format.name.toUpperCase()}`,
			'Use a PNG with an alpha channel, transparent where the image may change.',
		);
	}
	if (mask.part.bytes >= MAX_MASK_BYTES) {
		throw refuse(`has ${mask.part.bytes} bytes`, 'The API takes masks under 4 MB.');
	}
	const [first] = images;
	const [size, wanted] = [readDimensions(mask.head), first && readDimensions(first.head)];
	if (size && wanted && (size.width !== wanted.width || size.height !== wanted.height)) {
		throw refuse(
			`is ${size.width}x${size.height} pixels, but the first image is ${wanted.width}x${wanted.height}`,
			'Make the mask exactly as large as the first image.',
		);
	}
	return mask;
}
