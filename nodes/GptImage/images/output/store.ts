import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { orAborted } from '../../abort';
import { BOUNDS } from '../../bounds';
import { RequestFailure } from '../../errors/failure';
import type { BodyStream } from '../../openai/client';
import { detectFormat, MAGIC_BYTES, unknownFormat, type ImageFormat } from '../input/format';
import { isMarkup } from '../input/markup';
import type { Dimensions } from '../scan/facts';
import { PictureScan } from '../scan/pictureScan';

/** Pieces are joined up to here before they are written: each write costs a turn of Node's thread pool. */
const WRITE_BYTES = 128 * 1024;

/** So many first bytes are looked at for the size, which the file name may have in it. */
const MAX_HEAD_BYTES = 32 * 1024;

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

/** What an image is to be. */
export interface Expected {
	/** The `output_format` that was asked for; a model may know more of them than this version. */
	format: unknown;
	/** Makes the file name. */
	name: (image: IncomingImage) => string;
	/** Ends the storing: n8n's store may hang. */
	signal?: AbortSignal;
}

/**
 * Writes the bytes of an image into n8n's binary store while they arrive. It is handed on under its own type, whatever
 * was asked for; but an SVG, which can carry scripts, only when one was asked for. An image that is cut off, damaged
 * or too long is not handed on.
 *
 * @param body the response body, whose class makes the stream n8n asks for
 * @param bytes the image
 * @throws {RequestFailure} `answer` when the bytes are no whole picture of a kind that may be handed on, `store` when
 *   n8n cannot store them; whatever `bytes` throws; the signal's reason
 */
export async function storeImage(
	context: IExecuteFunctions,
	body: BodyStream,
	bytes: AsyncGenerator<Buffer>,
	{ format: wanted, name, signal }: Expected,
): Promise<StoredImage> {
	const { head, scan, format } = await begin(bytes, wanted);
	let broken: unknown;
	/** Only what the source throws: n8n's store throws into this generator, too. */
	const fail = async (error: unknown) => {
		broken = error;
		return await Promise.reject(error);
	};
	async function* all() {
		let pieces = [head];
		let length = head.length;
		let total = length;
		for (;;) {
			const next = await bytes.next().catch(fail);
			if (!next.done) {
				scan.write(next.value);
				pieces.push(next.value);
				length += next.value.length;
				total += next.value.length;
			}
			if (total > BOUNDS.imageBytes) await fail(unusable(TOO_LONG));
			const problem = next.done ? scan.problem() : undefined;
			if (problem) await fail(unusable(`The image ${problem} after ${total} bytes`));
			if (next.done || length >= WRITE_BYTES) {
				yield Buffer.concat(pieces);
				[pieces, length] = [[], 0];
			}
			if (next.done) return;
		}
	}
	let problem: unknown;
	let stream: BodyStream | undefined;
	try {
		stream = toStream(body, all());
		const dimensions = scan.size;
		const storing = context.helpers.prepareBinaryData(
			stream,
			name({ format, dimensions }),
			format.mimeType,
		);
		const binary = await orAborted(storing, signal);
		return { binary, format, dimensions };
	} catch (error) {
		stream?.destroy();
		problem = broken ?? new RequestFailure({ kind: 'store', reason: messageOf(error) });
	}
	signal?.throwIfAborted();
	throw problem;
}

const TOO_LONG = `The image has more than ${BOUNDS.imageBytes} bytes`;

const unusable = (reason: string) => new RequestFailure({ kind: 'answer', reason });

/** Reads on until it is clear what the bytes are, and how large the picture is. */
async function begin(bytes: AsyncGenerator<Buffer>, wanted: unknown) {
	let head: Buffer = Buffer.alloc(0);
	let format: ImageFormat | undefined;
	let scan: PictureScan | undefined;
	while (!scan?.size && head.length < (scan ? MAX_HEAD_BYTES : headBytes(head))) {
		const next = await bytes.next();
		if (next.done) break;
		head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
		if (scan) {
			scan.write(next.value);
			continue;
		}
		format = head.length < MAGIC_BYTES ? undefined : detectFormat(head);
		if (format) scan = scanOf(format, head);
	}
	if (head.length === 0) throw unusable('The image is empty');
	const kind = format ?? detectFormat(head);
	if (kind?.name === 'svg' && wanted !== 'svg') {
		throw unusable(`An SVG came in place of ${nameOf(wanted)}; it could carry scripts`);
	}
	const known = kind ?? (isMarkup(head) ? undefined : unknownFormat(wanted));
	if (!known) throw unusable('The bytes are no picture');
	return { head, format: known, scan: scan ?? scanOf(known, head) };
}

/** How many bytes are needed to tell what they are. */
const headBytes = (head: Buffer) => (isMarkup(head) ? BOUNDS.prologBytes : MAGIC_BYTES);

function scanOf(format: ImageFormat, head: Buffer): PictureScan {
	const scan = new PictureScan(format.name);
	scan.write(head);
	return scan;
}

const nameOf = (wanted: unknown) =>
	typeof wanted === 'string' ? `a picture in ${wanted.slice(0, 10)}` : 'a picture';

/** n8n wants a Node stream; the class of one is at hand, so nothing has to be imported. */
function toStream(body: BodyStream, bytes: AsyncGenerator<Buffer>): BodyStream {
	const { constructor } = body;
	if ('from' in constructor && typeof constructor.from === 'function') {
		return constructor.from(bytes, { objectMode: false });
	}
	throw new RequestFailure({ kind: 'store', reason: 'This n8n version hands out no Node stream' });
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
