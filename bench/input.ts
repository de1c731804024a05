import { fs, path } from '../test/node';
import { NoiseImages } from '../test/simulator/noise';

/** Writes a PNG of 1024 x 1024 pixels and exactly so many bytes into the folder. @returns its path */
export async function noiseImage(folder: string, bytes: number): Promise<string> {
	const { base64 } = await new NoiseImages(bytes).get(1024, 1024);
	const file = path.join(folder, `input-${bytes}.png`);
	fs.writeFileSync(file, Buffer.from(base64.toString('latin1'), 'base64'));
	return file;
}
