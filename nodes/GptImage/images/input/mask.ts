import type { IExecuteFunctions } from 'n8n-workflow';
import { BOUNDS } from '../../bounds';
import { parameterError } from '../../errors/parameterError';
import type { RequestFile } from '../../openai/multipart';
import type { LinkedImage } from '../../openai/request';
import { shownSize, sizeText, type Dimensions } from '../scan/facts';
import { drawMask } from './drawMask';
import { readInputImage, type InputImage } from './inputImage';
import { Areas, type Shape } from './shapes';
import { bytesOf } from './stored';

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
	signal?: AbortSignal,
): Promise<RequestFile> {
	const place = `as ${name === 'mask' ? 'Mask' : 'Markup'} Data Field Name under Image Options`;
	const overlay = await readInputImage(context, itemIndex, field, { place, signal });
	const refuse = (what: string, remedy: string) =>
		parameterError(
			context,
			itemIndex,
			`The ${name} in ${overlay.label.replace(/^I/, 'i')} ${what}`,
			remedy,
		);
	if (overlay.format.name !== 'png' || overlay.facts.png?.hasAlpha !== true) {
		throw refuse(
			overlay.format.name === 'png'
				? 'has no transparency'
				: `is a ${overlay.format.name.toUpperCase()}`,
			name === 'mask'
				? 'Use a PNG with an alpha channel, transparent where the image may change.'
				: 'Use a PNG with an alpha channel, transparent except for what is drawn on it.',
		);
	}
	if (name === 'mask' && overlay.file.bytes >= BOUNDS.maskBytes) {
		throw refuse(`has ${overlay.file.bytes} bytes`, 'The API takes masks under 4 MB.');
	}
	const [size, wanted] = [shownSize(overlay.facts), sizeOf(first)];
	if (size && wanted && (size.width !== wanted.width || size.height !== wanted.height)) {
		throw refuse(
			`is ${sizeText(size)} pixels, but the first image is ${sizeText(wanted)}`,
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
 * @param signal ends the drawing
 * @throws NodeOperationError when the shapes make no area, or the size of the image is not known or too large;
 *   the signal's reason
 */
export async function drawnMask(
	context: IExecuteFunctions,
	itemIndex: number,
	shapes: Shape[],
	isInverted: boolean,
	first: InputImage | LinkedImage | undefined,
	signal?: AbortSignal,
): Promise<RequestFile> {
	checkShapes(context, itemIndex, shapes);
	const size = sizeOf(first);
	if (!size) {
		throw parameterError(
			context,
			itemIndex,
			'Mask Area needs to know how large the first image is',
			'Take the first image from a binary field or from base64, or set Mask From to Input Data Field.',
		);
	}
	const { width, height } = size;
	const pixels = width * height;
	if (Math.max(width, height) > BOUNDS.maskSide || pixels > BOUNDS.maskPixels) {
		throw parameterError(
			context,
			itemIndex,
			`Mask Area cannot be drawn for an image of ${sizeText(size)} pixels`,
			`Make the image smaller before this node: at most ${BOUNDS.maskSide} pixels on a side and ${BOUNDS.maskPixels} in all.`,
		);
	}
	const mask = await drawMask(size, new Areas(size, shapes, isInverted), BOUNDS.maskBytes, signal);
	if (mask) return { fileName: 'mask.png', mimeType: 'image/png', pixels, ...bytesOf(mask) };
	throw parameterError(
		context,
		itemIndex,
		'Mask Area makes a mask of more than 4 MB, which the API does not take',
		'Use fewer shapes, or make the image smaller before this node.',
	);
}

const sizeOf = (image: InputImage | LinkedImage | undefined): Dimensions | undefined =>
	image && 'facts' in image ? shownSize(image.facts) : undefined;

/** Every shape is looked at for every row, and huge numbers add up to Infinity or NaN. */
function checkShapes(context: IExecuteFunctions, itemIndex: number, shapes: Shape[]) {
	if (shapes.length > BOUNDS.maskShapes) {
		throw parameterError(
			context,
			itemIndex,
			`Mask Area has ${shapes.length} shapes`,
			`Use up to ${BOUNDS.maskShapes} shapes, or draw the mask before this node and set Mask From to Input Data Field.`,
		);
	}
	const isNear = (value: number) => Math.abs(value) <= BOUNDS.maskReach;
	const isFit = ({ x, y, width, height }: Shape) =>
		[x, y, width, height].every(isNear) && width > 0 && height > 0;
	if (shapes.length > 0 && shapes.every(isFit)) return;
	throw parameterError(
		context,
		itemIndex,
		'Mask Area has no shape that can be drawn',
		`Give each shape numbers for Left, Top, Width and Height, none beyond ${BOUNDS.maskReach}; width and height above 0.`,
	);
}
