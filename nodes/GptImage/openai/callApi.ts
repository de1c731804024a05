import { RequestFailure } from '../errors/failure';
import { isRecord } from '../values';
import {
	connectionFailure,
	sendCall,
	type ApiCall,
	type ApiContext,
	type ApiResponse,
} from './client';
import type { Connection } from './connection';
import { parseJson } from './response/jsonText';
import { Deadline } from './retry/deadline';
import { NEVER_CONNECTED } from './retry/billing';
import { RateLimiter } from './retry/rateLimiter';
import { requestWithRetries, type Tried } from './retry/requestWithRetries';
import type { Stop } from './retry/stop';

/** What every call about files and batches needs. */
export interface ApiSession {
	context: ApiContext;
	connection: Connection;
	/** Ends what is under way, and the waits in between. */
	stop: Stop;
}

/** How a call is made. */
export interface CallSettings {
	/** Milliseconds for one attempt; a minute by default. */
	timeoutMs?: number;
	/** A call that changes something is not made again when nobody knows whether it has. */
	isRepeatable: boolean;
}

/** The answers are lists of at most some hundred entries. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

const ANSWER_TIMEOUT_MS = 60_000;
const MAX_RETRIES = 4;

/** A server that wants to be left alone for longer, in milliseconds, is not waited for. */
export const PATIENCE_MS = 300_000;

/**
 * Makes a call that is answered with a JSON object, and makes it again as long as that can help.
 *
 * @returns the answer
 * @throws {RequestFailure} why there is none; the reason of the stop
 */
export async function callJson(
	session: ApiSession,
	call: ApiCall,
	{ timeoutMs = ANSWER_TIMEOUT_MS, isRepeatable }: CallSettings,
): Promise<Record<string, unknown>> {
	const { stop } = session;
	const { attempt } = await requestWithRetries(
		{ images: 1, maxRetries: MAX_RETRIES, timeoutMs: Math.max(PATIENCE_MS, 2 * timeoutMs) },
		new RateLimiter(0),
		{ execution: stop, noNewRequests: stop },
		async () => await callOnce(session, call, { timeoutMs, isRepeatable }),
	);
	if ('answer' in attempt) return attempt.answer;
	throw attempt.failure;
}

/** @returns whether a call that failed so may have done its work all the same */
export function mayHaveWorked({ details }: RequestFailure): boolean {
	if (details.kind === 'connection') return !NEVER_CONNECTED.includes(details.code ?? '');
	if (details.kind === 'api') return (details.status ?? 500) >= 500;
	return details.kind === 'call';
}

const NO_ANSWER = { kind: 'timeout', reason: 'No answer came back' } as const;

/** What came of making a call once. */
type CallAttempt = Tried & ({ answer: Record<string, unknown> } | { failure: RequestFailure });

async function callOnce(
	{ context, connection, stop }: ApiSession,
	call: ApiCall,
	{ timeoutMs, isRepeatable }: Required<CallSettings>,
): Promise<CallAttempt> {
	const deadline = new Deadline(stop, timeoutMs, NO_ANSWER);
	let problem: unknown;
	let response: ApiResponse | undefined;
	try {
		const { signal } = deadline;
		response = await deadline.race(sendCall(context, connection, call, signal, ANSWER_TIMEOUT_MS));
		const answer = await readObject(deadline.watch(response.body, ANSWER_TIMEOUT_MS));
		return { answer, billing: 'no' };
	} catch (error) {
		problem = deadline.signal.aborted ? deadline.signal.reason : error;
	} finally {
		response?.body.destroy();
		deadline.end();
	}
	stop.throwIfReached();
	const failure = callFailure(connectionFailure(problem), response !== undefined);
	if (!isRepeatable) return { failure, billing: mayHaveWorked(failure) ? 'maybe' : 'no' };
	const { kind, reason } = failure.details;
	const again = { kind: 'connection', code: 'ETIMEDOUT', reason } as const;
	return { failure: kind === 'call' ? new RequestFailure(again) : failure, billing: 'no' };
}

/** @returns a failure in words that are not about an image */
export function callFailure(failure: RequestFailure, hasAnswer: boolean): RequestFailure {
	const { kind, reason } = failure.details;
	const isCutOff = kind === 'connection' && hasAnswer;
	const isOfImages = kind === 'answer' || kind === 'interrupted' || kind === 'timeout';
	return isCutOff || isOfImages ? new RequestFailure({ kind: 'call', reason }) : failure;
}

const unreadable = () =>
	new RequestFailure({ kind: 'call', reason: 'The answer is not a JSON object' });

async function readObject(body: AsyncIterable<Buffer>): Promise<Record<string, unknown>> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of body) {
		chunks.push(chunk);
		bytes += chunk.length;
		if (bytes > MAX_ANSWER_BYTES) break;
	}
	const answer = parseJson(Buffer.concat(chunks).toString('utf8'));
	if (isRecord(answer)) return answer;
	throw unreadable();
}
