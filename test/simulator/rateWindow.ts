import { ApiError, apiError } from './apiError';
import type { Clock } from './clock';

/** So many requests in a window of time, and no more. */
export class RateWindow {
	private taken: number[] = [];

	/** @param name what is counted, in the API's words, such as `files per minute` */
	constructor(
		private readonly limit: number,
		private readonly windowMs: number,
		private readonly name: string,
		private readonly clock: Clock,
	) {}

	/** @throws ApiError 429 with the time until there is room */
	take(): void {
		const now = this.clock.now();
		this.taken = this.taken.filter((at) => at + this.windowMs > now);
		const [oldest] = this.taken;
		if (this.taken.length >= this.limit && oldest !== undefined) {
			const wait = oldest + this.windowMs - now;
			const { status, body } = apiError('rate_limit_exceeded', {
				message: `Rate limit reached in organization org-simulator on ${this.name}: Limit ${this.limit}, Used ${this.taken.length}, Requested 1. Please try again in ${wait}ms.`,
			});
			throw new ApiError(status, body, { 'retry-after': String(Math.ceil(wait / 1000)) });
		}
		this.taken.push(now);
	}

	reset(): void {
		this.taken = [];
	}
}
