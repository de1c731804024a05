import sharp from 'sharp';

import { crypto, zlib } from '../node';

/** An image as the answer needs it, with its base64 ready to be written piece by piece. */
export interface NoiseImage {
	base64: Buffer;
	sha256: string;
}

/**
 * Makes PNGs that are exactly `imageBytes` long: a plain picture of the size asked, followed by an
 * ancillary chunk of random bytes that decoders skip. Each size is made once.
 */
export class NoiseImages {
	private readonly made = new Map<string, NoiseImage>();

	constructor(private readonly imageBytes: number) {}

	/** The PNG of that size in pixels. @throws Error if it does not fit into `imageBytes` */
	async get(width: number, height: number): Promise<NoiseImage> {
		const key = `${width}x${height}`;
		const known = this.made.get(key);
		if (known) return known;
		const plain = await sharp({ create: { width, height, channels: 3, background: 'teal' } })
			.png({ palette: true })
			.toBuffer();
		const png = padded(plain, this.imageBytes);
		const made = {
			base64: Buffer.from(png.toString('base64'), 'latin1'),
			sha256: crypto.createHash('sha256').update(png).digest('hex'),
		};
		this.made.set(key, made);
		return made;
	}
}

/** Length, type, CRC: what a PNG chunk has beside its data. */
const CHUNK_OVERHEAD = 12;

function padded(png: Buffer, length: number): Buffer {
	const room = length - png.length - CHUNK_OVERHEAD;
	if (room < 0) {
		throw new Error(`imageBytes is too small: at least ${png.length + CHUNK_OVERHEAD} bytes`);
	}
	const body = Buffer.concat([Buffer.from('noIs'), crypto.randomBytes(room)]);
	const head = Buffer.alloc(4);
	head.writeUInt32BE(room);
	const crc = Buffer.alloc(4);
	crc.writeUInt32BE(zlib.crc32(body));
	const end = png.length - CHUNK_OVERHEAD;
	return Buffer.concat([png.subarray(0, end), head, body, crc, png.subarray(end)]);
}
