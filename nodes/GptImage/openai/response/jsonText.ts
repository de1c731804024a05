import type { IDataObject } from 'n8n-workflow';
import { RequestFailure } from '../../errors/failure';
import { JsonScanner } from './jsonScanner';

/** The JSON beside the images is some hundred bytes; far more than this is no answer of the Images API. */
const MAX_JSON_BYTES = 4 * 1024 * 1024;

/** A JSON document without its images. */
export class JsonText {
	readonly scanner = new JsonScanner();
	private readonly parts: Buffer[] = [];
	private bytes = 0;

	add(part: Buffer) {
		this.bytes += part.length;
		if (this.bytes > MAX_JSON_BYTES)
			throw broken('The answer is larger than any of the Images API');
		// A copy: the chunk is overwritten, and a few bytes would keep all of it alive.
		this.parts.push(Buffer.from(part));
	}

	/** @returns the text of a member, if it has been read by now */
	member(name: 'custom_id'): string | undefined {
		const found = new RegExp(`"${name}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*")`).exec(this.text())?.[1];
		const value = found === undefined ? undefined : parseJson(found);
		return typeof value === 'string' ? value : undefined;
	}

	is(text: string): boolean {
		return this.bytes < 64 && Buffer.concat(this.parts).toString('latin1').trim() === text;
	}

	/** @returns the document, or `undefined` when it is not a whole JSON object */
	parsed(): IDataObject | undefined {
		const parsed = parseJson(this.text());
		const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
		return isObject ? { ...parsed } : undefined;
	}

	parse(): IDataObject {
		const parsed = this.parsed();
		if (parsed) return parsed;
		throw this.problem();
	}

	problem(): RequestFailure {
		return this.text().trimEnd().endsWith('}')
			? broken('The answer is not valid JSON')
			: cutOff('The answer is cut off or not valid JSON');
	}

	private text(): string {
		return Buffer.concat(this.parts).toString('utf8');
	}
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
