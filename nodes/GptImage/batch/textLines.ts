import { RequestFailure } from '../errors/failure';

/** Longer lines are none of a manifest: an input item of n8n is smaller by far. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;

const LF = 0x0a;

/**
 * Splits bytes into lines of text while they arrive; no more than a line is held.
 *
 * @throws {RequestFailure} `call` for a line beyond all measure; whatever `chunks` throws
 */
export async function* textLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
	let pieces: Buffer[] = [];
	let bytes = 0;
	const line = () => {
		const text = Buffer.concat(pieces).toString('utf8').trim();
		pieces = [];
		bytes = 0;
		return text;
	};
	for await (const chunk of chunks) {
		let at = 0;
		for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, at)) {
			pieces.push(chunk.subarray(at, end));
			at = end + 1;
			const text = line();
			if (text !== '') yield text;
		}
		pieces.push(chunk.subarray(at));
		bytes += chunk.length - at;
		if (bytes > MAX_LINE_BYTES) {
			throw new RequestFailure({ kind: 'call', reason: 'A line of the file is too long' });
		}
	}
	const text = line();
	if (text !== '') yield text;
}
