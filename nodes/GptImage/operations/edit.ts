import type { IExecuteFunctions } from 'n8n-workflow';
import type { InputImage } from '../images/input/inputImage';
import { readInputImages } from './parameters/images';
import { drawnMask, readOverlay } from '../images/input/mask';
import { dataUrlLength } from '../openai/body';
import { isFile, type ApiRequest, type LinkedImage, type RequestImage } from '../openai/request';
import { parameterError } from '../errors/parameterError';
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
		const pictures = {
			images: images.map(pictureOf),
			...(await readOverlays(context, itemIndex, options, images[0])),
		};
		const asJson = options.flag('sendAsJson') || !pictures.images.every(isFile);
		if (asJson) refuseInJson(context, itemIndex, pictures);
		return { path: '/images/edits', fields, ...pictures, asJson };
	},
} satisfies Operation;

type Pictures = Pick<ApiRequest, 'images' | 'mask' | 'markup'>;

const pictureOf = (image: InputImage | LinkedImage): RequestImage =>
	'link' in image ? image : image.file;

async function readOverlays(
	context: IExecuteFunctions,
	itemIndex: number,
	options: Options,
	first: InputImage | LinkedImage | undefined,
): Promise<Pick<Pictures, 'mask' | 'markup'>> {
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
	const read = async (name: 'mask' | 'markup') => {
		const field = options.value(`${name}BinaryPropertyName`);
		return field === undefined
			? undefined
			: await readOverlay(context, itemIndex, name, field, first);
	};
	const [mask, markup] = [await read('mask'), await read('markup')];
	const drawn = hasArea
		? drawnMask(context, itemIndex, area, options.flag('maskInverted'), first)
		: undefined;
	return { mask: mask ?? drawn, markup };
}

function refuseInJson(context: IExecuteFunctions, itemIndex: number, pictures: Pictures) {
	if (pictures.markup) {
		throw parameterError(
			context,
			itemIndex,
			'A markup does not go with image URLs, file IDs or Send as JSON',
			'Take the images from binary fields, or use a mask.',
		);
	}
	const files = [...pictures.images, pictures.mask].filter(
		(picture) => picture !== undefined && isFile(picture),
	);
	const large = files.find((file) => dataUrlLength(file) > MAX_DATA_URL);
	if (!large) return;
	throw parameterError(
		context,
		itemIndex,
		`The image ${large.fileName} has ${large.bytes} bytes, too many for a JSON request`,
		'With image URLs, file IDs or Send as JSON each other image may have up to 15.7 MB. Make it smaller, or upload it and give its URL.',
	);
}
