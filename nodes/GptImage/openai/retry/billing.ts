import type { ApiErrorClass, Billing, RequestFailure } from '../../errors/failure';

/** Connections that were never made, so that nothing was asked for. */
export const NEVER_CONNECTED = [
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ENETDOWN',
];

/**
 * Up to this many milliseconds after a request was sent, no image can have been made and lost. Later one may be under
 * way or paid for, since proxies cut silent connections while the image is still being made.
 */
const SURELY_NOT_STARTED_MS = 10_000;

/** Errors that say that the server gave up; all others refuse the request before anything is made. */
const GIVEN_UP: ApiErrorClass[] = ['overloaded', 'serverFault', 'gatewayTimeout', 'proxy'];

/** Said by what stands in front of the API, which does not know what the API does. */
const IN_FRONT: ApiErrorClass[] = ['gatewayTimeout', 'proxy'];

/** What is known of a request when an attempt at it ends. */
export interface AttemptEnd {
	/** Why images are missing; `undefined` when all are there. */
	failure?: RequestFailure;
	/** A 2xx answer has begun. */
	hasAnswer: boolean;
	/** Bytes of an image, or of a preview, have arrived. */
	hasImage: boolean;
	/** Milliseconds since it was sent. */
	sentMs: number;
}

/**
 * Decides whether a request may be on the bill: the one verdict that retries, fallback, budget and messages go by.
 * The table in docs/cost-and-budget.md says the same in words.
 */
export function billingOf({ failure, hasAnswer, hasImage, sentMs }: AttemptEnd): Billing {
	if (!failure || hasImage) return 'yes';
	const { details } = failure;
	const isLate = sentMs > SURELY_NOT_STARTED_MS;
	switch (details.kind) {
		case 'redirect':
		case 'budget':
			return 'no';
		case 'input':
			// A file that cannot be read leaves the request unfinished.
			return hasAnswer ? 'maybe' : 'no';
		case 'connection':
			if (NEVER_CONNECTED.includes(details.code ?? '')) return 'no';
			return isLate || hasAnswer ? 'maybe' : 'hardly';
		case 'api':
			if (!GIVEN_UP.includes(details.class)) return 'no';
			if (isLate) return 'maybe';
			// A server that says what went wrong has made nothing; what stands in front of it does not know.
			return details.reason === '' || IN_FRONT.includes(details.class) ? 'hardly' : 'no';
		default:
			return 'maybe';
	}
}
