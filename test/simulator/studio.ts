import { crypto } from '../node';
import { draw, drawPartial, type Drawn } from './draw';
import type { InputImages } from './inputs';
import { NoiseImages } from './noise';
import type { DrawnImage } from './types';
import type { ImageRequest } from './validate';

/** A finished image as an answer carries it. */
export interface Made extends Omit<Drawn, 'bytes'> {
	base64: Buffer;
	sha256: string;
	/** Absent in noise mode. */
	bytes?: Buffer;
}

/** Pictures kept, so that a request repeated in a test is not drawn again. */
const KEPT = 24;

/** Makes the images of all requests, drawn or noise. */
export class Studio {
	/** Every final image made, in order. */
	readonly images: DrawnImage[] = [];

	private readonly noise: NoiseImages | undefined;

	private readonly kept = new Map<string, Promise<Drawn>>();

	/** @param noiseBytes size of each image in bytes for noise, undefined to draw */
	constructor(noiseBytes: number | undefined) {
		this.noise = noiseBytes === undefined ? undefined : new NoiseImages(noiseBytes);
	}

	/** The final image number `index` of a request. @param again when it was made and recorded before */
	async make(
		request: ImageRequest,
		inputs: InputImages,
		index: number,
		again = false,
	): Promise<Made> {
		const { bytes, ...made } = await (this.noise
			? this.makeNoise(this.noise, request)
			: this.makePicture(request, inputs, index));
		const { sha256, format, width, height } = made;
		const { prompt } = request;
		const record = { ...(bytes && { bytes }), sha256, format, width, height, prompt };
		if (!again) this.images.push(record);
		return { ...made, ...(bytes && { bytes }) };
	}

	/** The base64 of partial image number `index` of a final image. In noise mode: the final image. */
	async partial(made: Made, request: ImageRequest, index: number): Promise<Buffer> {
		if (!made.bytes) return made.base64;
		return toBase64(
			await drawPartial(made.bytes, request, index, made.background === 'transparent'),
		);
	}

	private async makeNoise(noise: NoiseImages, request: ImageRequest): Promise<Made> {
		const { width, height } = request;
		return {
			...(await noise.get(width, height)),
			format: 'png',
			width,
			height,
			background: 'opaque',
		};
	}

	private async makePicture(
		request: ImageRequest,
		inputs: InputImages,
		index: number,
	): Promise<Made & { bytes: Buffer }> {
		const files = [...inputs.images, inputs.mask, inputs.markup].map((file) => file?.sha256);
		const key = JSON.stringify([request, files, index]);
		const drawing = this.kept.get(key) ?? draw(request, inputs, index);
		this.kept.delete(key);
		this.kept.set(key, drawing);
		const [oldest] = this.kept.keys();
		if (this.kept.size > KEPT && oldest !== undefined) this.kept.delete(oldest);
		const drawn = await drawing;
		const sha256 = crypto.createHash('sha256').update(drawn.bytes).digest('hex');
		return { ...drawn, sha256, base64: toBase64(drawn.bytes) };
	}
}

function toBase64(bytes: Buffer): Buffer {
	return Buffer.from(bytes.toString('base64'), 'latin1');
}
