import type { Attempt } from './attempt';
import type { TurnOutcome, RateLimiter } from './rateLimiter';
import { Deadline } from './deadline';
import { RequestFailure } from '../../errors/failure';
import { retryDecision, mayBeBilled, type RetryDecision } from './retryDecision';
import type { Stop } from './stop';
import { wait } from './wait';

/** What was done to get an answer. */
export interface RequestOutcome {
	/** The last attempt. */
	attempt: Attempt;
	/** Why earlier attempts failed, e.g. `429 rate_limit_exceeded`. */
	retried: string[];
	/** How many of those may be on the bill all the same. */
	maybeBilled: number;
	/** Milliseconds spent waiting between attempts. */
	waitedMs: number;
	/** Milliseconds from the first attempt to the end of the last. */
	durationMs: number;
}

export interface Stops {
	/** n8n's execution was stopped. */
	execution: Stop;
	/** The execution was stopped, or the run has failed and nothing more is to be sent. */
	noNewRequests: Stop;
}

export interface RetrySettings {
	/** How many images the request asks for. */
	images: number;
	/** Rate limits do not count. */
	maxRetries: number;
	/** Time for the request with its retries, in milliseconds; the turns of other requests do not count. */
	timeoutMs: number;
}

/**
 * Sends a request, and sends it again as long as that can help: the only retry loop of the package.
 *
 * @param pace gives the turns and slows all lanes down after a rate limit
 * @param execution ends what is under way
 * @param halt ends the wait for a turn, and between attempts; what is under way goes on
 * @param send sends the request once
 * @throws the reason of the stop that ended it
 */
export async function requestWithRetries(
	{ images, maxRetries, timeoutMs }: RetrySettings,
	pace: RateLimiter,
	{ execution, noNewRequests: halt }: Stops,
	send: (deadline: Deadline) => Promise<Attempt>,
): Promise<RequestOutcome> {
	const retried: string[] = [];
	let [faults, limits, maybeBilled, spentMs, waitedMs, firstStart, lastEnd] = [0, 0, 0, 0, 0, 0, 0];

	/** @returns how long to pause before sending again, `undefined` when that is no use */
	const plan = (failure: RequestFailure, verdict: RetryDecision, startedAt: number) => {
		if (!verdict.retry) return undefined;
		if (verdict.isRateLimit) {
			limits += 1;
			return pace.slowDown(verdict.delayMs, startedAt, { failure, timeoutMs }) ? 0 : undefined;
		}
		faults += 1;
		spentMs += lastEnd - startedAt + verdict.delayMs;
		return faults > maxRetries || spentMs >= timeoutMs ? undefined : verdict.delayMs;
	};

	for (;;) {
		const turn = await pace.turn(images, halt);
		const startedAt = Date.now();
		firstStart ||= startedAt;
		if (lastEnd > 0) waitedMs += startedAt - lastEnd;
		const deadline = new Deadline(execution, timeoutMs - spentMs);
		let outcome: TurnOutcome = 'failed';
		let attempt: Attempt;
		let pauseMs: number | undefined;
		try {
			attempt = await send(deadline);
			lastEnd = Date.now();
			const { failure, isPaidFor } = attempt;
			if (!failure) outcome = 'served';
			else if (!isPaidFor) {
				const verdict = retryDecision(failure, faults + limits, lastEnd, lastEnd - startedAt);
				if (verdict.retry && verdict.isRateLimit) outcome = 'limited';
				pauseMs = plan(failure, verdict, startedAt);
				if (pauseMs !== undefined) {
					retried.push(nameOf(failure));
					maybeBilled += mayBeBilled(failure) ? 1 : 0;
				}
			}
		} finally {
			deadline.end();
			turn.done(outcome);
		}
		if (pauseMs === undefined) {
			return { attempt, retried, maybeBilled, waitedMs, durationMs: lastEnd - firstStart };
		}
		await wait(pauseMs, halt);
	}
}

function nameOf({ details }: RequestFailure): string {
	const facts =
		details.kind === 'api'
			? [details.status, details.code]
			: [details.kind === 'connection' ? details.code : undefined];
	return facts.filter((fact) => fact !== undefined).join(' ') || details.kind;
}
