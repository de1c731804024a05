import { crypto } from '../node';
import { badRequest } from './apiError';
import { isRecord } from './body';
import { drawSample } from './draw';
import {
	readImage,
	readOverlay,
	requireTransparency,
	type InputImage,
	type NamedFile,
} from './inputFiles';
import { missing, rejectUnknown, wrongType, type RawParameters } from './parameters';
import type { ReceivedFile } from './types';
import type { ImageRequest } from './validate';

/** The images of an edit; all empty for a generation. */
export interface InputImages {
	images: InputImage[];
	mask?: InputImage;
	markup?: InputImage;
}

/** The bytes of the file of that id. @throws ApiError 404 */
export type FileReader = (id: string) => Promise<Buffer>;

const MAX_IMAGES = 16;
const MAX_URL_LENGTH = 20_971_520;

/** Splits the parameters of an edit into those about images and the others. */
export function withoutImages(raw: RawParameters): {
	others: RawParameters;
	images: RawParameters;
} {
	const { image, images, mask, markup, ...others } = raw;
	const arrayField = others['image[]'];
	delete others['image[]'];
	return { others, images: { image, images, mask, markup, 'image[]': arrayField } };
}

/**
 * Checks and reads the images of a multipart edit.
 * @throws ApiError 400
 */
export async function multipartInputs(
	files: ReceivedFile[],
	texts: RawParameters,
	request: ImageRequest,
): Promise<InputImages> {
	for (const [name, value] of Object.entries(texts)) {
		if (value !== undefined) throw wrongType(name, 'a file', value);
	}
	const images = files.filter(({ field }) => field === 'image' || field === 'image[]');
	const others = files.filter((file) => !images.includes(file));
	rejectUnknown(
		Object.fromEntries(others.map(({ field }) => [field, true])),
		new Set(['mask', 'markup']),
	);
	if (images.length === 0) throw missing('image');
	const last = (field: string): NamedFile | undefined => {
		const file = others.findLast((candidate) => candidate.field === field);
		return file && { name: field, file };
	};
	return await readInputs(
		images.map((file, index) => ({
			name: file.field === 'image' && images.length === 1 ? 'image' : `image[${index}]`,
			file,
		})),
		last('mask'),
		last('markup'),
		request,
	);
}

/**
 * Checks and reads the images of a JSON edit. Data URLs are decoded, files read; other URLs are never
 * fetched but stand for a sample image made from their text.
 * @throws ApiError 400, 404 for a file that is not there
 */
export async function jsonInputs(
	{ images, mask, ...rest }: RawParameters,
	request: ImageRequest,
	readFile: FileReader,
): Promise<InputImages> {
	for (const [name, value] of Object.entries(rest)) {
		if (value !== undefined) rejectUnknown({ [name]: value }, new Set());
	}
	if (images === undefined || images === null) throw missing('images');
	if (!Array.isArray(images)) throw wrongType('images', 'an array of objects', images);
	if (images.length === 0) {
		throw badRequest(
			"Invalid 'images': empty array. Expected an array with minimum length 1, but got an empty array instead.",
			'images',
			'empty_array',
		);
	}
	const named = await Promise.all(
		images.map(async (item, index) => await jsonImage(item, `images[${index}]`, readFile)),
	);
	const namedMask =
		mask === undefined || mask === null ? undefined : await jsonImage(mask, 'mask', readFile);
	return await readInputs(named, namedMask, undefined, request);
}

async function jsonImage(item: unknown, name: string, readFile: FileReader): Promise<NamedFile> {
	if (!isRecord(item)) throw wrongType(name, 'an object', item);
	rejectUnknown(item, new Set(['image_url', 'file_id']), `${name}.`);
	const { image_url: url, file_id: fileId } = item;
	if ((url === undefined) === (fileId === undefined)) {
		throw badRequest(
			`Invalid '${name}': expected exactly one of 'image_url' and 'file_id'.`,
			name,
			'invalid_value',
		);
	}
	const text = url ?? fileId;
	if (typeof text !== 'string') throw wrongType(name, 'a string', text);
	if (text.length > MAX_URL_LENGTH) {
		throw badRequest(
			`Invalid '${name}.image_url': string too long. Expected a string with maximum length ${MAX_URL_LENGTH}, but got a string with length ${text.length} instead.`,
			`${name}.image_url`,
			'string_above_max_length',
		);
	}
	const bytes = url === undefined ? await readFile(text) : await urlBytes(text, name);
	const sha256 = crypto.createHash('sha256').update(bytes).digest('hex');
	return { name, file: { bytes, size: bytes.length, contentType: '', sha256 }, fromJson: true };
}

async function urlBytes(text: string, name: string): Promise<Buffer> {
	const data = /^data:[^,]*;base64,/.exec(text);
	if (data) return Buffer.from(text.slice(data[0].length), 'base64');
	if (!/^https?:\/\//.test(text)) {
		throw badRequest(
			`Invalid '${name}.image_url'. Expected a base64-encoded data URL with an image MIME type, or an HTTP(S) URL.`,
			`${name}.image_url`,
			'invalid_value',
		);
	}
	return await drawSample(text, name === 'mask');
}

async function readInputs(
	images: NamedFile[],
	mask: NamedFile | undefined,
	markup: NamedFile | undefined,
	request: ImageRequest,
): Promise<InputImages> {
	if (images.length > MAX_IMAGES) {
		throw badRequest(
			`Invalid 'image': array too long. Expected an array with maximum length ${MAX_IMAGES}, but got an array with length ${images.length} instead.`,
			'image',
			'array_above_max_length',
		);
	}
	const read: InputImage[] = [];
	for (const named of images) read.push(await readImage(named));
	const [first] = read;
	if (!first) throw missing('image');
	const result: InputImages = { images: read };
	if (mask) result.mask = await readOverlay(mask, first);
	if (markup) {
		if (!request.model.markup) {
			throw badRequest(
				`'markup' is not supported for model '${request.model.id}'.`,
				'markup',
				'invalid_value',
			);
		}
		if (mask) {
			throw badRequest("'markup' cannot be combined with 'mask'.", 'markup', 'invalid_value');
		}
		result.markup = await readOverlay(markup, first);
		await requireTransparency(markup);
	}
	if (mask && request.format === 'gif') {
		throw badRequest("GIF output does not support 'mask'.", 'mask', 'invalid_value');
	}
	return result;
}
