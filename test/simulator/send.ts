import { errorAnswer, type Answer } from './answer';
import { deliver } from './deliver';
import { ApiError, apiError } from './apiError';
import { faultHeaders } from './faults';
import type { Exchange } from './exchange';
import type { Fault } from './types';

/** Writes an answer with OpenAI's headers. A client that goes away is no failure. */
export async function send(exchange: Exchange, answer: Answer, fault: Fault): Promise<void> {
	const { received } = exchange;
	const headers = {
		'x-request-id': received.requestId,
		'openai-processing-ms': String(Date.now() - received.startedAt),
		'openai-version': '2020-10-01',
		'openai-organization': 'org-simulator',
		'openai-project': 'proj_simulator',
		...answer.headers,
		...faultHeaders(fault),
	};
	// A body that fails half-way can only be told by cutting the connection.
	await deliver(exchange, { ...answer, headers }, fault).catch(() => exchange.cut());
}

/** The answer for whatever was thrown. */
export function failure(error: unknown): Answer {
	return errorAnswer(toApiError(error));
}

/** What was thrown as an error of the API; what is none is a 500 that says why. */
export function toApiError(error: unknown): ApiError {
	if (error instanceof ApiError) return error;
	const message = error instanceof Error ? error.message : String(error);
	return apiError('server_error', { message: `The simulator failed: ${message}` });
}
