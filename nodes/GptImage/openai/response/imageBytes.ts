import { BOUNDS } from '../../bounds';
import { Base64Decoder, Base64Error } from './base64';
import type { ByteSource } from './byteSource';
import { broken, cutOff } from './jsonText';

const [QUOTE, LF, CR] = [0x22, 0x0a, 0x0d];

/** Base64 writes three bytes as four; escapes and line breaks make it longer. */
const MOST_CHARACTERS = 2 * BOUNDS.imageBytes;

/** The bytes of one image, from behind the opening quote of its base64 text to the closing one. */
export class ImageBytes {
	/** The closing quote has been read. */
	isClosed = false;
	/** There is nothing more of it. */
	private isOver = false;
	private characters = 0;

	/** @param isStream an event ends with its line, so a line break in it cuts it off */
	constructor(
		private readonly source: ByteSource,
		private readonly isStream: boolean,
	) {}

	/** @returns whether there are none, as some gateways write where they have a link; the text is read then */
	async isEmpty(): Promise<boolean> {
		if (!(await this.source.ready()) || this.source.chunk[this.source.at] !== QUOTE) return false;
		this.take();
		return true;
	}

	/**
	 * @returns the decoded bytes; each piece is overwritten by the next
	 * @throws {RequestFailure} `answer` when they are damaged or far too many; `interrupted`
	 */
	async *read(): AsyncGenerator<Buffer> {
		const decoder = new Base64Decoder();
		while (!this.isOver && (await this.source.ready())) {
			const piece = this.take();
			const bytes = decode(() => decoder.decode(piece));
			if (bytes.length > 0) yield bytes;
		}
		if (!this.isClosed) throw cutOff('The answer is cut off in the middle of an image');
		const last = decode(() => decoder.end());
		if (last.length > 0) yield last;
	}

	/** Leaves the rest of it unread. */
	async skip() {
		while (!this.isOver && (await this.source.ready())) this.take();
	}

	private take(): Buffer {
		const end = this.isStream ? this.source.find(QUOTE, LF, CR) : this.source.find(QUOTE);
		const { chunk } = this.source;
		const piece = this.source.take(end);
		this.characters += piece.length;
		if (this.characters > MOST_CHARACTERS) throw this.tooLarge();
		if (end < chunk.length) {
			this.isOver = true;
			this.isClosed = chunk[end] === QUOTE;
			if (this.isClosed) this.source.at += 1;
		}
		return piece;
	}

	private tooLarge() {
		this.source.end();
		return broken(`The image has more than ${BOUNDS.imageBytes / 1024 / 1024} MB`);
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
