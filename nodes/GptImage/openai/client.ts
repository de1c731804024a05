import type {
	IDataObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IPollFunctions,
} from 'n8n-workflow';
import { orAborted } from '../abort';
import { encodeBody } from './body';
import { CREDENTIAL_TYPE, type Connection } from './connection';
import { BOUNDS } from '../bounds';
import { apiError } from '../errors/apiError';
import { RequestFailure } from '../errors/failure';
import { OpenStreams } from './multipart';
import { ownWordsOf, type ApiRequest } from './request';

/** A response body as n8n hands it out: a Node stream. */
export type BodyStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;

/** What n8n gives a node that talks to the API, whether it runs, polls or fills its panel. */
export type ApiContext = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;

/** One call to the API. */
export interface ApiCall {
	method: 'DELETE' | 'GET' | 'POST';
	/** Behind the Base URL, with its query. */
	path: string;
	headers?: Record<string, string>;
	/** Free text of the call, which an error may repeat. */
	ownWords?: string[];
	/** Makes the body of one attempt; what it opens for it is remembered in `streams`. */
	body?: (streams: OpenStreams) => Promise<FormData | IDataObject>;
}

export interface ApiResponse {
	body: BodyStream;
	/** HTTP status, from 200 to 299. */
	status: number;
	requestId?: string;
	/** `Content-Length` and `Content-Range`, where the answer has them. */
	contentLength?: string;
	contentRange?: string;
}

/**
 * Asks for images once.
 *
 * @param signal ends the request and its response body
 * @param idleMs how long the text of an error may take, in milliseconds
 * @returns the body of a 2xx answer, unread
 * @throws {RequestFailure} `api` for an error status, `redirect`, or `connection`
 */
export async function send(
	context: IExecuteFunctions,
	connection: Connection,
	request: ApiRequest,
	signal: AbortSignal,
	idleMs: number,
): Promise<ApiResponse> {
	const body = async (streams: OpenStreams) => await encodeBody(request, streams);
	const ownWords = ownWordsOf(request);
	const call = { method: 'POST' as const, path: request.path, ownWords, body };
	return await sendCall(context, connection, call, signal, idleMs);
}

/** Makes one call; the only place of the package that does. Parameters and errors as of {@link send}. */
export async function sendCall(
	context: ApiContext,
	connection: Connection,
	call: ApiCall,
	signal: AbortSignal,
	idleMs: number,
): Promise<ApiResponse> {
	const { body, headers, statusCode } = await exchange(context, connection, call, signal);
	if (!isBodyStream(body)) {
		throw new RequestFailure({ kind: 'answer', reason: 'The answer has no body' });
	}
	const { redactor } = connection;
	const header = (name: string) => headerText(headers[name]);
	const requestId = redactor.name(header('x-request-id') ?? header('apim-request-id'));
	if (statusCode >= 200 && statusCode < 300) {
		const contentLength = header('content-length');
		const contentRange = header('content-range');
		return { body, status: statusCode, requestId, contentLength, contentRange };
	}
	const origin = { status: statusCode, requestId };
	if (statusCode >= 300 && statusCode < 400) {
		body.destroy();
		const target = redactor.text(withoutQuery(header('location') ?? 'an unknown address'));
		throw new RequestFailure({ kind: 'redirect', reason: target, ...origin });
	}
	const steering = ['x-should-retry', 'retry-after-ms', 'retry-after'] as const;
	const found = steering.flatMap((name): Array<[string, string]> => {
		const value = header(name);
		return value === undefined ? [] : [[name, value]];
	});
	throw apiError(
		{ ...origin, headers: Object.fromEntries(found), said: await readText(body, idleMs) },
		{ redactor, ownWords: call.ownWords ?? [] },
	);
}

async function exchange(
	context: ApiContext,
	connection: Connection,
	call: ApiCall,
	signal: AbortSignal,
): Promise<IN8nHttpFullResponse> {
	// n8n ends a request with the signal of the execution; here each request has one of its own, linked to it.
	const cancellable: ApiContext = Object.create(context, {
		getExecutionCancelSignal: { value: () => signal },
	});
	const streams = new OpenStreams();
	let problem: unknown;
	try {
		return await context.helpers.httpRequestWithAuthentication.call(cancellable, CREDENTIAL_TYPE, {
			method: call.method,
			url: `${connection.baseUrl}${call.path}`,
			// A JSON body holds its files; n8n's store may hang.
			...(call.body && { body: await orAborted(call.body(streams), signal) }),
			headers: { Accept: 'application/json', ...call.headers },
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			sendCredentialsOnCrossOriginRedirect: false,
			// The signal knows the time limit; n8n's own would count from elsewhere.
			timeout: 0,
			...(connection.allowedDomains !== undefined && { allowedDomains: connection.allowedDomains }),
		});
	} catch (error) {
		problem = error;
	} finally {
		streams.close();
	}
	signal.throwIfAborted();
	throw connectionFailure(problem);
}

/** Finds the cause n8n's error was made of: its code, and words without the request's configuration. */
export function connectionFailure(problem: unknown): RequestFailure {
	let code: string | undefined;
	let reason = '';
	for (let cause = problem; cause instanceof Error; cause = cause.cause) {
		if (cause instanceof RequestFailure) return cause;
		reason = cause.message || reason;
		if ('code' in cause && typeof cause.code === 'string') code ??= cause.code;
	}
	return new RequestFailure({ kind: 'connection', reason, code });
}

async function readText(body: BodyStream, idleMs: number): Promise<string> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	const idle = AbortSignal.timeout(Math.ceil(idleMs));
	const source: AsyncIterable<Uint8Array> = body;
	const pieces = source[Symbol.asyncIterator]();
	try {
		while (bytes <= BOUNDS.errorBytes) {
			// A stream that axios has wrapped does not end while it waits for bytes, not even when it is destroyed.
			const next = await orAborted(pieces.next(), idle);
			if (next.done) break;
			chunks.push(Buffer.from(next.value));
			bytes += next.value.length;
		}
	} catch {
		// The status says enough; its text was cut off.
	}
	body.destroy();
	return Buffer.concat(chunks).subarray(0, BOUNDS.errorBytes).toString('utf8');
}

const isBodyStream = (body: unknown): body is BodyStream =>
	typeof body === 'object' && body !== null && Symbol.asyncIterator in body && 'destroy' in body;

const headerText = (value: unknown) =>
	typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

/** A signed address is a secret. */
const withoutQuery = (address: string) => address.replace(/[?#].*$/s, '');
