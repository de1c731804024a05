import type { IExecuteFunctions } from 'n8n-workflow';
import type { LinkedImage } from '../../openai/request';
import { isRecord } from '../../values';
import { parameterError } from '../../errors/parameterError';
import { agentToolOf } from '../../images/output/agentTool';
import {
	movedFiles,
	readBase64,
	readInputImage,
	type InputImage,
} from '../../images/input/inputImage';

/** `openai` 7.57.0, `ImageEditParams.image`: up to 16, each under 50 MB, PNG, WebP or JPEG. */
export const MAX_INPUT_IMAGES = 16;

/** A row of the Images field. */
interface Row {
	source?: unknown;
	binaryPropertyName?: unknown;
	url?: unknown;
	fileId?: unknown;
	base64?: unknown;
}

/**
 * Finds the images an edit starts from, in the order of the panel.
 *
 * @param notImages binary fields that hold mask or markup; they are none of "all fields"
 * @returns 1 to 16 images
 * @throws NodeOperationError that names the field, when there are none, too many, or one cannot be edited
 */
export async function readInputImages(
	context: IExecuteFunctions,
	itemIndex: number,
	notImages: unknown[],
): Promise<Array<InputImage | LinkedImage>> {
	const finders = readRows(context, itemIndex).flatMap((row) =>
		findersOf(context, itemIndex, row, notImages),
	);
	if (finders.length === 0) {
		throw parameterError(
			context,
			itemIndex,
			'Images names no image',
			agentToolOf(context) === undefined
				? 'Add a row to Images, and check that the node before passes a binary file on.'
				: 'There is no image to edit. Ask the user to send one.',
		);
	}
	if (finders.length > MAX_INPUT_IMAGES) {
		throw parameterError(
			context,
			itemIndex,
			`Images has ${finders.length} images`,
			`One edit takes up to ${MAX_INPUT_IMAGES} images. Remove rows, or spread them over several items.`,
		);
	}
	const images: Array<InputImage | LinkedImage> = [];
	for (const find of finders) images.push(await find());
	return images;
}

/** @returns whether one edit takes the images of all input items; then it is made once, for the first item */
export function takesAllItems(context: IExecuteFunctions): boolean {
	const { operation, images } = context.getNode().parameters;
	return operation === 'edit' && rowsOf(images).some(({ source }) => source === 'allItems');
}

function readRows(context: IExecuteFunctions, itemIndex: number): Row[] {
	return rowsOf(context.getNodeParameter('images', itemIndex));
}

function rowsOf(images: unknown): Row[] {
	const rows: unknown = isRecord(images) ? images.image : undefined;
	return Array.isArray(rows) ? rows.filter(isRecord) : [];
}

type Finder = () => Promise<InputImage | LinkedImage>;

function findersOf(
	context: IExecuteFunctions,
	itemIndex: number,
	row: Row,
	notImages: unknown[],
): Finder[] {
	const input = context.getInputData();
	const fromField = (field: unknown, fromItem: number) => async () =>
		await readInputImage(context, itemIndex, field, { fromItem });
	const namesIn = (index: number) =>
		Object.keys({ ...movedFiles(input[index]), ...input[index]?.binary }).filter(
			(name) => !notImages.includes(name),
		);
	switch (row.source) {
		case 'allBinary':
			return namesIn(itemIndex).map((field) => fromField(field, itemIndex));
		case 'allItems':
			if (typeof row.binaryPropertyName !== 'string') {
				throw parameterError(
					context,
					itemIndex,
					'Input Data Field Name is not a name',
					'All Items takes the same field of every item: enter its name, e.g. data, instead of an expression that finds one file.',
				);
			}
			return input.flatMap((_, index) =>
				fieldNames(row.binaryPropertyName).map((field) => fromField(field, index)),
			);
		case 'url':
			return [async () => readUrl(context, itemIndex, row.url)];
		case 'fileId':
			return [async () => readFileId(context, itemIndex, row.fileId)];
		case 'base64':
			return [async () => readBase64(context, itemIndex, row.base64)];
		default:
			return fieldNames(row.binaryPropertyName).map((field) => fromField(field, itemIndex));
	}
}

function fieldNames(value: unknown): unknown[] {
	if (typeof value !== 'string') return value === undefined || value === null ? [] : [value];
	return value
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');
}

function readUrl(context: IExecuteFunctions, itemIndex: number, value: unknown): LinkedImage {
	const url = String(value ?? '').trim();
	// The API fetches it, the node never does.
	if (/^https?:\/\/[^\s/]/i.test(url)) return { link: { image_url: url } };
	throw parameterError(
		context,
		itemIndex,
		'Image URL is not a web address',
		'It begins with https:// and must be open to the public, since OpenAI fetches it. For data URLs choose Base64.',
	);
}

function readFileId(context: IExecuteFunctions, itemIndex: number, value: unknown): LinkedImage {
	const fileId = String(value ?? '').trim();
	if (/^[\w-]+$/.test(fileId)) return { link: { file_id: fileId } };
	throw parameterError(
		context,
		itemIndex,
		'File ID is not the id of a file',
		'Use the id of a file uploaded to OpenAI with the purpose vision, e.g. file-AbC123.',
	);
}
