import { ApiError, apiError } from './apiError';
import type { Clock } from './clock';
import type { SimulatorOptions } from './types';

/** What a request takes from the limits. */
export interface Taken {
	model: string;
	/** Images it asks for. */
	images: number;
	/** Images it brings. */
	inputImages: number;
}

/** Counts images against the rate limits and the credit. */
export class Limits {
	private readonly pools: Pool[];

	private spent = 0;

	constructor(
		private readonly options: Pick<SimulatorOptions, 'rateLimit' | 'maxImages'>,
		private readonly clock: Clock,
	) {
		const { images, inputImages, windowMs = 60_000 } = options.rateLimit ?? {};
		this.pools = [
			...(images === undefined ? [] : [new Pool('images', 'images', images, windowMs)]),
			...(inputImages === undefined
				? []
				: [new Pool('input-images', 'inputImages', inputImages, windowMs)]),
		];
	}

	/**
	 * Takes a request from the windows and the credit. Refused requests take nothing.
	 * @returns the rate limit headers for the answer
	 * @throws ApiError 429
	 */
	take(taken: Taken): Record<string, string> {
		this.checkCredit(taken.images);
		const now = this.clock.now();
		for (const pool of this.pools) pool.check(taken, now);
		for (const pool of this.pools) pool.take(taken, now);
		this.spent += taken.images;
		const [first] = this.pools;
		return first?.headers(now) ?? {};
	}

	/** Takes `images` from the credit alone, as batches do. @throws ApiError 429 */
	spend(images: number): void {
		this.checkCredit(images);
		this.spent += images;
	}

	reset(): void {
		for (const pool of this.pools) pool.reset();
		this.spent = 0;
	}

	private checkCredit(images: number): void {
		const { maxImages } = this.options;
		if (maxImages !== undefined && this.spent + images > maxImages) {
			throw apiError('insufficient_quota');
		}
	}
}

/** One rate limit: so many in a window of time. */
class Pool {
	private asked: Array<{ at: number; count: number }> = [];

	/** @param name of what is counted, in the API's words */
	constructor(
		private readonly name: string,
		private readonly counts: 'images' | 'inputImages',
		private readonly limit: number,
		private readonly windowMs: number,
	) {}

	/** @throws ApiError 429 when a request does not fit */
	check(taken: Taken, now: number): void {
		this.asked = this.asked.filter(({ at }) => at + this.windowMs > now);
		const used = this.used();
		const wanted = taken[this.counts];
		if (used + wanted <= this.limit) return;
		const wait = this.waitFor(wanted, now);
		const pause = wait < 1000 ? `${wait}ms` : `${Math.ceil(wait / 100) / 10}s`;
		const { status, body } = apiError('rate_limit_exceeded', {
			type: this.name,
			message: `Rate limit reached for ${taken.model} (for limit gpt-image) in organization org-simulator on ${this.name} per min: Limit ${this.limit}, Used ${used}, Requested ${wanted}. Please try again in ${pause}. Visit https://platform.openai.com/account/rate-limits to learn more.`,
		});
		throw new ApiError(status, body, {
			...this.headers(now),
			'retry-after': String(Math.ceil(wait / 1000)),
			'retry-after-ms': String(wait),
		});
	}

	take(taken: Taken, now: number): void {
		this.asked.push({ at: now, count: taken[this.counts] });
	}

	headers(now: number): Record<string, string> {
		const [oldest] = this.asked;
		const reset = oldest ? oldest.at + this.windowMs - now : 0;
		return {
			[`x-ratelimit-limit-${this.name}`]: String(this.limit),
			[`x-ratelimit-remaining-${this.name}`]: String(Math.max(0, this.limit - this.used())),
			[`x-ratelimit-reset-${this.name}`]: String(Math.ceil(reset / 1000)),
		};
	}

	reset(): void {
		this.asked = [];
	}

	private used(): number {
		return this.asked.reduce((sum, { count }) => sum + count, 0);
	}

	/** Milliseconds until enough of the window is free; the whole window if that never happens. */
	private waitFor(wanted: number, now: number): number {
		let free = this.limit - this.used();
		for (const { at, count } of this.asked) {
			free += count;
			if (free >= wanted) return at + this.windowMs - now;
		}
		return this.windowMs;
	}
}
