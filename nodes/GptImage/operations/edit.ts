import type { IExecuteFunctions } from 'n8n-workflow';
import type { InputImage } from '../images/input/inputImage';
import { readInputImages, type LinkedImage } from './parameters/images';
import { drawnMask, readOverlay } from '../images/input/mask';
import { asImages, dataUrlLength } from '../openai/body';
import { parameterError } from '../errors/toNodeError';
import type { FilePart } from '../openai/multipart';
import { countField } from './fields/count';
import { imagesField } from './fields/images';
import { modelField } from './fields/model';
import { editPrompt } from './fields/prompt';
import { qualityFields } from './fields/quality';
import { sizeFields } from './fields/size';
import type { Operation } from './operation';
import type { Options } from './parameters/options';
import { readRequestFields } from './parameters/request';

/** Longest `image_url` of a JSON edit, in characters (OpenAI API reference, createImageEdit). */
const MAX_DATA_URL = 20_971_520;

export const edit = {
	name: 'Edit Image',
	action: 'Edit image with text',
	description: 'Change images by a text prompt, or take them as references for a new one',
	fields: [modelField, editPrompt, imagesField, ...sizeFields, ...qualityFields, countField],
	async request(context, itemIndex, given) {
		const { options } = given;
		const fields = {
			...readRequestFields(context, itemIndex, given),
			...(options.text('inputFidelity') && { input_fidelity: options.text('inputFidelity') }),
		};
		const maskField = options.value('maskBinaryPropertyName');
		const markupField = options.value('markupBinaryPropertyName');
		const images = await readInputImages(context, itemIndex, [maskField, markupField]);
		const overlays = await readOverlays(context, itemIndex, options, images[0]);
		const asJson = options.flag('sendAsJson') || images.some((image) => 'link' in image);
		if (asJson) refuseInJson(context, itemIndex, images, overlays);
		const files = asImages(images.map((image) => ('link' in image ? image : image.part)));
		return { path: '/images/edits', fields, files: [...files, ...overlays], asJson };
	},
} satisfies Operation;

async function readOverlays(
	context: IExecuteFunctions,
	itemIndex: number,
	options: Options,
	first: InputImage | LinkedImage | undefined,
): Promise<FilePart[]> {
	const overlays: FilePart[] = [];
	const area = options.value('maskArea');
	const hasArea = typeof area === 'object' && Object.keys(area ?? {}).length > 0;
	if (hasArea && options.value('maskBinaryPropertyName') !== undefined) {
		throw parameterError(
			context,
			itemIndex,
			'Mask Area and Mask Data Field Name are both set',
			'Remove one of the two.',
		);
	}
	for (const name of ['mask', 'markup'] as const) {
		const field = options.value(`${name}BinaryPropertyName`);
		if (field !== undefined) {
			overlays.push(await readOverlay(context, itemIndex, name, field, first));
		}
	}
	if (hasArea) {
		overlays.push(drawnMask(context, itemIndex, area, options.flag('maskInverted'), first));
	}
	return overlays;
}

function refuseInJson(
	context: IExecuteFunctions,
	itemIndex: number,
	images: Array<InputImage | LinkedImage>,
	overlays: FilePart[],
) {
	if (overlays.some(({ field }) => field === 'markup')) {
		throw parameterError(
			context,
			itemIndex,
			'A markup does not go with image URLs, file IDs or Send as JSON',
			'Take the images from binary fields, or use a mask.',
		);
	}
	const parts = [...images.flatMap((image) => ('part' in image ? [image.part] : [])), ...overlays];
	const large = parts.find((part) => dataUrlLength(part) > MAX_DATA_URL);
	if (!large) return;
	throw parameterError(
		context,
		itemIndex,
		`The image ${large.fileName} has ${large.bytes} bytes, too many for a JSON request`,
		'With image URLs, file IDs or Send as JSON each other image may have up to 15.7 MB. Make it smaller, or upload it and give its URL.',
	);
}
