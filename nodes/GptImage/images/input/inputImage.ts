import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { readChunks } from '../../abort';
import { BOUNDS } from '../../bounds';
import { parameterError } from '../../errors/parameterError';
import type { RequestFile } from '../../openai/multipart';
import { shownSize, type PictureFacts } from '../scan/facts';
import { PictureScan } from '../scan/pictureScan';
import { checkBase64 } from './base64Text';
import { findBinary } from './binaryField';
import { describeForeign } from './foreign';
import { detectFormat, type ImageFormat } from './format';
import { inlineBytes, storedBytes, type FileBytes } from './stored';

/** `openai` 7.57.0, `ImageEditParams.image`. */
export const EDITABLE = ['png', 'jpeg', 'webp'];

/** A picture that goes along with the request: checked from its first byte to its last, and not kept. */
export interface InputImage {
	/** How messages call it, e.g. `Input data field "data"`. */
	label: string;
	format: ImageFormat;
	facts: PictureFacts;
	file: RequestFile;
}

/** Where a picture comes from. */
export interface ImagePlace {
	/** The input item that has it; the item itself by default. */
	fromItem?: number;
	/** The field of the panel that names it, for messages. */
	place?: string;
	/** Ends the reading of it. */
	signal?: AbortSignal;
}

/**
 * Looks at one binary field: what it is and how large.
 *
 * @param field its name, or a binary object an expression has found elsewhere
 * @throws NodeOperationError that names the field, when it is missing or not a picture that can be edited;
 *   the signal's reason
 */
export async function readInputImage(
	context: IExecuteFunctions,
	itemIndex: number,
	field: unknown,
	{ fromItem = itemIndex, place = 'under Images', signal }: ImagePlace = {},
): Promise<InputImage> {
	const { label, binary } = findBinary(context, itemIndex, field, { fromItem, place });
	const subject = { context, itemIndex, label, named: binary, signal };
	const file = await storedBytes(context, binary, signal).catch(() => undefined);
	signal?.throwIfAborted();
	return await inspect(subject, file);
}

/**
 * Takes an image from base64 text, or a data URL.
 *
 * @param signal ends the reading of it
 * @throws NodeOperationError when it is not base64, or not a picture that can be edited
 */
export async function readBase64(
	context: IExecuteFunctions,
	itemIndex: number,
	value: unknown,
	signal?: AbortSignal,
): Promise<InputImage> {
	const text = typeof value === 'string' ? value : '';
	const label = 'The image in Base64';
	const subject = { context, itemIndex, label, named: {}, signal };
	if (text.length > BOUNDS.inputTextBytes) throw tooLarge(subject, inlineBytes(text).bytes);
	const checked = await checkBase64(text);
	if ('problem' in checked)
		throw parameterError(context, itemIndex, checked.problem, checked.remedy);
	return await inspect(subject, inlineBytes(text, checked.from));
}

interface Subject {
	context: IExecuteFunctions;
	itemIndex: number;
	label: string;
	named: Partial<Pick<IBinaryData, 'fileName' | 'mimeType'>>;
	signal?: AbortSignal;
}

async function inspect(subject: Subject, file: FileBytes | undefined): Promise<InputImage> {
	const { context, itemIndex, label, named } = subject;
	if (file && file.bytes > BOUNDS.inputTextBytes) throw tooLarge(subject, file.bytes);
	const seen = file && (await look(file, subject.signal).catch(() => undefined));
	subject.signal?.throwIfAborted();
	if (!file || !seen) {
		throw parameterError(
			context,
			itemIndex,
			`${label} cannot be read`,
			"Check that the file still exists in n8n's storage: binary data is deleted with its execution.",
		);
	}
	const { picture, head, bytes } = seen;
	if (!picture) {
		const { what, remedy } = describeForeign(head);
		throw parameterError(context, itemIndex, `${label} ${what}`, remedy);
	}
	if (bytes >= BOUNDS.inputBytes) throw tooLarge(subject, Math.max(bytes, file.bytes));
	const { format, scan } = picture;
	const problem = scan.problem();
	if (problem) {
		throw parameterError(
			context,
			itemIndex,
			`${label} ${problem} (${format.name.toUpperCase()} of ${bytes} bytes)`,
			'Pass the whole file on: check in the node before that it opens, and that it was downloaded, decoded or uploaded to its end.',
		);
	}
	const size = shownSize(scan.facts);
	return {
		label,
		format,
		facts: scan.facts,
		file: {
			fileName: partName(named, format),
			mimeType: format.mimeType,
			pixels: size && size.width * size.height,
			bytes,
			...(file.id !== undefined && { id: file.id }),
			open: file.open,
		},
	};
}

/** Reads a file through, up to the most that can be sent. */
async function look({ open }: FileBytes, signal: AbortSignal | undefined) {
	let head = Buffer.alloc(0);
	let bytes = 0;
	let picture: ReturnType<typeof beginScan>;
	for await (const chunk of readChunks(open, signal)) {
		bytes += chunk.length;
		if (picture) {
			picture.scan.write(chunk);
		} else {
			head = Buffer.concat([head, chunk]);
			picture = head.length < BOUNDS.headBytes ? undefined : beginScan(head);
			if (!picture && head.length >= BOUNDS.headBytes) break;
		}
		if (bytes >= BOUNDS.inputBytes) break;
	}
	return { head, bytes, picture: picture ?? beginScan(head) };
}

function beginScan(head: Buffer) {
	const format = detectFormat(head);
	if (!format || !EDITABLE.includes(format.name)) return undefined;
	const scan = new PictureScan(format.name);
	scan.write(head);
	return { format, scan };
}

function tooLarge({ context, itemIndex, label }: Subject, bytes: number) {
	return parameterError(
		context,
		itemIndex,
		`${label} has ${bytes} bytes`,
		'The API takes images under 50 MB. Make it smaller before this node.',
	);
}

/** The API goes by the part's type; the extension only has to agree with it. */
function partName(
	{ fileName = '', mimeType }: Partial<Pick<IBinaryData, 'fileName' | 'mimeType'>>,
	format: ImageFormat,
): string {
	if (fileName !== '' && mimeType === format.mimeType) return fileName;
	return `${fileName.replace(/\.[^.]*$/, '') || 'image'}.${format.extension}`;
}
