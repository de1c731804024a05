import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { badInput } from '../openai/errors';
import type { FilePart } from '../openai/multipart';
import { detectFormat, type ImageFormat } from './format';

/** Enough for the size of nearly every picture, whatever metadata comes first. */
const HEAD_BYTES = 256 * 1024;

/** `openai` 7.57.0, `ImageEditParams.image`: up to 16, each under 50 MB, PNG, WebP or JPEG. */
const MAX_IMAGES = 16;
const MAX_BYTES = 50 * 1024 * 1024;
const EDITABLE: Array<ImageFormat['name']> = ['png', 'jpeg', 'webp'];

/** A picture of an item, checked, not yet read. */
export interface InputImage {
	/** How messages call it, e.g. `Input data field "data"`. */
	label: string;
	format: ImageFormat;
	/** The first bytes, for its size and transparency. */
	head: Buffer;
	part: Omit<FilePart, 'field'>;
}

/**
 * Finds the images an edit starts from, in the order of the panel.
 *
 * @param maskField the binary field that holds the mask; it is none of "all fields"
 * @returns 1 to 16 images
 * @throws NodeOperationError that names the field, when there are none, too many, or one cannot be edited
 */
export async function readInputImages(
	context: IExecuteFunctions,
	itemIndex: number,
	maskField: unknown,
): Promise<InputImage[]> {
	const fields = readRows(context, itemIndex).flatMap((row) =>
		row.source === 'allBinary'
			? Object.keys(context.getInputData()[itemIndex]?.binary ?? {}).filter(
					(name) => name !== maskField,
				)
			: fieldNames(row.binaryPropertyName),
	);
	if (fields.length === 0) {
		throw badInput(
			context,
			itemIndex,
			'Images names no image',
			'Add a row to Images, and check that the node before passes a binary file on.',
		);
	}
	if (fields.length > MAX_IMAGES) {
		throw badInput(
			context,
			itemIndex,
			`Images has ${fields.length} images`,
			`One edit takes up to ${MAX_IMAGES} images. Remove rows, or spread them over several items.`,
		);
	}
	const images: InputImage[] = [];
	for (const field of fields) images.push(await readInputImage(context, itemIndex, field));
	return images;
}

/**
 * Looks at one binary field: what it is and how large.
 *
 * @param field its name, or a binary object an expression has found elsewhere
 * @throws NodeOperationError that names the field, when it is missing or not a picture that can be edited
 */
export async function readInputImage(
	context: IExecuteFunctions,
	itemIndex: number,
	field: unknown,
): Promise<InputImage> {
	const label = typeof field === 'string' ? `Input data field "${field}"` : 'The input data object';
	const binary = findBinary(context, itemIndex, field, label);
	const { bytes, open } = await stored(context, binary);
	const head = await readHead(open);
	const format = detectFormat(head);
	if (!format || !EDITABLE.includes(format.name)) {
		throw badInput(
			context,
			itemIndex,
			`${label} is ${format ? `a ${format.name.toUpperCase()} file` : 'not a picture'}`,
			'Images can be edited when they are PNG, JPEG or WebP. Convert the file before this node.',
		);
	}
	if (bytes >= MAX_BYTES) {
		throw badInput(
			context,
			itemIndex,
			`${label} has ${bytes} bytes`,
			'The API takes images under 50 MB. Make it smaller before this node.',
		);
	}
	const fileName = partName(binary, format);
	return { label, format, head, part: { fileName, mimeType: format.mimeType, bytes, open } };
}

interface Row {
	source?: unknown;
	binaryPropertyName?: unknown;
}

function readRows(context: IExecuteFunctions, itemIndex: number): Row[] {
	const images = context.getNodeParameter('images', itemIndex);
	const rows: unknown =
		typeof images === 'object' && images && 'image' in images ? images.image : undefined;
	return Array.isArray(rows) ? rows : [];
}

function fieldNames(value: unknown): unknown[] {
	if (typeof value !== 'string') return value === undefined || value === null ? [] : [value];
	return value
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');
}

function findBinary(
	context: IExecuteFunctions,
	itemIndex: number,
	field: unknown,
	label: string,
): IBinaryData {
	try {
		return context.helpers.assertBinaryData(itemIndex, field as string | IBinaryData);
	} catch {
		const names = Object.keys(context.getInputData()[itemIndex]?.binary ?? {});
		throw badInput(
			context,
			itemIndex,
			`${label} does not exist`,
			names.length > 0
				? `The item has these binary fields: ${names.join(', ')}. Set one of them under Images.`
				: 'The item has no binary field. Connect a node that passes a file on, or switch its binary output on.',
		);
	}
}

async function stored(
	context: IExecuteFunctions,
	binary: IBinaryData,
): Promise<Pick<FilePart, 'bytes' | 'open'>> {
	const { id } = binary;
	if (id === undefined) {
		const data = Buffer.from(binary.data, 'base64');
		return { bytes: data.length, open: async () => chunksOf(data) };
	}
	const bytes = binary.bytes ?? (await context.helpers.getBinaryMetadata(id)).fileSize;
	return { bytes, open: async () => await context.helpers.getBinaryStream(id, HEAD_BYTES) };
}

async function* chunksOf(data: Buffer) {
	for (let at = 0; at < data.length; at += HEAD_BYTES) yield data.subarray(at, at + HEAD_BYTES);
}

async function readHead(open: FilePart['open']): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of await open()) {
		chunks.push(chunk);
		bytes += chunk.length;
		if (bytes >= HEAD_BYTES) break;
	}
	return Buffer.concat(chunks).subarray(0, HEAD_BYTES);
}

/** The API goes by the part's type; the extension only has to agree with it. */
function partName(binary: IBinaryData, { extension, mimeType }: ImageFormat): string {
	const name = binary.fileName ?? '';
	if (name !== '' && binary.mimeType === mimeType) return name;
	return `${name.replace(/\.[^.]*$/, '') || 'image'}.${extension}`;
}
