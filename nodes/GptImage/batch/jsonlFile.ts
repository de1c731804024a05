import { createHash } from 'crypto';
import type { RequestFile } from '../openai/multipart';

export const JSONL_TYPE = 'application/jsonl';

/** Lines are joined up to here before they are handed on. */
const CHUNK_CHARACTERS = 64 * 1024;

/** A file of JSON lines that is written while it is sent. */
export interface JsonLines extends Pick<RequestFile, 'mimeType' | 'bytes' | 'open'> {
	/** SHA-256 of its bytes, in hexadecimal. */
	sha256: string;
}

/**
 * Describes a file of JSON lines. Its lines are made twice: now, to count and hash their bytes, and again each
 * time it is sent, so that it never stands in memory as a whole.
 *
 * @param lines makes the lines, the same each time, without the line feed
 */
export function jsonLines(lines: () => Iterable<string>): JsonLines {
	const hash = createHash('sha256');
	let bytes = 0;
	for (const chunk of chunksOf(lines())) {
		hash.update(chunk);
		bytes += chunk.length;
	}
	async function* content() {
		yield* chunksOf(lines());
	}
	return {
		mimeType: JSONL_TYPE,
		bytes,
		sha256: hash.digest('hex'),
		open: async () => content(),
	};
}

function* chunksOf(lines: Iterable<string>): Generator<Buffer> {
	let text = '';
	for (const line of lines) {
		text += `${line}\n`;
		if (text.length < CHUNK_CHARACTERS) continue;
		yield Buffer.from(text);
		text = '';
	}
	if (text !== '') yield Buffer.from(text);
}
