import type { IDataObject } from 'n8n-workflow';
import { Base64Decoder, Base64Error } from './base64';
import { ByteSource } from './byteSource';
import { broken, cutOff, JsonText } from './jsonText';

const NEWLINE = Buffer.from('\n');

const [QUOTE, LF, SPACE, COLON, BRACE, ANGLE] = [0x22, 0x0a, 0x20, 0x3a, 0x7b, 0x3c];

/** White space and the byte order mark. */
const BEFORE_TEXT = [SPACE, LF, 0x0d, 0x09, 0xef, 0xbb, 0xbf];

/** One JSON document of an answer: the whole body, or the data of one server-sent event. */
export interface AnswerMessage {
	/** The event's name; `undefined` for a JSON body. */
	event?: string;
	/** The parsed document; every `b64_json` holds the number of its image in the answer, "0" first. */
	body: IDataObject;
}

/**
 * Takes the bytes of one image while they arrive. What it leaves unread is skipped.
 * `bytes` throws {@link RequestFailure} when the text is damaged or cut off; `before` is the document up to the image.
 */
export type ImageSink = (
	bytes: AsyncGenerator<Buffer>,
	event: string | undefined,
	before: JsonText,
) => Promise<void>;

/**
 * Reads an answer of the Images API, JSON or server-sent events, without ever holding an image:
 * each `b64_json` is decoded and handed on while it comes in.
 *
 * @param body chunks of the response body; overwritten while they are read
 * @param onImage called once for each image, in order
 * @returns the documents of the answer, in order, each after its images
 * @throws {RequestFailure} `interrupted` when the body is cut off, `answer` when it is empty, HTML or not valid JSON;
 *   whatever `body` throws
 */
export async function* readAnswer(
	body: AsyncIterable<Buffer>,
	onImage: ImageSink,
): AsyncGenerator<AnswerMessage> {
	const reader = new AnswerReader(new ByteSource(body), onImage);
	const first = await reader.firstByte();
	if (first === undefined) throw broken('The answer is empty');
	if (first === ANGLE) throw broken('The answer is a web page, not an answer of the Images API');
	if (first !== BRACE) return yield* reader.events();
	yield { body: await reader.document() };
}

/**
 * Reads JSON documents that stand on lines of their own, such as the results of a batch, as {@link readAnswer} reads
 * an answer: an image is never held, and neither is a line.
 *
 * @returns the documents, in order; the images of all of them are numbered through
 * @throws {RequestFailure} `interrupted` when a line is cut off, `answer` when it is not a JSON object;
 *   whatever `body` throws
 */
export async function* readJsonLines(
	body: AsyncIterable<Buffer>,
	onImage: ImageSink,
): AsyncGenerator<IDataObject> {
	const reader = new AnswerReader(new ByteSource(body), onImage);
	while ((await reader.firstByte()) !== undefined) yield await reader.line();
}

class AnswerReader {
	private imageCount = 0;
	private inImage = false;

	constructor(
		private readonly source: ByteSource,
		private readonly onImage: ImageSink,
	) {}

	async firstByte(): Promise<number | undefined> {
		while (await this.source.ready()) {
			const byte = this.source.chunk[this.source.at];
			if (byte !== undefined && !BEFORE_TEXT.includes(byte)) return byte;
			this.source.at += 1;
		}
		return undefined;
	}

	async document(): Promise<IDataObject> {
		const text = new JsonText();
		const problem = await this.readAll(text).then(() => undefined, asError);
		const parsed = problem && this.inImage ? undefined : text.parsed();
		// A connection that breaks behind the last byte has cost nothing.
		if (parsed) return parsed;
		throw problem ?? text.problem();
	}

	async line(): Promise<IDataObject> {
		const text = new JsonText();
		await this.dataLine(text, undefined);
		return text.parse();
	}

	private async readAll(text: JsonText) {
		while (await this.source.ready()) await this.scan(text, this.source.chunk.length, undefined);
	}

