import { rootElement } from './markup';

/** A picture format the Images API reads or writes. */
export interface ImageFormat {
	/** The API's `output_format` value. */
	name: string;
	mimeType: string;
	/** Without the dot. */
	extension: string;
}

const FORMATS = {
	png: { name: 'png', mimeType: 'image/png', extension: 'png' },
	jpeg: { name: 'jpeg', mimeType: 'image/jpeg', extension: 'jpg' },
	webp: { name: 'webp', mimeType: 'image/webp', extension: 'webp' },
	gif: { name: 'gif', mimeType: 'image/gif', extension: 'gif' },
	svg: { name: 'svg', mimeType: 'image/svg+xml', extension: 'svg' },
} as const satisfies Record<string, ImageFormat>;

/**
 * A format this version does not know, but the user has asked for by its API name.
 *
 * @returns `undefined` for formats whose bytes would have been recognised, and for names that cannot be one
 */
export function unknownFormat(name: unknown): ImageFormat | undefined {
	if (typeof name !== 'string' || name in FORMATS || !/^[a-z\d]{2,10}$/.test(name))
		return undefined;
	return { name, mimeType: `image/${name}`, extension: name };
}

/** So many first bytes are enough to tell every format but SVG, which may begin with comments. */
export const MAGIC_BYTES = 12;

/**
 * Tells the format of a picture by its own first bytes, never by its name.
 *
 * @param head the first bytes, at least {@link MAGIC_BYTES} where the file has them
 * @returns the format; `undefined` for any other bytes
 * Source: PNG (RFC 2083 §3.1), JPEG (ITU T.81 B.1.1.3), WebP (RIFF container), GIF89a §17.
 */
export function detectFormat(head: Buffer): ImageFormat | undefined {
	const ascii = head.toString('latin1', 0, MAGIC_BYTES);
	if (ascii.startsWith('\x89PNG\r\n\x1a\n')) return FORMATS.png;
	if (ascii.startsWith('\xff\xd8\xff')) return FORMATS.jpeg;
	if (ascii.startsWith('RIFF') && ascii.slice(8, 12) === 'WEBP') return FORMATS.webp;
	if (ascii.startsWith('GIF87a') || ascii.startsWith('GIF89a')) return FORMATS.gif;
	// An XHTML page begins like an SVG and can do more.
	return rootElement(head) === 'svg' ? FORMATS.svg : undefined;
}
