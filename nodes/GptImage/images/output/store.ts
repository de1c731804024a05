import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { orAborted } from '../../abort';
import { BOUNDS } from '../../bounds';
import { RequestFailure } from '../../errors/failure';
import type { BodyStream } from '../../openai/client';
import { detectFormat, MAGIC_BYTES, unknownFormat, type ImageFormat } from '../input/format';
import { isMarkup } from '../input/markup';
import type { Dimensions } from '../scan/facts';
import { PictureScan } from '../scan/pictureScan';
import { messageOf } from '../../values';

/** An image with fewer bytes is written in one piece, once it is there. */
const STREAM_BYTES = 128 * 1024;

/**
 * Pieces of a stream are joined up to here before they are written: each write costs a turn of Node's thread pool. With
 * an eighth of it an image takes a twentieth more of a processor, and no less memory.
 */
const WRITE_BYTES = 1024 * 1024;

/** So many first bytes are looked at for the size, which the file name may have in it. */
const MAX_HEAD_BYTES = 32 * 1024;

/** What is known of an image when its first bytes are there. */
export interface IncomingImage {
	format: ImageFormat;
	/** Pixels, where the first bytes tell. */
	dimensions?: Dimensions;
}

/** An image that lies in n8n's binary store. */
export interface StoredImage extends IncomingImage {
	binary: IBinaryData;
	/** Why it is not put together with the first image of its edit, although that was asked for. */
	keepRestError?: string;
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
 * @throws {RequestFailure} `answer` when the bytes are not a whole picture of a kind that may be handed on, `store` when
 *   n8n cannot store them; whatever `bytes` throws; the signal's reason
 */
export async function storeImage(
	context: IExecuteFunctions,
	body: BodyStream,
	bytes: AsyncGenerator<Buffer>,
	{ format: wanted, name, signal }: Expected,
): Promise<StoredImage> {
	const { format, pieces } = await begin(bytes, wanted);
	let problem: unknown;
	let stream: BodyStream | undefined;
	try {
		await pieces.fill(STREAM_BYTES);
		const dimensions = pieces.scan.size;
		const fileName = name({ format, dimensions });
		// A small image is no stream: n8n need not ask for its size afterwards, which is a turn of the thread pool.
		const content = pieces.isWhole ? pieces.take() : (stream = toStream(body, pieces.all()));
		const storing = context.helpers.prepareBinaryData(content, fileName, format.mimeType);
		const binary = await orAborted(storing, signal);
		return { binary, format, dimensions };
	} catch (error) {
		stream?.destroy();
		const { broken } = pieces;
		problem = broken ?? new RequestFailure({ kind: 'store', reason: messageOf(error) });
	}
	signal?.throwIfAborted();
	throw problem;
}

/** The bytes of an image on their way into the store, joined to pieces that are worth a write. */
class Pieces {
	/** What went wrong with the image itself; n8n's store throws into its stream, too. */
	broken: unknown;
	/** All bytes have arrived. */
	isWhole = false;
	/**
	 * Let go as soon as it is handed on. What n8n made for the request lives on until V8 looks at its old objects, which
	 * may be hundreds of images later, and with it all that it leads to.
	 */
	private waiting: Buffer[];
	private length: number;
	private total: number;

	constructor(
		private readonly bytes: AsyncGenerator<Buffer>,
		readonly scan: PictureScan,
		head: Buffer,
	) {
		this.waiting = [head];
		this.length = this.total = head.length;
	}

	/** Waits until so many bytes are there, or all. @throws what is wrong with the image */
	async fill(enough: number) {
		try {
			while (!this.isWhole && this.length < enough) await this.read();
		} catch (error) {
			this.broken = error;
		}
		if (this.broken !== undefined) throw this.broken;
	}

	/** @returns what has arrived and was not taken before */
	take(): Buffer {
		const taken = this.waiting;
		[this.waiting, this.length] = [[], 0];
		return Buffer.concat(taken);
	}

	/** @returns what was not taken before and all that is still to come */
	async *all(): AsyncGenerator<Buffer> {
		for (;;) {
			await this.fill(WRITE_BYTES);
			yield this.take();
			if (this.isWhole) return;
		}
	}

	private async read() {
		const next = await this.bytes.next();
		if (!next.done) {
			this.scan.write(next.value);
			this.waiting.push(next.value);
			this.length += next.value.length;
			this.total += next.value.length;
		}
		if (this.total > BOUNDS.imageBytes) throw unusable(TOO_LONG);
		this.isWhole = next.done ?? false;
		const problem = this.isWhole ? this.scan.problem() : undefined;
		if (problem) throw unusable(`The image ${problem} after ${this.total} bytes`);
	}
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
	if (!known) throw unusable('The bytes are not a picture');
	return { format: known, pieces: new Pieces(bytes, scan ?? scanOf(known, head), head) };
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
	if (makesStreams(constructor)) return constructor.from(bytes, { objectMode: false });
	throw new RequestFailure({ kind: 'store', reason: 'This n8n version hands out no Node stream' });
}

const makesStreams = (
	constructor: object,
): constructor is { from(bytes: AsyncIterable<Buffer>, options: object): BodyStream } =>
	'from' in constructor && typeof constructor.from === 'function';
