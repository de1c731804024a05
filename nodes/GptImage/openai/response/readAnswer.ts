import { BOUNDS } from '../../bounds';
import { readErrorText } from '../../errors/errorText';
import { ByteSource } from './byteSource';
import { Documents, isPreview, type OpenDocument, type Step } from './documents';
import { ImageBytes } from './imageBytes';
import { broken, cutOff, NO_IMAGE } from './jsonText';

const [BRACE, BRACKET, ANGLE] = [0x7b, 0x5b, 0x3c];

/** White space and the byte order mark. */
const BEFORE_TEXT = [0x20, 0x0a, 0x0d, 0x09, 0xef, 0xbb, 0xbf];

/** How much of an answer that is something else is searched for words. */
const WORDS_BYTES = 4096;

/** One JSON document of an answer: the whole body, or the data of one server-sent event. */
export interface AnswerMessage {
	/** The event's name; `''` when it has none, `undefined` for a JSON body. */
	event?: string;
	/** The parsed document; every `b64_json` that is not empty holds the number of its image in the answer, "0" first. */
	body: Record<string, unknown>;
	/** Its image is a preview. */
	isPreview: boolean;
	/** The document is cut off or damaged: `body` is what is whole of it. */
	isCut: boolean;
}

/** An image while its bytes arrive. */
export interface ArrivingImage {
	/** In the answer, "0" first, as in the document. */
	number: string;
	/** Whether it is a preview; `undefined` while nobody can tell. */
	isPreview: boolean | undefined;
}

/**
 * Takes the bytes of one image while they arrive. What it leaves unread is skipped. `bytes` throws
 * {@link RequestFailure} when the image is damaged, cut off or too large, and {@link UnwantedPreview}.
 */
export type ImageSink = (bytes: AsyncGenerator<Buffer>, image: ArrivingImage) => Promise<void>;

/** An image turned out to be a preview behind its last byte, and previews are not wanted. */
export class UnwantedPreview extends Error {}

export interface ReadSettings {
	/** How many images were asked for; when they are there, little time is left for the rest. */
	images: number;
	keepPartials: boolean;
	/** Calls back after so many milliseconds. */
	alarm: (ms: number, act: () => void) => void;
}

/**
 * Reads an answer of the Images API, JSON or server-sent events, without ever holding an image:
 * each `b64_json` is decoded and handed on while it comes in.
 *
 * @param body chunks of the response body; overwritten while they are read
 * @param onImage called once for each image, in order
 * @returns the documents of the answer, in order, each after its images; what is whole of a damaged one, too
 * @throws {RequestFailure} at the end, `interrupted` when the body is cut off, `answer` when it is empty, binary, HTML
 *   or not valid JSON; whatever `body` or `onImage` throws
 */
export async function* readAnswer(
	body: AsyncIterable<Buffer>,
	settings: ReadSettings,
	onImage: ImageSink,
): AsyncGenerator<AnswerMessage> {
	const source = new ByteSource(body, settings.alarm);
	const first = await firstByte(source);
	if (first === undefined) throw broken('The answer is empty');
	if (isBinary(first)) throw broken('The answer is binary data, e.g. a picture, not JSON');
	const start = source.chunk.toString('utf8', source.at, source.at + WORDS_BYTES);
	if (first === ANGLE) {
		throw broken(`The answer is a web page, not an answer of the Images API${wordsOf(start)}`);
	}
	const isStream = first !== BRACE && first !== BRACKET;
	const reader = new AnswerReader(source, isStream, settings, onImage);
	let isNone = true;
	let problem: unknown;
	for (let step: Step = 'end'; step !== 'cut' && (isStream || isNone); ) {
		const document = reader.documents.begin();
		try {
			step = await reader.read(document);
		} catch (error) {
			step = 'cut';
			problem ??= error;
		}
		isNone &&= isStream && !document.hasData;
		if (document.text.word === '[DONE]') break;
		const message = messageOf(document, isStream);
		if (message?.isCut) problem ??= document.text.problem();
		if (message) yield message;
	}
	if (problem !== undefined) throw problem;
	if (isNone) {
		throw cutOff(`The answer is cut off or neither JSON nor a stream of events${wordsOf(start)}`);
	}
}

