import type { RequestFailure } from '../../errors/failure';
import type { Attempt } from './attempt';
import { Deadline } from './deadline';
import type { RateLimiter, TurnOutcome } from './rateLimiter';
import { retryDecision, type RetryDecision } from './retryDecision';
import type { Stop } from './stop';
import { wait } from './wait';

/** What the loop has to know of an attempt. */
export type Tried = Pick<Attempt, 'billing' | 'failure'>;

/** What was done to get an answer. */
export interface RequestOutcome<One extends Tried = Attempt> {
	/** The last attempt. */
	attempt: One;
	/** How often it was sent again. */
	retries: number;
	/** Why the first of the earlier attempts failed, e.g. `429 rate_limit_exceeded`. */
	retryReasons: string[];
	/** How many earlier attempts may be on the bill all the same. */
	perhapsBilled: number;
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

/** Most reasons that are told: a request that waits for a rate limit may be sent hundreds of times. */
const TOLD_REASONS = 10;

/**
 * Sends a request, and sends it again as long as that can help: the only retry loop of the package.
 *
 * @param rateLimiter gives the turns and slows all requests of the run down after a rate limit
 * @param stops `execution` ends what is under way; `noNewRequests` ends the wait for a turn, and between attempts
 * @param send sends the request once
 * @throws the reason of the stop that ended it
 */
export async function requestWithRetries<One extends Tried>(
	{ images, maxRetries, timeoutMs }: RetrySettings,
	rateLimiter: RateLimiter,
	{ execution, noNewRequests }: Stops,
	send: (deadline: Deadline) => Promise<One>,
): Promise<RequestOutcome<One>> {
	const retryReasons: string[] = [];
	const earlier = { retries: 0, perhapsBilled: 0, waitedMs: 0 };
	let faults = 0;
	/** Milliseconds of the request's time that are used up; waiting for a rate limit uses none. */
	let spentMs = 0;
	let firstStart: number | undefined;
	let lastEnd: number | undefined;

	/** @returns how long to pause before sending again, `undefined` when that is no use */
	const pauseAfter = (failure: RequestFailure, decision: RetryDecision, startedAt: number) => {
		if (!decision.retry) return undefined;
		if (decision.isRateLimit) {
			const isPatient = rateLimiter.slowDown(decision.delayMs, startedAt, { failure, timeoutMs });
			return isPatient ? 0 : undefined;
		}
		faults += 1;
		spentMs += Date.now() - startedAt + decision.delayMs;
		return faults > maxRetries || spentMs >= timeoutMs ? undefined : decision.delayMs;
	};

	for (;;) {
		const turn = await rateLimiter.turn(images, noNewRequests);
		const startedAt = Date.now();
		firstStart ??= startedAt;
		earlier.waitedMs += startedAt - (lastEnd ?? startedAt);
		const deadline = new Deadline(execution, timeoutMs - spentMs);
		let outcome: TurnOutcome = 'failed';
		let attempt: One;
		let pauseMs: number | undefined;
		try {
			attempt = await send(deadline);
			lastEnd = Date.now();
			const { failure, billing } = attempt;
			if (failure) {
				const decision = retryDecision(failure, billing, earlier.retries, lastEnd);
				if (decision.retry && decision.isRateLimit) outcome = 'limited';
				pauseMs = pauseAfter(failure, decision, startedAt);
			} else outcome = 'served';
			if (failure && pauseMs !== undefined) {
				earlier.retries += 1;
				earlier.perhapsBilled += billing === 'no' ? 0 : 1;
				if (retryReasons.length < TOLD_REASONS) retryReasons.push(nameOf(failure));
			}
		} finally {
			deadline.end();
			turn.done(outcome);
		}
		if (pauseMs === undefined) {
			return { attempt, ...earlier, retryReasons, durationMs: lastEnd - firstStart };
		}
		await wait(pauseMs, noNewRequests);
	}
}

function nameOf({ details }: RequestFailure): string {
	const parts = 'code' in details ? [details.code] : [];
	const status = 'status' in details ? details.status : undefined;
	return [status, ...parts].filter((part) => part !== undefined).join(' ') || details.kind;
}
