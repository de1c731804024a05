import type { RequestFailure } from '../../errors/failure';
import { Mutex } from './mutex';
import type { Stop } from './stop';
import { wait } from './wait';

/** What came of a request: images, a refusal because of the pace, or something else. */
export type TurnOutcome = 'served' | 'limited' | 'failed';

/** Permission to send one request; give it back with the outcome when the answer is in. */
export interface Turn {
	done(outcome: TurnOutcome): void;
}

/** After rate limits in a row the wait is at least the first of these, doubled each time up to the second. */
const SHORTEST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;

/**
 * Decides when the next request of a run may start. All requests of a run share it:
 * - images are spaced evenly when a rate is given;
 * - after a rate limit nobody starts before the wait is over, then half as many requests as before are under way
 *   at once, and one more with each answer that comes back well.
 */
export class RateLimiter {
	/** How many may be under way at once; unlimited until the API first says that it is too much. */
	private open = Infinity;
	private underWay = 0;
	private nextStart = 0;
	private resumeAt = 0;
	private slowedAt = 0;
	/** Rate limits one after the other without an answer in between. */
	private limits = 0;
	private limitedSince: number | undefined;
	private closed: { until: number; failure: RequestFailure } | undefined;
	private readonly mutex = new Mutex();

	/** @param imagesPerMinute images to ask for in a minute, 0 for no limit */
	constructor(private readonly imagesPerMinute: number) {}

	/**
	 * Waits for the turn of a request; first come, first served.
	 *
	 * @param images how many images the request asks for
	 * @param stop ends the wait
	 * @throws the reason of the stop; the failure that has closed the API to the whole run
	 */
	async turn(images: number, stop: Stop): Promise<Turn> {
		await this.mutex.runExclusive(async () => await this.admit(images, stop));
		const startedAt = Date.now();
		return {
			done: (outcome) => {
				this.underWay -= 1;
				if (outcome !== 'limited') this.limitedSince = undefined;
				if (outcome === 'served') this.speedUp(startedAt);
				this.mutex.changed();
			},
		};
	}

	/**
	 * Holds every request after a rate limit, unless that would take longer than the run has patience for:
	 * then the failure is that of every request until the API is open again, and none is sent.
	 * To be called before the refused request gives its turn back.
	 *
	 * @param ms how long the API asked to wait, in milliseconds
	 * @param startedAt when the refused request was sent (epoch milliseconds)
	 * @param limit the refusal, and how long the run may be limited without any answer in between, in milliseconds
	 * @returns whether the request may be sent again
	 */
	slowDown(
		ms: number,
		startedAt: number,
		{ failure, timeoutMs }: { failure: RequestFailure; timeoutMs: number },
	): boolean {
		const now = Date.now();
		// Requests that were already under way tell nothing new.
		const isNew = startedAt >= this.slowedAt;
		if (isNew) this.limits += 1;
		const waitMs = Math.max(ms, this.shortestWait);
		this.limitedSince ??= now;
		if (now + waitMs - this.limitedSince > timeoutMs) {
			this.closed = { until: now + waitMs, failure };
			return false;
		}
		if (isNew) {
			this.open = Math.max(1, Math.floor(Math.min(this.open, this.underWay) / 2));
			this.slowedAt = now;
		}
		this.resumeAt = Math.max(this.resumeAt, now + waitMs);
		return true;
	}

	/** The first time the API knows best; "at once", again and again, would be a hot loop. */
	private get shortestWait(): number {
		if (this.limits < 2) return 0;
		return Math.min(SHORTEST_WAIT_MS * 2 ** (this.limits - 2), LONGEST_WAIT_MS);
	}

	private speedUp(startedAt: number) {
		if (startedAt < this.slowedAt) return;
		this.open += 1;
		this.limits = 0;
	}

	private async admit(images: number, stop: Stop) {
		for (;;) {
			stop.throwIfReached();
			if (this.closed && Date.now() < this.closed.until) throw this.closed.failure;
			if (this.underWay >= this.open) {
				await this.mutex.nextChange(stop);
				continue;
			}
			const pause = Math.max(this.resumeAt, this.nextStart) - Date.now();
			if (pause <= 0) break;
			await wait(pause, stop);
		}
		this.underWay += 1;
		if (this.imagesPerMinute > 0) {
			this.nextStart = Date.now() + (images * 60_000) / this.imagesPerMinute;
		}
	}
}
