import sharp from 'sharp';

import { badImageRequest, badRequest } from './apiError';
import type { ReceivedFile } from './types';

/** An input image whose bytes were recognised. Width and height after EXIF orientation. */
export interface InputImage {
	bytes: Buffer;
	sha256: string;
	width: number;
	height: number;
	format: string;
	hasAlpha: boolean;
}

/** A file with the name the API calls it in its messages. */
export interface NamedFile {
	name: string;
	file: Pick<ReceivedFile, 'bytes' | 'size' | 'contentType' | 'sha256'>;
	/** JSON inputs have no file mimetype of their own. */
	fromJson?: boolean;
}

const MIMETYPES = ['image/jpeg', 'image/png', 'image/webp'];
const FORMATS = ['jpeg', 'png', 'webp'];
const MAX_IMAGE_BYTES = 50 * 1000 * 1000;
const MAX_MASK_BYTES = 4 * 1000 * 1000;

const invalidFile = (message: string, param: string) =>
	badImageRequest(message, param, 'invalid_image_file');

/** Checks and reads one input image. @throws ApiError 400 */
export async function readImage(named: NamedFile): Promise<InputImage> {
	return await readFile(named, MAX_IMAGE_BYTES);
}

async function readFile({ name, file, fromJson }: NamedFile, max: number): Promise<InputImage> {
	if (!fromJson && !MIMETYPES.includes(file.contentType)) {
		throw badRequest(
			`Invalid file '${name}': unsupported mimetype ('${file.contentType}'). Supported file formats are 'image/jpeg', 'image/png', and 'image/webp'.`,
			name,
			'unsupported_file_mimetype',
		);
	}
	if (file.size >= max) {
		throw badRequest(
			`Invalid file '${name}': file too large. Expected less than ${max / 1_000_000}MB, but got ${file.size} bytes.`,
			name,
			'image_file_too_large',
		);
	}
	const metadata = await sharp(file.bytes, { failOn: 'none' })
		.metadata()
		.catch(() => undefined);
	if (!metadata || !FORMATS.includes(metadata.format)) {
		throw invalidFile(
			`Invalid image file or mode for ${name}, please check your image file.`,
			name,
		);
	}
	return {
		bytes: file.bytes,
		sha256: file.sha256,
		width: metadata.autoOrient.width,
		height: metadata.autoOrient.height,
		format: metadata.format,
		hasAlpha: metadata.hasAlpha,
	};
}

/** Checks and reads a mask or a markup: a PNG with alpha as large as the first image. */
export async function readOverlay(named: NamedFile, first: InputImage): Promise<InputImage> {
	const { name } = named;
	const overlay = await readFile(named, MAX_MASK_BYTES);
	if (overlay.format !== 'png' || !overlay.hasAlpha) {
		throw invalidFile(`Invalid ${name}: expected a PNG file with an alpha channel.`, name);
	}
	if (overlay.width !== first.width || overlay.height !== first.height) {
		throw invalidFile(
			`Invalid ${name}: its size (${overlay.width}x${overlay.height}) does not match the size of the first image (${first.width}x${first.height}).`,
			name,
		);
	}
	return overlay;
}

/** @throws ApiError 400 for a markup without transparent pixels */
export async function requireTransparency({ name, file }: NamedFile): Promise<void> {
	// In noise mode there is not enough of the file to look at its pixels.
	if (file.bytes.length < file.size) return;
	if ((await sharp(file.bytes).stats()).isOpaque) {
		throw invalidFile(`Invalid ${name}: it must contain transparent pixels.`, name);
	}
}
