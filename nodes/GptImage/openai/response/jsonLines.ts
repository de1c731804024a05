import { ByteSource } from './byteSource';
import { ImageBytes } from './imageBytes';
import { JsonText } from './jsonText';

const [LF, CR, SPACE] = [0x0a, 0x0d, 0x20];

/**
 * Takes the bytes of one image while they arrive; what it leaves unread is skipped. `bytes` throws
 * {@link RequestFailure} when the image is damaged, cut off or too large; `before` is its line up to the image.
 */
export type LineImageSink = (bytes: AsyncGenerator<Buffer>, before: JsonText) => Promise<void>;

/**
 * Reads JSON documents that stand on lines of their own, such as the results of a batch. No image is ever held: each
 * `b64_json` is decoded and handed on while it comes in.
 *
 * @param body chunks of the file; overwritten while they are read
 * @param onImage called once for each image, in order
 * @returns the documents, in order, each after its images; every `b64_json` holds the number of its image in the file
 * @throws {RequestFailure} `interrupted` when a line is cut off, `answer` when it is not valid JSON; whatever `body` or
 *   `onImage` throws
 */
export async function* readJsonLines(
	body: AsyncIterable<Buffer>,
	onImage: LineImageSink,
): AsyncGenerator<Record<string, unknown>> {
	// The file is waited for as long as it takes: what it is read from knows the limits.
	const source = new ByteSource(body, () => {});
	let images = 0;
	while (await atText(source)) {
		const text = new JsonText();
		while (await readOn(source, text)) {
			text.add(Buffer.from(`"${images++}"`));
			// Like an event, a line ends an image that is cut off.
			const bytes = new ImageBytes(source, true);
			const pieces = bytes.read();
			await onImage(pieces, text);
			// Ends a read that is still under way: the chunks have one reader at a time.
			await pieces.return(undefined);
			await bytes.skip();
		}
		const parsed = text.parsed();
		if (!parsed) throw text.problem();
		yield parsed;
	}
}

/** Reads on in a line. @returns whether an image comes next; otherwise the line is over */
async function readOn(source: ByteSource, text: JsonText): Promise<boolean> {
	while (await source.ready()) {
		const end = source.find(LF);
		const found = text.scanner.scan(source.chunk, source.at, end);
		// Once, the end of the document is found, too.
		const isImage = found >= 0 && !text.scanner.isDone;
		if (isImage) {
			text.add(source.take(found - 1));
			source.at = found;
			return true;
		}
		text.add(source.take(end));
		if (end === source.chunk.length) continue;
		source.at += 1;
		return false;
	}
	return false;
}

/** Skips empty lines. @returns whether there is another one */
async function atText(source: ByteSource): Promise<boolean> {
	while (await source.ready()) {
		const byte = source.chunk[source.at] ?? 0;
		if (byte !== LF && byte !== CR && byte !== SPACE) return true;
		source.at += 1;
	}
	return false;
}
