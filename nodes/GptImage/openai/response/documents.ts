import { sleep } from 'n8n-workflow';
import { BOUNDS } from '../../bounds';
import type { ByteSource } from './byteSource';
import { broken, JsonText } from './jsonText';

const NEWLINE = Buffer.from('\n');

const [LF, CR, SPACE, COLON] = [0x0a, 0x0d, 0x20, 0x3a];

/** The longest name of a field of an event stream is `event`. */
const LONGEST_NAME = 64;

/** n8n does other things for a moment after so many lines: a stream of images has a few, a flood has millions. */
const LINES_AT_ONCE = 256;

/** Where the reading of a document has got to: at an image, at its end, or at the end of all bytes. */
export type Step = 'image' | 'end' | 'cut';

/** A JSON document while it is read: the whole body, or one event. */
export interface OpenDocument {
	/** The event's name, where it has one. */
	name?: string;
	text: JsonText;
	/** An event has at least one line of data. */
	hasData: boolean;
}

/**
 * @returns whether the image of a document is a preview; `undefined` when it does not tell, or not yet. Events:
 *   `ImageGenStreamEvent` and `ImageEditStreamEvent` of `openai` 7.57.0
 */
export function isPreview({ name, text: { scanner } }: OpenDocument): boolean | undefined {
	if (scanner.hasPartialIndex) return true;
	const names = [name, scanner.type];
	if (names.some((one) => one?.endsWith('.partial_image'))) return true;
	return names.some((one) => one?.endsWith('.completed')) ? false : undefined;
}

/** Splits an answer into its JSON documents: one, or the events of a stream (HTML Living Standard §9.2.6). */
export class Documents {
	/** The current line of the stream is data. */
	private inData = false;
	private afterCr = false;
	private lines = 0;

	/** @param hasEnough tells whether all images that were asked for are there */
	constructor(
		private readonly source: ByteSource,
		private readonly isStream: boolean,
		private readonly hasEnough: () => boolean,
	) {}

	begin(): OpenDocument {
		return { text: new JsonText(), hasData: false };
	}

	/**
	 * Reads on in a document; its text is added to it, up to the opening quote of an image.
	 *
	 * @throws {RequestFailure} `answer` when it is too large or no event stream
	 */
	async next(document: OpenDocument): Promise<Step> {
		return this.isStream ? await this.nextOfEvent(document) : await this.nextOfBody(document);
	}

	private async nextOfBody({ text }: OpenDocument): Promise<Step> {
		while (await this.source.ready()) {
			const step = this.scan(text, this.source.chunk.length);
			if (step === 'image' || (step === 'end' && this.hasEnough())) return step;
			// A bracket too many must not cost the images behind it; but nothing has to follow.
			if (step === 'end') this.source.hurry(BOUNDS.afterImagesMs);
		}
		return text.scanner.isDone ? 'end' : 'cut';
	}

	private async nextOfEvent(document: OpenDocument): Promise<Step> {
		for (let hasLines = document.hasData; ; hasLines = true) {
			if (!this.inData) {
				const field = await this.field();
				if (field === undefined) return 'cut';
				if (field === '') {
					if (hasLines) return 'end';
					continue;
				}
				if (field === 'data') this.beginData(document);
				else {
					const value = await this.restOfLine();
					if (field === 'event') document.name = value;
					continue;
				}
			}
			const step = await this.data(document);
			if (step) return step;
		}
	}

	private beginData(document: OpenDocument) {
		if (document.hasData) document.text.add(NEWLINE);
		document.hasData = true;
		this.inData = true;
	}

	/** @returns what stopped it; `undefined` at the end of the line */
	private async data({ text }: OpenDocument): Promise<Step | undefined> {
		while (await this.source.ready()) {
			const end = this.source.find(LF, CR);
			if (this.scan(text, end) === 'image') return 'image';
			if (this.source.at < end || end === this.source.chunk.length) continue;
			this.endLine();
			this.inData = false;
			return undefined;
		}
		return 'cut';
	}

	/** Goes on to `to` in the chunk, to an image, or to the end of the document. */
	private scan(text: JsonText, to: number): 'image' | 'end' | undefined {
		const { chunk, at } = this.source;
		const wasDone = text.scanner.isDone;
		const found = text.scanner.scan(chunk, at, to);
		const isEnd = text.scanner.isDone && !wasDone;
		if (found < 0 || isEnd) {
			text.add(this.source.take(found < 0 ? to : found));
			return isEnd ? 'end' : undefined;
		}
		text.add(this.source.take(found - 1));
		this.source.at = found;
		return 'image';
	}

	/** @returns the name of the next field with a value, `''` for an empty line, `undefined` at the end */
	private async field(): Promise<string | undefined> {
		if (++this.lines % LINES_AT_ONCE === 0) await sleep(0);
		let name = '';
		while (this.source.at < this.source.chunk.length || (await this.source.ready())) {
			const byte = this.source.chunk[this.source.at] ?? 0;
			if (this.afterCr && byte === LF) this.source.at += 1;
			else if (byte === COLON) {
				this.source.at += 1;
				if ((await this.source.ready()) && this.source.chunk[this.source.at] === SPACE) {
					this.source.at += 1;
				}
				return name.trim() || 'comment';
			} else if (byte === LF || byte === CR) {
				this.endLine();
				if (name.trim() === '') return '';
				name = '';
				continue;
			} else {
				name += String.fromCharCode(byte);
				this.source.at += 1;
			}
			this.afterCr = false;
			if (name.length > LONGEST_NAME) {
				throw broken('The answer is neither JSON nor a stream of events');
			}
		}
		return undefined;
	}

	private async restOfLine(): Promise<string> {
		let value = '';
		while (await this.source.ready()) {
			const end = this.source.find(LF, CR);
			const isWhole = end < this.source.chunk.length;
			value += this.source.take(end).toString('latin1');
			if (value.length > BOUNDS.lineBytes) throw broken('The stream of events is damaged');
			if (!isWhole) continue;
			this.endLine();
			break;
		}
		return value.trim();
	}

	/** Lines end in CR, LF, or both. */
	private endLine() {
		this.afterCr = this.source.chunk[this.source.at] === CR;
		this.source.at += 1;
	}
}