/** Reads documents with their images. */
class AnswerReader {
	readonly documents: Documents;
	private count = 0;
	private whole = 0;

	constructor(
		private readonly source: ByteSource,
		private readonly isStream: boolean,
		private readonly settings: ReadSettings,
		private readonly onImage: ImageSink,
	) {
		this.documents = new Documents(source, isStream, () => this.whole >= settings.images);
	}

	/** Reads one document to its end. */
	async read(document: OpenDocument): Promise<Step> {
		let step = await this.documents.next(document);
		while (step === 'image') step = await this.image(document);
		if (this.isStream) this.source.relax();
		return step;
	}

	/** Hands one image on. @returns what comes behind it in the document */
	private async image(document: OpenDocument): Promise<Step> {
		const bytes = new ImageBytes(this.source, this.isStream);
		if (await bytes.isEmpty()) {
			document.text.add(NO_IMAGE);
			return await this.documents.next(document);
		}
		const number = String(this.count++);
		document.text.add(Buffer.from(`"${number}"`));
		const rest: { step?: Step } = {};
		const handed = this.bytesOf(bytes, document, rest);
		await this.onImage(handed, {
			number,
			get isPreview() {
				return isPreview(document);
			},
		});
		// Ends a read that is still under way: the chunks have one reader at a time.
		await handed.return(undefined);
		// The sink may have stopped early; what follows in the answer is still wanted.
		await bytes.skip();
		if (bytes.isClosed && isPreview(document) !== true) this.whole += 1;
		// An event is sent in one go; in a body other images may come.
		if (this.isStream || this.whole >= this.settings.images) {
			this.source.hurry(BOUNDS.afterImagesMs);
		}
		return rest.step ?? (await this.documents.next(document));
	}

	private async *bytesOf(bytes: ImageBytes, document: OpenDocument, rest: { step?: Step }) {
		yield* bytes.read();
		if (!this.isStream || isPreview(document) !== undefined) return;
		// Nobody must take a preview for the image: the rest of the event tells before the last byte is taken for it.
		this.source.hurry(BOUNDS.afterImagesMs);
		rest.step = await this.documents.next(document);
		if (isPreview(document) === true && !this.settings.keepPartials) {
			throw new UnwantedPreview('It is a preview');
		}
		const isOpen = rest.step === 'cut' && !document.text.scanner.isDone;
		if (isOpen && isPreview(document) === undefined) {
			throw cutOff('The answer is cut off behind an image that may be a preview');
		}
	}
}

function messageOf(document: OpenDocument, isStream: boolean): AnswerMessage | undefined {
	const { text, name } = document;
	// A word in place of a document is a sign of life.
	if (isStream && (!document.hasData || text.word !== undefined)) return undefined;
	const parsed = text.parsed();
	return {
		...(isStream && { event: name ?? text.scanner.type ?? '' }),
		body: parsed ?? text.rest(),
		isPreview: isPreview(document) ?? false,
		isCut: parsed === undefined,
	};
}

async function firstByte(source: ByteSource): Promise<number | undefined> {
	while (await source.ready()) {
		for (; source.at < source.chunk.length; source.at++) {
			const byte = source.chunk[source.at];
			if (byte !== undefined && !BEFORE_TEXT.includes(byte)) return byte;
		}
	}
	return undefined;
}

/** No text in UTF-8 begins with such a byte (RFC 3629 §4): PNG, JPEG and gzip do. */
const isBinary = (byte: number) => byte < 0x20 || (byte >= 0x80 && byte < 0xc2) || byte > 0xf4;

function wordsOf(text: string): string {
	const { words } = readErrorText(text);
	return words === '' ? '' : `: ${words}`;
}
