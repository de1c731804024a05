import sharp from 'sharp';
import { fs, path } from '../test/node';
import { NoiseImages } from '../test/simulator/noise';

/** Writes a PNG of 1024 x 1024 pixels and exactly so many bytes into the folder. @returns its path */
export async function paddedImage(folder: string, bytes: number): Promise<string> {
	const { base64 } = await new NoiseImages(bytes).get(1024, 1024);
	const file = path.join(folder, `input-${bytes}.png`);
	fs.writeFileSync(file, Buffer.from(base64.toString('latin1'), 'base64'));
	return file;
}

/** Writes a PNG of 1536 x 1024 pixels that hardly shrinks, as photos do. @returns its path */
export async function noisyImage(folder: string): Promise<string> {
	const file = path.join(folder, 'input-noise.png');
	const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
	await sharp({ create: { width: 1536, height: 1024, channels: 3, background: 'teal', noise } })
		.png()
		.toFile(file);
	return file;
}
