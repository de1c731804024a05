import sharp from 'sharp';
import { chunk } from '../../nodes/GptImage/images/png/chunks';

/** Exif data that hold nothing but how a picture is to be turned; little-endian, without a prefix. */
export function exif(orientation: number, fillBytes = 0): Buffer {
	const data = Buffer.alloc(26 + fillBytes);
	data.write('II*\0', 'latin1');
	const directory = 8 + fillBytes;
	data.writeUInt32LE(directory, 4);
	data.writeUInt16LE(1, directory);
	data.writeUInt16LE(0x0112, directory + 2);
	data.writeUInt16LE(3, directory + 4);
	data.writeUInt32LE(1, directory + 6);
	data.writeUInt16LE(orientation, directory + 10);
	return data;
}

/** A picture of 40x30 pixels, or of the given size, with enough in it to have several kilobytes. */
export async function pictureFile(
	format: 'png' | 'jpeg' | 'webp' | 'gif',
	{ width = 40, height = 30, seed = 1 } = {},
): Promise<Buffer> {
	let state = seed;
	const pixels = Buffer.alloc(width * height * 3);
	for (let at = 0; at < pixels.length; at++) {
		state = (state * 1103515245 + 12345) & 0x7fffffff;
		pixels[at] = state >> 16;
	}
	return await sharp(pixels, { raw: { width, height, channels: 3 } })
		.toFormat(format)
		.toBuffer();
}

/** Puts a chunk into a PNG: before its pixels, or between them and the end. */
export function withChunk(
	png: Buffer,
	type: string,
	data: Buffer,
	place: 'front' | 'end' = 'front',
): Buffer {
	const at = place === 'front' ? 33 : png.length - 12;
	return Buffer.concat([png.subarray(0, at), chunk(type, [data]), png.subarray(at)]);
}

/** Puts segments behind the start of a JPEG. */
export function withSegments(
	jpeg: Buffer,
	segments: Array<[marker: number, data: Buffer]>,
): Buffer {
	const written = segments.map(([marker, data]) => {
		const head = Buffer.from([0xff, marker, 0, 0]);
		head.writeUInt16BE(data.length + 2, 2);
		return Buffer.concat([head, data]);
	});
	return Buffer.concat([jpeg.subarray(0, 2), ...written, jpeg.subarray(2)]);
}

/** Makes a simple WebP an extended one with metadata at its end, where its writers put them. */
export function withWebpExif(
	webp: Buffer,
	{ width, height }: { width: number; height: number },
	data: Buffer,
): Buffer {
	const part = (type: string, content: Buffer) => {
		const head = Buffer.alloc(8);
		head.write(type, 'latin1');
		head.writeUInt32LE(content.length, 4);
		return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
	};
	const canvas = Buffer.alloc(10);
	canvas[0] = 0x08;
	canvas.writeUIntLE(width - 1, 4, 3);
	canvas.writeUIntLE(height - 1, 7, 3);
	const body = Buffer.concat([
		Buffer.from('WEBP'),
		part('VP8X', canvas),
		webp.subarray(12),
		part('EXIF', data),
	]);
	const head = Buffer.alloc(8);
	head.write('RIFF', 'latin1');
	head.writeUInt32LE(body.length, 4);
	return Buffer.concat([head, body]);
}
