import { BOUNDS } from '../../bounds';
import { parseCut } from '../../errors/parseCut';
import { RequestFailure } from '../../errors/failure';
import { isRecord } from '../../values';
import { JsonScanner } from './jsonScanner';

/** The text of an image that is none. */
export const NO_IMAGE = Buffer.from('""');

const FIRST_BYTES = 1024;

/** So many bytes are looked at for each image of a document, of which there may be thousands. */
const HEAD_BYTES = 4096;

/** A JSON document without its images. */
export class JsonText {
	readonly scanner = new JsonScanner();
	/** Grows by doubling: a document may come in a million pieces. */
	private buffer = Buffer.alloc(0);
	private bytes = 0;

	/** So many bytes more can be added. */
	get room(): number {
		return BOUNDS.jsonBytes - this.bytes;
	}

	/** @throws {RequestFailure} `answer` when it grows beyond all measure */
	add(part: Uint8Array) {
		const bytes = this.bytes + part.length;
		if (part.length > this.room) throw broken('The answer is larger than any of the Images API');
		if (bytes > this.buffer.length) {
			const larger = Buffer.alloc(Math.max(FIRST_BYTES, 2 * bytes));
			this.buffer.copy(larger, 0, 0, this.bytes);
			this.buffer = larger;
		}
		this.buffer.set(part, this.bytes);
		this.bytes = bytes;
	}

	/** @returns what is no document, such as `[DONE]`, a sign of life, or nothing; `undefined` for a document */
	get word(): string | undefined {
		const text = this.text().trim();
		const isDocument = /^[[{]/.test(text) && !/^(\[DONE\]|\[\s*\]|\{\s*\})$/.test(text);
		return isDocument ? undefined : text;
	}

	/** @returns the text of a member, if it stands near the beginning and has been read by now */
	member(name: 'custom_id'): string | undefined {
		const head = this.buffer.toString('utf8', 0, Math.min(this.bytes, HEAD_BYTES));
		const found = new RegExp(`"${name}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*")`).exec(head)?.[1];
		const value = found === undefined ? undefined : parseJson(found);
		return typeof value === 'string' ? value : undefined;
	}

	/** @returns the document, a list as its `data`; `undefined` when it is neither, or too deep */
	parsed(): Record<string, unknown> | undefined {
		if (this.scanner.deepest > BOUNDS.jsonDepth) return undefined;
		return asDocument(parseJson(this.text()));
	}

	/** @returns what is whole of a document that is cut off or damaged */
	rest(): Record<string, unknown> {
		return asDocument(parseCut(this.text())) ?? {};
	}

	problem(): RequestFailure {
		return this.text().trimEnd().endsWith('}')
			? broken('The answer is not valid JSON')
			: cutOff('The answer is cut off or not valid JSON');
	}

	private text(): string {
		return this.buffer.toString('utf8', 0, this.bytes);
	}
}

function asDocument(value: unknown): Record<string, unknown> | undefined {
	if (Array.isArray(value)) return { data: value };
	return isRecord(value) ? value : undefined;
}

/** @returns the parsed text, or `undefined` when it is not JSON */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

export const cutOff = (reason: string) => new RequestFailure({ kind: 'interrupted', reason });

export const broken = (reason: string) => new RequestFailure({ kind: 'answer', reason });
