import sharp, { type OutputInfo, type Sharp } from 'sharp';

/** Uncompressed RGBA pixels. */
export interface Pixels {
	data: Buffer;
	info: OutputInfo;
}

/** The RGBA pixels of an image. */
export async function rawPixels(image: Sharp): Promise<Pixels> {
	return await image
		.toColourspace('srgb')
		.ensureAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
}

/** An image to go on with. */
export function fromRaw({ data, info }: Pixels): Sharp {
	const { width, height, channels } = info;
	return sharp(data, { raw: { width, height, channels } });
}

/** One number for each RGBA pixel, over the same memory. */
export function pixelsOf({ data }: Pixels): Uint32Array {
	return new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
}
