import type { IBinaryData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { LinkPart } from '../openai/body';
import { isRecord } from '../openai/client';
import { badInput } from '../openai/errors';
import type { FilePart } from '../openai/multipart';
import { detectFormat, type ImageFormat } from './format';
import { bytesOf, readHead, storedBytes, type FileBytes } from './stored';

/** `openai` 7.57.0, `ImageEditParams.image`: up to 16, each under 50 MB, PNG, WebP or JPEG. */
const MAX_IMAGES = 16;
const MAX_BYTES = 50 * 1024 * 1024;
const EDITABLE = ['png', 'jpeg', 'webp'];

/** A picture that goes along with the request: checked, not yet read. */
export interface InputImage {
	/** How messages call it, e.g. `Input data field "data"`. */
	label: string;
	format: ImageFormat;
	/** The first bytes, for its size and transparency. */
	head: Buffer;
	part: Omit<FilePart, 'field'>;
}

/** A picture the API fetches itself. */
export type LinkedImage = Pick<LinkPart, 'link'>;

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
		throw badInput(
			context,
			itemIndex,
			'Images names no image',
			'Add a row to Images, and check that the node before passes a binary file on.',
		);
	}
	if (finders.length > MAX_IMAGES) {
		throw badInput(
			context,
			itemIndex,
			`Images has ${finders.length} images`,
			`One edit takes up to ${MAX_IMAGES} images. Remove rows, or spread them over several items.`,
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

/**
 * Looks at one binary field: what it is and how large.
 *
 * @param field its name, or a binary object an expression has found elsewhere
 * @param fromItem the input item that has it; the item itself by default
 * @param place the field of the panel that names it, for messages
 * @throws NodeOperationError that names the field, when it is missing or not a picture that can be edited
 */
export async function readInputImage(
	context: IExecuteFunctions,
	itemIndex: number,
	field: unknown,
	{ fromItem = itemIndex, place = 'under Images' }: { fromItem?: number; place?: string } = {},
): Promise<InputImage> {
	const where = fromItem === itemIndex ? '' : ` of item ${fromItem}`;
	const label =
		typeof field === 'string' ? `Input data field "${field}"${where}` : 'The input data object';
	const binary = findBinary(context, itemIndex, field, { fromItem, place, label });
	const file = await storedBytes(context, binary).catch(() => undefined);
	const head = await (file && readHead(file).catch(() => undefined));
	if (file && head) return inspect(context, itemIndex, label, { ...file, head }, binary);
	throw badInput(
		context,
		itemIndex,
		`${label} cannot be read`,
		"Check that the file still exists in n8n's storage: binary data is deleted with its execution.",
	);
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
				throw badInput(
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

/** @returns files that n8n's combined binary mode has put into the JSON, by field name */
function movedFiles(item: INodeExecutionData | undefined): Record<string, unknown> {
	const files: unknown = item?.json._files;
	return isRecord(files) ? files : {};
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
	throw badInput(
		context,
		itemIndex,
		'Image URL is not a web address',
		'It begins with https:// and must be open to the public, since OpenAI fetches it. For data URLs choose Base64.',
	);
}

function readFileId(context: IExecuteFunctions, itemIndex: number, value: unknown): LinkedImage {
	const fileId = String(value ?? '').trim();
	if (/^[\w-]+$/.test(fileId)) return { link: { file_id: fileId } };
	throw badInput(
		context,
		itemIndex,
		'File ID is not the id of a file',
		'Use the id of a file uploaded to OpenAI with the purpose vision, e.g. file-AbC123.',
	);
}

function readBase64(context: IExecuteFunctions, itemIndex: number, value: unknown): InputImage {
	const text = String(value ?? '').replace(/^\s*data:[^,]*,|\s+/g, '');
	if (text === '' || !/^[A-Za-z\d+/_-]+={0,2}$/.test(text)) {
		throw badInput(
			context,
			itemIndex,
			'Base64 is not base64 text',
			'Use the base64 text of an image file, with or without data:image/…;base64, before it.',
		);
	}
	const data = Buffer.from(text, 'base64');
	return inspect(context, itemIndex, 'The image in Base64', { ...bytesOf(data), head: data }, {});
}

function findBinary(
	context: IExecuteFunctions,
	itemIndex: number,
	field: unknown,
	{ fromItem, place, label }: { fromItem: number; place: string; label: string },
): IBinaryData {
	const item = context.getInputData()[fromItem];
	const found: unknown = typeof field === 'string' ? movedFiles(item)[field] : field;
	try {
		return context.helpers.assertBinaryData(fromItem, (found ?? field) as string | IBinaryData);
	} catch {
		const names = Object.keys(item?.binary ?? {});
		throw badInput(
			context,
			itemIndex,
			`${label} does not exist`,
			names.length > 0
				? `The item has these binary fields: ${names.join(', ')}. Set one of them ${place}.`
				: 'The item has no binary field. Connect a node that passes a file on, or switch its binary output on.',
		);
	}
}

function inspect(
	context: IExecuteFunctions,
	itemIndex: number,
	label: string,
	{ head, ...file }: FileBytes & { head: Buffer },
	named: Partial<Pick<IBinaryData, 'fileName' | 'mimeType'>>,
): InputImage {
	const format = detectFormat(head);
	if (!format || !EDITABLE.includes(format.name)) {
		throw badInput(
			context,
			itemIndex,
			`${label} is ${format ? `a ${format.name.toUpperCase()} file` : 'not a picture'}`,
			'Images can be edited when they are PNG, JPEG or WebP. Convert the file before this node.',
		);
	}
	if (file.bytes >= MAX_BYTES) {
		throw badInput(
			context,
			itemIndex,
			`${label} has ${file.bytes} bytes`,
			'The API takes images under 50 MB. Make it smaller before this node.',
		);
	}
	const fileName = partName(named, format);
	return { label, format, head, part: { fileName, mimeType: format.mimeType, ...file } };
}

/** The API goes by the part's type; the extension only has to agree with it. */
function partName(
	{ fileName = '', mimeType }: Partial<Pick<IBinaryData, 'fileName' | 'mimeType'>>,
	format: ImageFormat,
): string {
	if (fileName !== '' && mimeType === format.mimeType) return fileName;
	return `${fileName.replace(/\.[^.]*$/, '') || 'image'}.${format.extension}`;
}