	/** Server-sent events: HTML Living Standard §9.2.6. */
	async *events(): AsyncGenerator<AnswerMessage> {
		let event: string | undefined;
		let text: JsonText | undefined;
		let hasEvents = false;
		for (;;) {
			const field = await this.field();
			if (field === undefined || field === '') {
				hasEvents ||= text !== undefined;
				if (text && !text.is('[DONE]')) yield { event, body: text.parse() };
				if (field === undefined) break;
				event = text = undefined;
			} else if (field === 'data') {
				if (text) text.add(NEWLINE);
				else text = new JsonText();
				await this.dataLine(text, event);
			} else {
				const value = await this.restOfLine();
				if (field === 'event') event = value;
			}
		}
		if (!hasEvents) throw cutOff('The answer is cut off or neither JSON nor a stream of events');
	}

	/** @returns the name of the next field with a value, `''` for an empty line, `undefined` at the end */
	private async field(): Promise<string | undefined> {
		let name = '';
		while (await this.source.ready()) {
			const byte = this.source.chunk[this.source.at++] ?? 0;
			if (byte === COLON) {
				if ((await this.source.ready()) && this.source.chunk[this.source.at] === SPACE) {
					this.source.at += 1;
				}
				return name || 'comment';
			}
			if (byte !== LF) name += String.fromCharCode(byte);
			else if (name.trim() === '') return '';
			else name = '';
			if (name.length > 64) throw broken('The answer is neither JSON nor a stream of events');
		}
		if (name.trim() === '') return undefined;
		throw cutOff('The answer is cut off or neither JSON nor a stream of events');
	}

	private async restOfLine(): Promise<string> {
		let value = '';
		while (await this.source.ready()) {
			const end = this.source.find(LF);
			value += this.source.take(end).toString('latin1');
			if (this.source.at < this.source.chunk.length) {
				this.source.at += 1;
				break;
			}
			if (value.length > 65_536) throw broken('The stream of events is damaged');
		}
		return value.trim();
	}

	private async dataLine(text: JsonText, event: string | undefined) {
		while (await this.source.ready()) {
			const end = this.source.find(LF);
			const isWhole = end < this.source.chunk.length;
			const chunk = this.source.chunk;
			await this.scan(text, end, event);
			// An image may have led into another chunk; the line goes on there.
			if (isWhole && this.source.chunk === chunk && this.source.at === end) {
				this.source.at += 1;
				return;
			}
		}
	}

	/** Goes on to `end` of the chunk, or to the end of the next image. */
	private async scan(text: JsonText, end: number, event: string | undefined) {
		const value = text.scanner.findValue(this.source.chunk, this.source.at, end);
		if (value < 0) return text.add(this.source.take(end));
		text.add(this.source.take(value - 1));
		this.source.at = value;
		text.add(Buffer.from(`"${this.imageCount++}"`));
		this.inImage = true;
		const bytes = this.imageBytes();
		await this.onImage(bytes, event, text);
		// Ends a read that is still under way: the chunks have one reader at a time.
		await bytes.return(undefined);
		// The sink may have stopped early; what follows in the answer is still wanted.
		while (this.inImage && (await this.source.ready())) this.takeImagePiece();
	}

	private async *imageBytes(): AsyncGenerator<Buffer> {
		const decoder = new Base64Decoder();
		while (this.inImage && (await this.source.ready())) {
			const piece = this.takeImagePiece();
			const bytes = decode(() => decoder.decode(piece));
			if (bytes.length > 0) yield bytes;
		}
		if (this.inImage) throw cutOff('The answer is cut off in the middle of an image');
		const last = decode(() => decoder.end());
		if (last.length > 0) yield last;
	}

	private takeImagePiece(): Buffer {
		const end = this.source.find(QUOTE);
		const piece = this.source.take(end);
		if (end < this.source.chunk.length) {
			this.source.at += 1;
			this.inImage = false;
		}
		return piece;
	}
}

function decode(work: () => Buffer): Buffer {
	let problem: string;
	try {
		return work();
	} catch (error) {
		problem = error instanceof Base64Error ? error.message : 'the image could not be decoded';
	}
	throw broken(`The answer cannot be read: ${problem}`);
}

const asError = (problem: unknown) =>
	problem instanceof Error ? problem : cutOff(String(problem));
