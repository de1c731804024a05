import type { IBinaryData } from 'n8n-workflow';
import sharp from 'sharp';
import { storeBinary } from '../engine';

/** A real picture, or a file that is none. */
export interface TestFile {
	fileName: string;
	mimeType: string;
	bytes: Buffer;
}

interface Look {
	/** Pixels; 64 by default. */
	width?: number;
	height?: number;
	/** A CSS colour; one with alpha makes a picture with an alpha channel. */
	colour?: string;
}

/** Makes a picture of one colour. */
export async function picture(
	format: 'png' | 'jpeg' | 'webp' | 'gif',
	{ width = 64, height = 64, colour = 'teal' }: Look = {},
): Promise<TestFile> {
	const channels = colour.startsWith('#') && colour.length === 9 ? 4 : 3;
	const image = sharp({ create: { width, height, channels, background: colour } });
	return {
		fileName: `photo.${format === 'jpeg' ? 'jpg' : format}`,
		mimeType: `image/${format}`,
		bytes: await image.toFormat(format).toBuffer(),
	};
}

/** Makes a mask: a PNG that is transparent throughout. */
export async function maskPicture(look: Omit<Look, 'colour'> = {}): Promise<TestFile> {
	return await picture('png', { ...look, colour: '#00000000' });
}

/** A file that is no picture, whatever it is called. */
export function textFile(): TestFile {
	return {
		fileName: 'photo.png',
		mimeType: 'image/png',
		bytes: Buffer.from('This is no picture, but its name says it is.'),
	};
}

/** Puts files into n8n's binary store, as the `binary` of an item. */
export async function storeFiles(
	files: Record<string, TestFile>,
): Promise<Record<string, IBinaryData>> {
	const stored = Object.entries(files).map(
		async ([field, { bytes, fileName, mimeType }]) =>
			[field, await storeBinary(bytes, fileName, mimeType)] as const,
	);
	return Object.fromEntries(await Promise.all(stored));
}
