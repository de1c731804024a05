import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { pictureFile, withChunk } from './madePictures';

/** A picture as it is compared: four bytes for each pixel, colours and alpha. */
export interface Pixels {
	width: number;
	height: number;
	data: Buffer;
}

/** @returns what sharp sees in a picture */
export async function pixelsOf(file: Buffer): Promise<Pixels> {
	const image = sharp(file, { unlimited: true });
	const { data, info } = await image
		.toColourspace('srgb')
		.ensureAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
	return { width: info.width, height: info.height, data };
}

export type PngKind =
	| 'grey'
	| 'greyAlpha'
	| 'rgb'
	| 'rgba'
	| 'greyKey'
	| 'rgbKey'
	| `palette${1 | 2 | 4 | 8}`
	| 'paletteAlpha';

export const PNG_KINDS: PngKind[] = [
	'grey',
	'greyAlpha',
	'rgb',
	'rgba',
	'greyKey',
	'rgbKey',
	'palette1',
	'palette2',
	'palette4',
	'palette8',
	'paletteAlpha',
];

interface Look {
	width: number;
	height: number;
	seed: number;
	/** Filter the rows as fits each best, or not at all. */
	isFiltered: boolean;
}

/** A PNG of each kind that can be decoded, with some of everything in it. */
export async function pngOf(
	kind: PngKind,
	{ width, height, seed, isFiltered }: Look,
): Promise<Buffer> {
	const noise = sharp(await pictureFile('png', { width, height, seed }));
	const png = { adaptiveFiltering: isFiltered };
	const grey = noise.clone().toColourspace('b-w');
	const alpha = await noise.clone().toColourspace('b-w').raw().toBuffer();
	const raw = { width, height, channels: 1 as const };
	const veiled = (image: Sharp) => image.joinChannel(alpha, { raw });
	switch (kind) {
		case 'grey':
			return await grey.png(png).toBuffer();
		case 'greyAlpha': {
			// Joined to a grey picture, an alpha channel makes one in colour of it.
			const both = Buffer.alloc(2 * alpha.length);
			for (const [at, value] of alpha.entries()) both.set([value, 255 - value], 2 * at);
			const image = sharp(both, { raw: { width, height, channels: 2 } });
			return await image.toColourspace('b-w').png(png).toBuffer();
		}
		case 'rgb':
			return await noise.png(png).toBuffer();
		case 'rgba':
			return await veiled(noise).png(png).toBuffer();
		case 'greyKey': {
			const value = (await noise.clone().toColourspace('b-w').raw().toBuffer())[0] ?? 0;
			return withChunk(await grey.png(png).toBuffer(), 'tRNS', Buffer.from([0, value]));
		}
		case 'rgbKey': {
			const [red = 0, green = 0, blue = 0] = await noise.clone().raw().toBuffer();
			const key = Buffer.from([0, red, 0, green, 0, blue]);
			return withChunk(await noise.png(png).toBuffer(), 'tRNS', key);
		}
		case 'paletteAlpha':
			return await veiled(noise)
				.png({ ...png, palette: true })
				.toBuffer();
		default: {
			const bitdepth = Number(kind.slice('palette'.length));
			return await noise.png({ ...png, palette: true, colours: 2 ** bitdepth }).toBuffer();
		}
	}
}

export const look = fc.record({
	width: fc.integer({ min: 1, max: 60 }),
	height: fc.integer({ min: 1, max: 60 }),
	seed: fc.integer({ min: 1, max: 1e9 }),
	isFiltered: fc.boolean(),
});

/** A file that can be opened, in chunks of this length. */
export const fileOf = (bytes: Buffer, length = 65_536) => ({
	open: async () => await Promise.resolve(inPieces(bytes, length)),
});

export async function* inPieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
	for (let at = 0; at < bytes.length; at += length) {
		yield await Promise.resolve(bytes.subarray(at, at + length));
	}
}
