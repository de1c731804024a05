import { delay, events, stream, zlib } from '../node';
import type { Answer } from './answer';
import type { Exchange } from './exchange';
import type { Fault } from './types';

type Body = AsyncIterable<Buffer> | Iterable<Buffer>;

const ENCODERS = {
	gzip: zlib.createGzip,
	deflate: zlib.createDeflate,
	br: zlib.createBrotliCompress,
};

/** How long a client gets to read what came before a reset. */
const READING_MS = 50;

/**
 * Writes an answer the way the fault says. Resolves when all is written, or given up.
 * @throws AbortError when the client goes away
 */
export async function deliver(exchange: Exchange, answer: Answer, fault: Fault): Promise<void> {
	const { resetAfterBytes, stallAfterBytes, truncateAfterBytes, wrongContentLength } = fault;
	const { response, signal } = exchange;
	signal.throwIfAborted();
	if (resetAfterBytes === -1) {
		exchange.cut();
		return;
	}
	if (resetAfterBytes === 'headers') {
		response.socket?.write(`HTTP/1.1 ${answer.status} OK\r\ncontent-type: appl`, () => {
			exchange.cut();
		});
		return;
	}
	let body: Body = fault.encoding ? encoded(answer.body, fault.encoding) : answer.body;
	const headers: Record<string, string> = { ...answer.headers };
	if (fault.encoding) headers['content-encoding'] = fault.encoding;
	if (wrongContentLength !== undefined) {
		const whole = await collect(body);
		headers['content-length'] = String(whole.length + wrongContentLength);
		if (wrongContentLength !== 0) headers.connection = 'close';
		body = [whole];
	}
	if (fault.chunkBytes) body = rechunked(body, fault.chunkBytes, fault.pauseMs ?? 0, signal);
	const cut = resetAfterBytes ?? stallAfterBytes ?? truncateAfterBytes;
	if (cut !== undefined) body = firstBytes(body, cut);
	exchange.received.status = answer.status;
	response.writeHead(answer.status, headers);
	response.flushHeaders();
	for await (const piece of body) {
		if (!response.write(piece)) await events.once(response, 'drain', { signal });
	}
	if (stallAfterBytes !== undefined) await events.once(signal, 'abort');
	else if (resetAfterBytes !== undefined) {
		// A reset overtakes bytes the client has not read yet.
		await delay(READING_MS, undefined, { signal });
		exchange.cut();
	} else response.end();
}

function encoded(body: Body, encoding: keyof typeof ENCODERS): AsyncIterable<Buffer> {
	return stream.Readable.from(body).pipe(ENCODERS[encoding]());
}

async function collect(body: Body): Promise<Buffer> {
	const pieces: Buffer[] = [];
	for await (const piece of body) pieces.push(piece);
	return Buffer.concat(pieces);
}

/** The first `count` bytes. */
async function* firstBytes(body: Body, count: number): AsyncGenerator<Buffer> {
	let left = count;
	for await (const piece of body) {
		yield piece.subarray(0, left);
		left -= piece.length;
		if (left <= 0) return;
	}
}

/** The same bytes in pieces of `size`, with a pause after each. */
async function* rechunked(
	body: Body,
	size: number,
	pauseMs: number,
	signal: AbortSignal,
): AsyncGenerator<Buffer> {
	let rest: Buffer = Buffer.alloc(0);
	for await (const piece of body) {
		rest = rest.length ? Buffer.concat([rest, piece]) : piece;
		let start = 0;
		for (; rest.length - start >= size; start += size) {
			yield rest.subarray(start, start + size);
			// Without a turn of the event loop the pieces would leave in one packet.
			await delay(pauseMs, undefined, { signal });
		}
		rest = rest.subarray(start);
	}
	if (rest.length) yield rest;
}
