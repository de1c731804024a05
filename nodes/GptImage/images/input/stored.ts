import { sleep, type IBinaryData, type IExecuteFunctions } from 'n8n-workflow';
import { orAborted, type ByteChunks } from '../../abort';
import type { RequestFile } from '../../openai/multipart';
import { decodeBase64 } from './base64Text';

/** Bytes that are read from n8n's store at once. */
const CHUNK_BYTES = 256 * 1024;

/** n8n does other things for a moment after so many pieces of a text. */
const PIECES_AT_ONCE = 8;

/** Where the bytes of a file are, and how many; they are read when they are sent, and never kept. */
export type FileBytes = Pick<RequestFile, 'bytes' | 'id' | 'open'>;

/**
 * @param signal ends the question for the length, which an n8n of old leaves open
 * @returns a binary object's bytes, from n8n's store or, in its memory mode, from the object
 */
export async function storedBytes(
	context: IExecuteFunctions,
	binary: IBinaryData,
	signal?: AbortSignal,
): Promise<FileBytes> {
	const { id } = binary;
	if (id === undefined) return inlineBytes(binary.data);
	const bytes =
		binary.bytes ?? (await orAborted(context.helpers.getBinaryMetadata(id), signal)).fileSize;
	return { bytes, id, open: async () => await context.helpers.getBinaryStream(id, CHUNK_BYTES) };
}

/**
 * @param from where the base64 begins in the text
 * @returns a file whose bytes stand in a text; only the text is kept. The length holds for
 *   text without white space
 */
export function inlineBytes(text: string, from = 0): FileBytes {
	return {
		bytes: Math.floor(
			((text.length - from - (/={0,2}$/.exec(text.slice(-2))?.[0].length ?? 0)) * 3) / 4,
		),
		open: async () => await Promise.resolve(toChunks(decodeBase64(text, from))),
	};
}

/** @returns a file of bytes that are in memory */
export function bytesOf(data: Buffer): FileBytes {
	return { bytes: data.length, open: async () => await Promise.resolve(toChunks([data])) };
}

/** Nothing is waited for between two pieces of a text, however many there are. */
async function* toChunks(pieces: Iterable<Buffer>): ByteChunks & AsyncGenerator<Buffer> {
	let count = 0;
	for (const piece of pieces) {
		yield piece;
		if (++count % PIECES_AT_ONCE === 0) await sleep(0);
	}
}
