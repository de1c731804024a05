import type { IBinaryData } from 'n8n-workflow';
import sharp from 'sharp';
import { storeBinary } from '../harness';
import { crypto } from '../node';

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

const made = new Map<string, Promise<TestFile>>();

/** A picture of one colour; each is made once. */
export async function picture(
	format: 'png' | 'jpeg' | 'webp' | 'gif',
	look: Look = {},
): Promise<TestFile> {
	const key = JSON.stringify([format, look]);
	const file = made.get(key) ?? draw(format, look);
	made.set(key, file);
	return { ...(await file) };
}

async function draw(
	format: 'png' | 'jpeg' | 'webp' | 'gif',
	{ width = 64, height = 64, colour = 'teal' }: Look,
): Promise<TestFile> {
	const channels = colour.startsWith('#') && colour.length === 9 ? 4 : 3;
	const image = sharp({ create: { width, height, channels, background: colour } });
	return {
		fileName: `photo.${format === 'jpeg' ? 'jpg' : format}`,
		mimeType: `image/${format}`,
		bytes: await image.toFormat(format).toBuffer(),
	};
}

/** Makes a PNG that cannot be compressed: about two bytes for each pixel. */
export async function noisePicture(width: number, height: number): Promise<TestFile> {
	const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
	const create = { width, height, channels: 3, background: 'grey', noise } as const;
	return {
		fileName: 'noise.png',
		mimeType: 'image/png',
		bytes: await sharp({ create }).png().toBuffer(),
	};
}

/** Makes a mask: a PNG that is transparent throughout. */
export async function maskPicture(look: Omit<Look, 'colour'> = {}): Promise<TestFile> {
	return await picture('png', { ...look, colour: '#00000000' });
}

/** Makes a mask that is transparent in its left half. */
export async function halfMask(): Promise<TestFile> {
	const mask = await maskPicture();
	const right = { width: 32, height: 64, channels: 4, background: '#000000ff' } as const;
	const input = await sharp({ create: right }).png().toBuffer();
	const bytes = await sharp(mask.bytes)
		.composite([{ input, left: 32, top: 0 }])
		.png()
		.toBuffer();
	return { ...mask, bytes };
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

/** SHA-256 in hexadecimal: comparing megabytes byte by byte is slow in jest. */
export function sha256(bytes: Buffer): string {
	return crypto.createHash('sha256').update(bytes).digest('hex');
}

/**
 * Where a PNG is transparent.
 *
 * @returns left, top, width and height in pixels of all that is transparent, and whether its corners are;
 *   `undefined` when there is no picture, or nothing transparent in it
 */
export async function transparentArea(
	png: Buffer | undefined,
): Promise<[number, number, number, number, 'square' | 'round'] | undefined> {
	if (!png) return undefined;
	const alpha = sharp(png).extractChannel('alpha');
	const { data, info } = await alpha.raw().toBuffer({ resolveWithObject: true });
	const clear = [...data.keys()].filter((index) => data[index] === 0);
	if (clear.length === 0) return undefined;
	const [across, down] = [
		clear.map((index) => index % info.width),
		clear.map((index) => Math.floor(index / info.width)),
	];
	const [left, top] = [Math.min(...across), Math.min(...down)];
	const corner = data[top * info.width + left] === 0 ? 'square' : 'round';
	return [left, top, Math.max(...across) - left + 1, Math.max(...down) - top + 1, corner];
}
