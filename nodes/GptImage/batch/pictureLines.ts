import { RequestFailure } from '../errors/failure';
import type { RequestFile } from '../openai/multipart';
import { parseJson } from '../openai/response/jsonText';
import { isRecord } from '../values';
import { JSONL_TYPE } from './jsonlFile';

/** Bytes of a picture that stand on one line; a multiple of three, so that base64 fills none up. */
const LINE_BYTES = 192 * 1024;

const lineOf = (base64: string) => `{"custom_id":"picture","base64":"${base64}"}\n`;

/**
 * A picture as a file of JSON lines: the API hands out again only what was uploaded for batches, and takes nothing but
 * JSON lines there. It is made while it is sent.
 */
export function pictureLines(
	picture: RequestFile,
): Pick<RequestFile, 'mimeType' | 'bytes' | 'open'> {
	const { bytes } = picture;
	const whole = Math.floor(bytes / LINE_BYTES);
	const lengthOf = (count: number) => lineOf('').length + 4 * Math.ceil(count / 3);
	const rest = bytes % LINE_BYTES;
	return {
		mimeType: JSONL_TYPE,
		bytes: whole * lengthOf(LINE_BYTES) + (rest > 0 ? lengthOf(rest) : 0),
		open: async () => linesOf(await picture.open()),
	};
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
	let waiting: Buffer = Buffer.alloc(0);
	for await (const chunk of chunks) {
		waiting = Buffer.concat([waiting, chunk]);
		for (; waiting.length >= LINE_BYTES; waiting = waiting.subarray(LINE_BYTES)) {
			yield Buffer.from(lineOf(waiting.toString('base64', 0, LINE_BYTES)));
		}
	}
	if (waiting.length > 0) yield Buffer.from(lineOf(waiting.toString('base64')));
}

/**
 * @param lines those of such a file
 * @returns the bytes of the picture
 * @throws {RequestFailure} `input` when a line is none of a picture; what `lines` throws
 */
export async function* readPicture(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
	for await (const line of lines) {
		const said = parseJson(line);
		const base64 = isRecord(said) ? said.base64 : undefined;
		if (typeof base64 !== 'string') {
			throw new RequestFailure({ kind: 'input', reason: 'The file has no picture in it' });
		}
		yield Buffer.from(base64, 'base64');
	}
}
