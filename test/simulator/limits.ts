import { ApiError, apiError } from './apiError';
import type { SimulatorOptions } from './types';

/** Counts images against the rate limit and the credit. */
export class Limits {
	private asked: Array<{ at: number; images: number }> = [];

	private spent = 0;

	constructor(private readonly options: Pick<SimulatorOptions, 'rateLimit' | 'maxImages'>) {}

	/**
	 * Takes `images` from the window and the credit. Refused requests take nothing.
	 * @returns the rate limit headers for the answer
	 * @throws ApiError 429
	 */
	take(images: number): Record<string, string> {
		const { rateLimit } = this.options;
		this.checkCredit(images);
		const now = Date.now();
		if (rateLimit) {
			const { windowMs } = rateLimit;
			this.asked = this.asked.filter(({ at }) => at + windowMs > now);
			const used = this.asked.reduce((sum, request) => sum + request.images, 0);
			if (used + images > rateLimit.images) throw this.refused(rateLimit, used, images, now);
			this.asked.push({ at: now, images });
		}
		this.spent += images;
		return rateLimit ? this.headers(rateLimit, now) : {};
	}

	/** Takes `images` from the credit alone, as batches do. @throws ApiError 429 */
	spend(images: number): void {
		this.checkCredit(images);
		this.spent += images;
	}

	private checkCredit(images: number): void {
		const { maxImages } = this.options;
		if (maxImages !== undefined && this.spent + images > maxImages) {
			throw apiError('insufficient_quota');
		}
	}

	reset(): void {
		this.asked = [];
		this.spent = 0;
	}

	private refused(
		limit: { images: number; windowMs: number },
		used: number,
		images: number,
		now: number,
	): ApiError {
		const wait = this.waitFor(limit, used, images, now);
		const { status, body } = apiError('rate_limit_exceeded', {
			message: `Rate limit reached for images per minute in organization org-simulator. Limit ${limit.images}, Used ${used}, Requested ${images}. Please try again in ${wait}ms.`,
		});
		return new ApiError(status, body, {
			...this.headers(limit, now),
			'retry-after': String(Math.ceil(wait / 1000)),
			'retry-after-ms': String(wait),
		});
	}

	/** Milliseconds until enough of the window is free; the whole window if that never happens. */
	private waitFor(
		limit: { images: number; windowMs: number },
		used: number,
		images: number,
		now: number,
	): number {
		let free = limit.images - used;
		for (const request of this.asked) {
			free += request.images;
			if (free >= images) return request.at + limit.windowMs - now;
		}
		return limit.windowMs;
	}

	private headers(
		limit: { images: number; windowMs: number },
		now: number,
	): Record<string, string> {
		const used = this.asked.reduce((sum, request) => sum + request.images, 0);
		const [oldest] = this.asked;
		const reset = oldest ? oldest.at + limit.windowMs - now : 0;
		return {
			'x-ratelimit-limit-images': String(limit.images),
			'x-ratelimit-remaining-images': String(Math.max(0, limit.images - used)),
			'x-ratelimit-reset-images': String(Math.ceil(reset / 1000)),
		};
	}
}
