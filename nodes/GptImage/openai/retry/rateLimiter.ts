import type { RequestFailure } from '../../errors/failure';
import type { Stop } from './stop';
import { wait } from './wait';
import { Mutex } from './mutex';

/** What came of a request: images, a refusal because of the pace, or something else. */
export type TurnOutcome = 'served' | 'limited' | 'failed';

/** Permission to send one request; give it back with the outcome when the answer is in. */
export interface Turn {
	done(outcome: TurnOutcome): void;
}

/**
 * Decides when the next request of a run may start. All lanes of a run share one pace:
 * - at most `lanes` requests are under way;
 * - images are spaced evenly when a rate is given;
 * - after a rate limit nobody starts before the wait is over, then half as many lanes go on and
 *   one more joins with each answer that comes back well.
 */
export class RateLimiter {
	private open: number;
	private underWay = 0;
	private nextStart = 0;
	private resumeAt = 0;
	private slowedAt = 0;
	private limitedSince: number | undefined;
	private closed: { until: number; failure: RequestFailure } | undefined;
	private readonly queue = new Mutex();
	private wake = () => {};

	/**
	 * @param lanes how many requests may be under way at once
	 * @param imagesPerMinute images to ask for in a minute, 0 for no limit
	 */
	constructor(
		private readonly lanes: number,
		private readonly imagesPerMinute: number,
	) {
		this.open = lanes;
	}

	/**
	 * Waits for the turn of a request; first come, first served.
	 *
	 * @param images how many images the request asks for
	 * @param stop ends the wait
	 * @throws the reason of the stop; the failure that has closed the API to the whole run
	 */
	async turn(images: number, stop: Stop): Promise<Turn> {
		await this.queue.runExclusive(async () => await this.admit(images, stop));
		const startedAt = Date.now();
		return {
			done: (outcome) => {
				this.underWay -= 1;
				if (outcome !== 'limited') this.limitedSince = undefined;
				if (outcome === 'served') this.speedUp(startedAt);
				this.wake();
			},
		};
	}

	/**
	 * Holds every lane after a rate limit, unless that would take longer than the run has patience for:
	 * then the failure is that of every request until the API is open again, and none is sent.
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
		this.limitedSince ??= now;
		if (now + ms - this.limitedSince > timeoutMs) {
			this.closed = { until: now + ms, failure };
			return false;
		}
		// Requests that were already under way tell nothing new about the number of lanes.
		if (startedAt >= this.slowedAt) {
			this.open = Math.max(1, Math.floor(this.open / 2));
			this.slowedAt = now;
		}
		this.resumeAt = Math.max(this.resumeAt, now + ms);
		return true;
	}

	private speedUp(startedAt: number) {
		if (startedAt >= this.slowedAt) this.open = Math.min(this.lanes, this.open + 1);
	}

	private async admit(images: number, stop: Stop) {
		for (;;) {
			stop.throwIfReached();
			if (this.closed && Date.now() < this.closed.until) throw this.closed.failure;
			if (this.underWay >= this.open) {
				await this.nextDone(stop);
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

	private async nextDone(stop: Stop) {
		let forget = () => {};
		await new Promise<void>((resolve) => {
			this.wake = resolve;
			forget = stop.listen(resolve);
		});
		forget();
	}
}
