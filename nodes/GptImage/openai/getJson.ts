import { RequestFailure } from '../errors/failure';
import { isRecord } from '../values';
import { sendCall, type ApiContext } from './client';
import type { Connection } from './connection';
import { broken, parseJson } from './response/jsonText';

/** A list is there at once, or something is wrong. */
const LONGEST_MS = 30_000;

/**
 * Asks the API for a small JSON document.
 *
 * @param path behind the Base URL, with its query
 * @param bytes how much of an answer is read
 * @returns the document as it came: what is shown of it has to pass the connection's redactor
 * @throws {RequestFailure} what {@link sendCall} throws; `answer` when it is too long or no JSON object; `timeout`
 */
export async function getJson(
	context: ApiContext,
	connection: Connection,
	path: string,
	bytes: number,
): Promise<Record<string, unknown>> {
	const controller = new AbortController();
	const late = () => {
		const reason = `No answer came within ${LONGEST_MS / 1000} seconds`;
		controller.abort(new RequestFailure({ kind: 'timeout', reason }));
	};
	AbortSignal.timeout(LONGEST_MS).addEventListener('abort', late);
	const { signal } = controller;
	const { body } = await sendCall(context, connection, { method: 'GET', path }, signal, LONGEST_MS);
	const chunks: Buffer[] = [];
	let length = 0;
	let problem: unknown;
	try {
		const pieces: AsyncIterable<Uint8Array> = body;
		for await (const chunk of pieces) {
			chunks.push(Buffer.from(chunk));
			length += chunk.length;
			if (length > bytes) throw broken(`The answer has more than ${bytes} bytes`);
		}
	} catch (error) {
		problem = error;
	}
	body.destroy();
	signal.throwIfAborted();
	if (problem instanceof RequestFailure) throw problem;
	const document = parseJson(Buffer.concat(chunks).toString('utf8'));
	if (!isRecord(document)) throw broken('The answer is not a JSON object');
	return document;
}
