import type { IBinaryData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { isRecord } from '../../values';
import { parameterError } from '../../errors/parameterError';
import type { RequestFile } from '../../openai/multipart';
import { agentToolOf } from '../output/agentTool';
import { readDimensions } from './dimensions';
import { detectFormat, type ImageFormat } from './format';
import { bytesOf, readHead, storedBytes, type FileBytes } from './stored';

/** `openai` 7.57.0, `ImageEditParams.image`: each under 50 MB, PNG, WebP or JPEG. */
const MAX_BYTES = 50 * 1024 * 1024;
export const EDITABLE = ['png', 'jpeg', 'webp'];

/** A picture that goes along with the request: checked, not yet read. */
export interface InputImage {
	/** How messages call it, e.g. `Input data field "data"`. */
	label: string;
	format: ImageFormat;
	/** The first bytes, for its size and transparency. */
	head: Buffer;
	file: RequestFile;
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
	throw parameterError(
		context,
		itemIndex,
		`${label} cannot be read`,
		"Check that the file still exists in n8n's storage: binary data is deleted with its execution.",
	);
}

/**
 * Reads an image from base64 text, or a data URL.
 *
 * @throws NodeOperationError when it is none, or not a picture that can be edited
 */
export function readBase64(
	context: IExecuteFunctions,
	itemIndex: number,
	value: unknown,
): InputImage {
	const text = String(value ?? '').replace(/^\s*data:[^,]*,|\s+/g, '');
	if (text === '' || !/^[A-Za-z\d+/_-]+={0,2}$/.test(text)) {
		throw parameterError(
			context,
			itemIndex,
			'Base64 is not base64 text',
			'Use the base64 text of an image file, with or without data:image/…;base64, before it.',
		);
	}
	const data = Buffer.from(text, 'base64');
	return inspect(context, itemIndex, 'The image in Base64', { ...bytesOf(data), head: data }, {});
}

/** @returns files that n8n's combined binary mode has put into the JSON, by field name */
export function movedFiles(item: INodeExecutionData | undefined): Record<string, unknown> {
	const files: unknown = item?.json._files;
	return isRecord(files) ? files : {};
}

function findBinary(
	context: IExecuteFunctions,
	itemIndex: number,
	field: unknown,
	{ fromItem, place, label }: { fromItem: number; place: string; label: string },
): IBinaryData {
	const item = context.getInputData()[fromItem];
	const target = (typeof field === 'string' ? movedFiles(item)[field] : undefined) ?? field;
	const found =
		isName(target) || isBinary(target) ? assertBinary(context, fromItem, target) : undefined;
	if (found) return found;
	const names = Object.keys(item?.binary ?? {});
	throw parameterError(
		context,
		itemIndex,
		`${label} does not exist`,
		agentToolOf(context) !== undefined
			? "An AI agent passes no file on. Set the field name to an expression that finds the file, e.g. {{ $('When chat message received').item.binary.data0 }}."
			: names.length > 0
				? `The item has these binary fields: ${names.join(', ')}. Set one of them ${place}.`
				: 'The item has no binary field. Connect a node that passes a file on, or switch its binary output on.',
	);
}

const isName = (value: unknown): value is string => typeof value === 'string';

/** What `$binary` gives in an expression has no `data`. */
const isBinary = (value: unknown): value is IBinaryData =>
	isRecord(value) && typeof value.mimeType === 'string' && ('data' in value || 'id' in value);

function assertBinary(context: IExecuteFunctions, itemIndex: number, target: string | IBinaryData) {
	try {
		return context.helpers.assertBinaryData(itemIndex, target);
	} catch {
		return undefined;
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
		throw parameterError(
			context,
			itemIndex,
			`${label} is ${format ? `a ${format.name.toUpperCase()} file` : 'not a picture'}`,
			'Images can be edited when they are PNG, JPEG or WebP. Convert the file before this node.',
		);
	}
	if (file.bytes >= MAX_BYTES) {
		throw parameterError(
			context,
			itemIndex,
			`${label} has ${file.bytes} bytes`,
			'The API takes images under 50 MB. Make it smaller before this node.',
		);
	}
	const fileName = partName(named, format);
	const { width, height } = readDimensions(head) ?? {};
	const pixels = width && height ? width * height : undefined;
	return { label, format, head, file: { fileName, mimeType: format.mimeType, pixels, ...file } };
}

/** The API goes by the part's type; the extension only has to agree with it. */
function partName(
	{ fileName = '', mimeType }: Partial<Pick<IBinaryData, 'fileName' | 'mimeType'>>,
	format: ImageFormat,
): string {
	if (fileName !== '' && mimeType === format.mimeType) return fileName;
	return `${fileName.replace(/\.[^.]*$/, '') || 'image'}.${format.extension}`;
}
