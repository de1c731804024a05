import type { RequestFailure } from '../../errors/failure';
import { ByteSource } from './byteSource';
import { ImageBytes } from './imageBytes';
import { broken, JsonText, NO_IMAGE } from './jsonText';

const LF = 0x0a;

/** The number of an image is not longer. */
const NUMBER_BYTES = 16;

/** White space and the byte order mark. */
const BEFORE_LINE = [LF, 0x0d, 0x20, 0xef, 0xbb, 0xbf];

/**
 * Takes the bytes of one image while they arrive; what it leaves unread is skipped. `bytes` throws
 * {@link RequestFailure} when the image is damaged, cut off or too large; `before` is its line up to the image.
 */
export type LineImageSink = (bytes: AsyncGenerator<Buffer>, before: JsonText) => Promise<void>;

/** A document on a line. */
export interface JsonLine {
	/** Every `b64_json` that is not empty holds the number of its image in the file, "0" first. */
	said: Record<string, unknown>;
	/** The line is cut off (`interrupted`), not valid JSON or too long (`answer`): `said` is what is whole of it. */
	problem?: RequestFailure;
}

/**
 * Reads JSON documents that stand on lines of their own, such as the results of a batch. No image is ever held: each
 * `b64_json` is decoded and handed on while it comes in. A line that is damaged costs no other.
 *
 * @param body chunks of the file; overwritten while they are read
 * @param onImage called once for each image, in order
 * @returns the documents, in order, each after its images
 * @throws whatever `body` or `onImage` throws
 */
export async function* readJsonLines(
	body: AsyncIterable<Buffer>,
	onImage: LineImageSink,
): AsyncGenerator<JsonLine> {
	// The file is waited for as long as it takes: what it is read from knows the limits.
	const source = new ByteSource(body, () => {});
	let images = 0;
	while (await atText(source)) {
		const text = new JsonText();
		let step = await readOn(source, text);
		for (; step === 'image'; step = await readOn(source, text)) {
			// Like an event, a line ends an image that is cut off.
			const bytes = new ImageBytes(source, true);
			if (await bytes.isEmpty()) {
				text.add(NO_IMAGE);
				continue;
			}
			text.add(Buffer.from(`"${images++}"`));
			const pieces = bytes.read();
			await onImage(pieces, text);
			// Ends a read that is still under way: the chunks have one reader at a time.
			await pieces.return(undefined);
			await bytes.skip();
		}
		if (step === 'tooLong') await skipLine(source);
		const said = step === 'end' ? text.parsed() : undefined;
		const problem =
			step === 'end' ? text.problem() : broken('A line is longer than any of a batch');
		yield said ? { said } : { said: text.rest(), problem };
	}
}

/** Reads on in a line. @returns whether an image comes next, the line is over, or it has grown beyond all measure */
async function readOn(source: ByteSource, text: JsonText): Promise<'image' | 'end' | 'tooLong'> {
	while (await source.ready()) {
		const end = source.find(LF);
		const found = text.scanner.scan(source.chunk, source.at, end);
		// Once, the end of the document is found, too.
		const isImage = found >= 0 && !text.scanner.isDone;
		const part = source.take(isImage ? found - 1 : end);
		// The numbers of images need some, too.
		const room = Math.max(0, text.room - NUMBER_BYTES);
		text.add(part.subarray(0, room));
		if (part.length > room) return 'tooLong';
		if (isImage) {
			source.at = found;
			return 'image';
		}
		if (end === source.chunk.length) continue;
		source.at += 1;
		return 'end';
	}
	return 'end';
}

/** Leaves the rest of a line unread. */
async function skipLine(source: ByteSource) {
	while (await source.ready()) {
		const end = source.find(LF);
		source.take(end);
		if (end === source.chunk.length) continue;
		source.at += 1;
		return;
	}
}

/** Skips empty lines. @returns whether there is another one */
async function atText(source: ByteSource): Promise<boolean> {
	while (await source.ready()) {
		const byte = source.chunk[source.at] ?? 0;
		if (!BEFORE_LINE.includes(byte)) return true;
		source.at += 1;
	}
	return false;
}
