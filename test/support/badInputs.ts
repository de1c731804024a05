import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { withChunk } from './madePictures';
import { maskFrom, modelById } from './parameters';
import { maskPicture, picture, storeFiles, textFile, type TestFile } from './pictures';

/** What is wrong with the second of three items, and what the node says about it. */
export interface BadInput {
	name: string;
	json?: IDataObject;
	/** Binary fields besides `data`, a PNG of 64x64 pixels; `undefined` takes `data` away. */
	files?: Record<string, () => Promise<TestFile> | TestFile | undefined>;
	/** Without ` [item 2]`. */
	message: string;
	description: string;
}

const PROMPT_REMEDY =
	'Say in Prompt what the image should show. If it comes from an expression, check that the expression finds the text.';
const COUNT_REMEDY = 'Set Number of Images to a whole number from 1 to 100.';
const SIZE_REMEDY =
	'Choose another Size. Custom sizes need multiples of 16, sides of at most 3840 pixels, at most 3:1, and 655360 to 8294400 pixels in all.';
const FORMAT_REMEDY =
	'Images can be edited when they are PNG, JPEG or WebP. Convert the file before this node.';
/** Bytes of a chunk of a PNG besides its data. */
const CHUNK_FRAME = 12;

const MASK_REMEDY = 'Use a PNG with an alpha channel, transparent where the image may change.';

const inBoth: BadInput[] = [
	{
		name: 'no prompt',
		json: { prompt: '' },
		message: 'Prompt is empty',
		description: PROMPT_REMEDY,
	},
	{
		name: 'a prompt of blanks',
		json: { prompt: ' \n\t ' },
		message: 'Prompt is empty',
		description: PROMPT_REMEDY,
	},
	{
		name: 'a prompt that is too long',
		// Two UTF-16 units, but one character.
		json: { prompt: '🦊'.repeat(32_001) },
		message: 'Prompt has 32001 characters',
		description: 'Shorten Prompt to at most 32000 characters.',
	},
	{
		name: 'no model',
		json: { model: ' ' },
		message: 'Model is empty',
		description: 'Choose a model from the list, or enter its id under By ID.',
	},
	...[0, -1, 1.5, 101].map((n) => ({
		name: `${n} images`,
		json: { n },
		message: `Number of Images is ${n}`,
		description: COUNT_REMEDY,
	})),
	{
		name: 'a number of images that is a word',
		json: { n: 'abc' },
		message: 'Number of Images is "abc"',
		description: COUNT_REMEDY,
	},
	{
		name: '11 images in one request',
		json: { n: 11 },
		message: 'Number of Images is 11, one request makes up to 10',
		description:
			'Lower it, or add Images per Request under Run Options to have them made in several requests.',
	},
	{
		name: 'a size off the grid',
		json: { size: '1000x1000' },
		message: 'Size 1000x1000 is not a multiple of 16 on both sides; the nearest is 1008x1008',
		description: SIZE_REMEDY,
	},
	{
		name: 'a size that is a word',
		json: { size: 'huge' },
		message: 'Size is "huge"',
		description: 'Set Size to auto or to WIDTHxHEIGHT in pixels, e.g. 1536x1024.',
	},
	{
		name: 'a custom width of 16',
		json: { size: 'custom', width: 16 },
		message: 'Size 16x1024 has one side more than 3 times as long as the other',
		description: SIZE_REMEDY,
	},
	{
		name: 'a custom width of 4000',
		json: { size: 'custom', width: 4000 },
		message: 'Width is 4000',
		description: 'Set Width to a whole number from 1 to 3840.',
	},
	{
		name: 'a custom height that is a word',
		json: { size: 'custom', height: 'tall' },
		message: 'Height is "tall"',
		description: 'Set Height to a whole number from 1 to 3840.',
	},
	{
		name: 'a ratio of 4:1',
		json: { size: 'custom', width: 2048, height: 512 },
		message: 'Size 2048x512 has one side more than 3 times as long as the other',
		description: SIZE_REMEDY,
	},
	{
		name: 'too few pixels',
		json: { size: 'custom', width: 512, height: 512 },
		message: 'Size 512x512 has 262144 pixels, fewer than the least, 655360',
		description: SIZE_REMEDY,
	},
	{
		name: 'too many pixels',
		json: { size: '3840x3840' },
		message: 'Size 3840x3840 has 14745600 pixels, more than the most, 8294400',
		description: SIZE_REMEDY,
	},
	{
		name: 'a size the model does not have',
		json: { model: 'gpt-image-1.5', size: '2048x2048' },
		message:
			'Size 2048x2048 is not one of 1024x1024, 1024x1536, 1536x1024, the sizes gpt-image-1.5 takes',
		description: SIZE_REMEDY,
	},
	{
		name: 'a quality the model does not have',
		json: { quality: 'xhigh' },
		message: 'Quality xhigh is not offered by gpt-image-2',
		description: 'Set Quality to auto, low, medium, high, or choose another model.',
	},
];

