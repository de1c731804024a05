import type {
	ApiErrorClass,
	ApiFailure,
	Billing,
	FailureDetails,
	RequestFailure,
} from '../../errors/failure';
import { NEVER_CONNECTED } from './billing';

/** Connections that were not made, or broke before an answer; mistakes of certificates or settings are not among them. */
const BROKEN_CONNECTION = [...NEVER_CONNECTED, 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT'];

/** What may pass by itself. Every other error of the API is about the request, the key or money: it comes again. */
const PASSING: ApiErrorClass[] = [
	'rateLimit',
	'overloaded',
	'serverFault',
	'gatewayTimeout',
	'proxy',
];

/** What to do about a failed request. */
export type RetryDecision =
	| { retry: false }
	| {
			retry: true;
			/** Milliseconds to wait first. */
			delayMs: number;
			/** The whole run is too fast; this does not use up a retry. */
			isRateLimit: boolean;
	  };

/**
 * Decides whether a failed request is sent again, and when. Rules as in the official SDK (openai-node `client.ts`):
 * `x-should-retry`, then the status; unlike the SDK it never repeats what is about money or content, nor what may
 * be paid for already.
 *
 * @param failure why the request failed
 * @param billing whether it may be on the bill
 * @param attempt how many times it has failed before, from 0
 * @param now epoch milliseconds, for a `retry-after` that is a date
 */
export function retryDecision(
	{ details }: RequestFailure,
	billing: Billing,
	attempt: number,
	now: number,
): RetryDecision {
	if (billing === 'maybe' || billing === 'yes' || !mayPass(details)) return { retry: false };
	if (details.kind !== 'api') {
		return { retry: true, delayMs: backoff(attempt), isRateLimit: false };
	}
	const requested = requestedDelay(details.headers ?? {}, now);
	return {
		retry: true,
		// No word, or "at once", again and again: then each wait is longer than the one before.
		delayMs: requested || backoff(attempt),
		isRateLimit: isTooFast(details, requested !== undefined),
	};
}

/** @returns whether the same request may succeed later; it may have to be paid for again */
export function canRetryHelp({ details }: RequestFailure): boolean {
	const isAccident = ['interrupted', 'timeout', 'store', 'budget', 'call', 'unmade'];
	// Other batches have to be finished first; no wait of a run is that long.
	const isQueue = details.kind === 'api' && details.class === 'batchQueue';
	return isQueue || isAccident.includes(details.kind) || mayPass(details);
}

function mayPass(details: FailureDetails): boolean {
	if (details.kind === 'connection') return BROKEN_CONNECTION.includes(details.code ?? '');
	if (details.kind !== 'api' || !PASSING.includes(details.class)) return false;
	const shouldRetry = details.headers?.['x-should-retry'];
	if (shouldRetry === 'false') return false;
	// What stands in front of the API refuses with 4xx for good.
	return details.class !== 'proxy' || shouldRetry === 'true' || (details.status ?? 500) >= 500;
}

/** Too many requests at once, or no room for them: then all of the run has to slow down. */
function isTooFast({ class: kind, status, code }: ApiFailure, asksToWait: boolean): boolean {
	if (kind === 'rateLimit') return true;
	if (kind !== 'overloaded' || status === 408 || status === 409) return false;
	return asksToWait || code === 'slow_down' || code === 'server_is_overloaded';
}

/** `retry-after-ms` in milliseconds, else `retry-after` in seconds or as an HTTP date (RFC 9110 §10.2.3). */
function requestedDelay(headers: Record<string, string>, now: number): number | undefined {
	const ms = Number.parseFloat(headers['retry-after-ms'] ?? '');
	if (ms >= 0) return ms;
	const after = headers['retry-after'] ?? '';
	const seconds = Number(after.trim() || NaN);
	const delay = Number.isNaN(seconds) ? Date.parse(after) - now : seconds * 1000;
	return Number.isNaN(delay) ? undefined : Math.max(0, delay);
}

/** The official SDK's: half a second, doubled each time up to 8 s, up to a quarter less by chance. */
function backoff(attempt: number): number {
	return Math.min(500 * 2 ** attempt, 8000) * (1 - Math.random() * 0.25);
}
