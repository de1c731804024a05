import type { ApiErrorClass, RequestFailure } from '../../errors/failure';

/** Connections that broke before an answer; certificate and configuration mistakes are not among them. */
const BROKEN_CONNECTION =
	/^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/;

/** Connections that were never made, so that nothing was asked for. */
const NEVER_CONNECTED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/;

/**
 * A request that got no word from the API for longer than this, in milliseconds, may be under way or paid for:
 * proxies cut silent connections while the image is still being made.
 */
const SURELY_NOT_STARTED_MS = 10_000;

/** Statuses the official SDK retries, besides those from 500 up. */
const RETRIED_STATUSES = [408, 409, 429];

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

/** What no waiting and no repeating cures, whatever status or header comes with it. */
const NEVER_AGAIN: ApiErrorClass[] = ['billing', 'spendLimit', 'safety', 'tooMuchPerRequest'];

/**
 * Decides whether a request that brought no byte of an image may be sent again, and when.
 * Order of rules as in the official SDK (openai-node `client.ts`): `x-should-retry` first, then the status;
 * unlike the SDK it never repeats what is about money or content, nor what may be paid for already.
 *
 * @param failure why the request failed
 * @param attempt how many times it has failed before, from 0
 * @param now epoch milliseconds, for a `retry-after` that is a date
 * @param sentMs how long ago it was sent, in milliseconds
 */
export function retryDecision(
	failure: RequestFailure,
	attempt: number,
	now: number,
	sentMs: number,
): RetryDecision {
	const { details } = failure;
	const isLate = sentMs > SURELY_NOT_STARTED_MS;
	if (details.kind === 'connection') {
		const { code = '' } = details;
		return BROKEN_CONNECTION.test(code) && (!isLate || NEVER_CONNECTED.test(code))
			? { retry: true, delayMs: backoff(attempt), isRateLimit: false }
			: { retry: false };
	}
	if (details.kind !== 'api' || NEVER_AGAIN.includes(details.class)) return { retry: false };
	const { status, code, type, headers = {} } = details;
	const isServerFault = status === undefined || RETRIED_STATUSES.includes(status) || status >= 500;
	const isTransient = status === undefined ? isTransientCode(code ?? type) : isServerFault;
	const wish = headers['x-should-retry'];
	// A proxy's own page, after a while: nobody knows what became of the request.
	const isUnanswered = isLate && (status ?? 0) >= 500 && details.reason === '';
	if (isUnanswered && wish !== 'true') return { retry: false };
	if (wish === 'false' || (wish !== 'true' && !isTransient)) return { retry: false };
	if (wish === 'true' && isOurFault(status)) return { retry: false };
	const requested = requestedDelay(headers, now);
	return {
		retry: true,
		// No word, or "at once", again and again: then each wait is longer than the one before.
		delayMs: requested || backoff(attempt),
		isRateLimit:
			status === 429 ||
			/rate_limit|slow_down|overloaded/.test(code ?? '') ||
			(status === 503 && requested !== undefined),
	};
}

/** @returns whether a request that brought no image may be on the bill all the same */
export function mayBeBilled({ details }: RequestFailure): boolean {
	if (details.kind === 'connection') return !NEVER_CONNECTED.test(details.code ?? '');
	return !['api', 'redirect', 'input', 'budget'].includes(details.kind);
}

/** @returns whether the same request may succeed later; it may have to be paid for again */
export function canRetryHelp(failure: RequestFailure): boolean {
	const isAccident = ['interrupted', 'timeout', 'store'].includes(failure.details.kind);
	return isAccident || retryDecision(failure, 0, 0, 0).retry;
}

/** An error inside a stream has no status, only a code. */
const isTransientCode = (code = '') =>
	/server_error|rate_limit|slow_down|overloaded|timeout/.test(code);

/** Validation, key and permission: the same request can only be refused again. */
const isOurFault = (status = 0) => [400, 401, 403, 404, 410, 413, 422].includes(status);

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