const inEdit: BadInput[] = [
	{
		name: 'a binary field that is not there',
		json: { field: 'photo' },
		message: 'Input data field "photo" does not exist',
		description: 'The item has these binary fields: data. Set one of them under Images.',
	},
	{
		name: 'no binary field at all',
		files: { data: () => undefined },
		message: 'Input data field "data" does not exist',
		description:
			'The item has no binary field. Connect a node that passes a file on, or switch its binary output on.',
	},
	{
		name: 'no name of a binary field',
		json: { field: '' },
		message: 'Input Data Field Name is empty',
		description:
			'Enter a value. If it comes from an expression, check that the expression finds one.',
	},
	{
		name: 'a text that is called a picture',
		files: { data: textFile },
		message: 'Input data field "data" is not a picture',
		description: FORMAT_REMEDY,
	},
	{
		name: 'a GIF',
		files: { data: async () => await picture('gif') },
		message: 'Input data field "data" is a GIF',
		description:
			"Convert it with n8n's Edit Image node before this node: add its option Format and choose PNG or JPEG.",
	},
	{
		name: '17 images',
		json: { field: Array.from({ length: 17 }, () => 'data').join() },
		message: 'Images has 17 images',
		description: 'One edit takes up to 16 images. Remove rows, or spread them over several items.',
	},
	{
		name: 'a mask that is not there',
		json: { mask: 'My_Mask' },
		message: 'Input data field "My_Mask" does not exist',
		description:
			'The item has these binary fields: data. Set one of them as Mask Data Field Name under Image Options.',
	},
	{
		name: 'a mask of another size',
		json: { mask: 'My_Mask' },
		files: { My_Mask: async () => await maskPicture({ width: 64, height: 32 }) },
		message: 'The mask in input data field "My_Mask" is 64x32 pixels, but the first image is 64x64',
		description: 'Make the mask exactly as large as the first image.',
	},
	{
		name: 'a mask without alpha',
		json: { mask: 'My_Mask' },
		files: { My_Mask: async () => await picture('png') },
		message: 'The mask in input data field "My_Mask" has no transparency',
		description: MASK_REMEDY,
	},
	{
		name: 'a mask that is a JPEG',
		json: { mask: 'My_Mask' },
		files: { My_Mask: async () => await picture('jpeg') },
		message: 'The mask in input data field "My_Mask" is a JPEG',
		description: MASK_REMEDY,
	},
	{
		name: 'a mask of 4 MB',
		json: { mask: 'My_Mask' },
		files: {
			My_Mask: async () => {
				const { bytes, ...mask } = await maskPicture();
				const rest = 4 * 1024 * 1024 - bytes.length - CHUNK_FRAME;
				return { ...mask, bytes: withChunk(bytes, 'prVt', Buffer.alloc(rest)) };
			},
		},
		message: 'The mask in input data field "My_Mask" has 4194304 bytes',
		description: 'The API takes masks under 4 MB.',
	},
];

/** Each bad input, once for each operation that can get it: a sentence, the operation and the input. */
export const BAD_INPUTS = [
	...['generate', 'edit'].flatMap((operation) =>
		inBoth.map((bad) => [`${operation}: ${bad.name}`, operation, bad] as const),
	),
	...inEdit.map((bad) => [`edit: ${bad.name}`, 'edit', bad] as const),
];

/** Parameters that take every field from an expression, so that each item has values of its own. */
export function ownParameters(
	operation: string,
	{ json }: Pick<BadInput, 'json'> = {},
): INodeParameters {
	const hasMask = json?.mask !== undefined;
	const own = (name: string, otherwise: unknown) =>
		`={{ $json.${name} ?? ${JSON.stringify(otherwise)} }}`;
	return {
		operation,
		model: modelById(own('model', 'gpt-image-2')),
		prompt: own('prompt', 'A bad item'),
		size: own('size', 'auto'),
		width: own('width', 1024),
		height: own('height', 1024),
		quality: own('quality', 'auto'),
		n: own('n', 1),
		...(operation === 'edit' && {
			images: { image: [{ source: 'binary', binaryPropertyName: own('field', 'data') }] },
			...(hasMask && { options: { mask: maskFrom(own('mask', 'hole')) } }),
		}),
	};
}

/** A good item, the bad one, and another good one. */
export async function threeItems({
	json,
	files = {},
}: Pick<BadInput, 'json' | 'files'>): Promise<INodeExecutionData[]> {
	const data = await picture('png');
	const made: Record<string, TestFile> = { data };
	for (const [field, make] of Object.entries(files)) {
		const file = await make();
		if (file) made[field] = file;
		else delete made[field];
	}
	const good = { data, ...(json?.mask !== undefined && { hole: await maskPicture() }) };
	return [
		{ json: { prompt: 'The first' }, binary: await storeFiles(good) },
		{ json: { name: 'second', ...json }, binary: await storeFiles(made) },
		{ json: { prompt: 'The third' }, binary: await storeFiles(good) },
	];
}
