import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { RequestFile } from '../../openai/multipart';

/** Bytes that are read at once; as many are looked at to tell what a file is. */
export const CHUNK_BYTES = 256 * 1024;

/** Where the bytes of a file are, and how many. */
export type FileBytes = Pick<RequestFile, 'bytes' | 'id' | 'open'>;

/** @returns a binary object's bytes, from n8n's store or, in its memory mode, from the object */
export async function storedBytes(
	context: IExecuteFunctions,
	binary: IBinaryData,
): Promise<FileBytes> {
	const { id } = binary;
	if (id === undefined) return bytesOf(Buffer.from(binary.data, 'base64'));
	const bytes = binary.bytes ?? (await context.helpers.getBinaryMetadata(id)).fileSize;
	return { bytes, id, open: async () => await context.helpers.getBinaryStream(id, CHUNK_BYTES) };
}

/** @returns bytes that are in memory, as a file */
export function bytesOf(data: Buffer): FileBytes {
	async function* chunks() {
		for (let at = 0; at < data.length; at += CHUNK_BYTES) yield data.subarray(at, at + CHUNK_BYTES);
	}
	return { bytes: data.length, open: async () => chunks() };
}

/** @returns the first bytes of a file, up to {@link CHUNK_BYTES} */
export async function readHead({ open }: FileBytes): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of await open()) {
		chunks.push(chunk);
		bytes += chunk.length;
		if (bytes >= CHUNK_BYTES) break;
	}
	return Buffer.concat(chunks).subarray(0, CHUNK_BYTES);
}
