import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { BodyStream } from '../../openai/client';
import { RequestFailure } from '../../errors/failure';
import { readDimensions, type Dimensions } from '../input/dimensions';
import { detectFormat, MAGIC_BYTES, unknownFormat, type ImageFormat } from '../input/format';

/** Pieces are joined up to here before they are written: each write costs a turn of Node's thread pool. */
const WRITE_BYTES = 128 * 1024;

/** An image that lies in n8n's binary store. */
export interface StoredImage {
	binary: IBinaryData;
	format: ImageFormat;
	/** Pixels, where the first bytes tell. */
	dimensions?: Dimensions;
}

/** What is known of an image when its first bytes are there. */
export interface IncomingImage {
	format: ImageFormat;
	/** Pixels, where the first bytes tell. */
	dimensions?: Dimensions;
}

/**
 * Writes the bytes of an image into n8n's binary store while they arrive.
 *
 * @param body the response body, whose class makes the stream n8n asks for
 * @param bytes the image
 * @param name makes the file name
 * @param wanted the `output_format` that was asked for; a model may know more of them than this version
 * @throws {RequestFailure} `answer` when the bytes are no picture, `store` when n8n cannot store them;
 *   whatever `bytes` throws
 */
export async function storeImage(
	context: IExecuteFunctions,
	body: BodyStream,
	bytes: AsyncGenerator<Buffer>,
	name: (image: IncomingImage) => string,
	wanted: unknown,
): Promise<StoredImage> {
	const head = await firstBytes(bytes);
	const format = detectFormat(head) ?? (head.length > 0 ? unknownFormat(wanted) : undefined);
	if (!format) {
		throw new RequestFailure({
			kind: 'answer',
			reason: head.length === 0 ? 'The image is empty' : 'The bytes are no picture',
		});
	}
	let broken: unknown;
	async function* all() {
		let pieces = [head];
		let length = head.length;
		for (;;) {
			// Only what the source throws: n8n's store throws into this generator, too.
			const next = await bytes.next().catch((error: unknown) => {
				broken = error;
				return Promise.reject(error);
			});
			if (!next.done) {
				pieces.push(next.value);
				length += next.value.length;
			}
			if (next.done || length >= WRITE_BYTES) {
				yield Buffer.concat(pieces);
				[pieces, length] = [[], 0];
			}
			if (next.done) return;
		}
	}
	let problem: unknown;
	try {
		const stream = toStream(body, all());
		const dimensions = readDimensions(head);
		const fileName = name({ format, dimensions });
		const binary = await context.helpers.prepareBinaryData(stream, fileName, format.mimeType);
		return { binary, format, dimensions };
	} catch (error) {
		problem = broken ?? new RequestFailure({ kind: 'store', reason: messageOf(error) });
	}
	throw problem;
}

async function firstBytes(bytes: AsyncGenerator<Buffer>): Promise<Buffer> {
	let head: Buffer = Buffer.alloc(0);
	while (head.length < MAGIC_BYTES) {
		const next = await bytes.next();
		if (next.done) break;
		head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
	}
	return head;
}

/** n8n wants a Node stream; the class of one is at hand, so nothing has to be imported. */
function toStream(body: BodyStream, bytes: AsyncGenerator<Buffer>): BodyStream {
	const { constructor } = body;
	if ('from' in constructor && typeof constructor.from === 'function') {
		return constructor.from(bytes, { objectMode: false });
	}
	throw new RequestFailure({ kind: 'store', reason: 'This n8n version hands out no Node stream' });
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
