/**
 * The time rate limits, batches and files live in: the real one, moved on by hand or run faster, so that a day
 * passes in a test at once.
 */
export class Clock {
	private since = Date.now();

	private advanced = 0;

	/** @param speed how many seconds pass in one real second */
	constructor(private readonly speed: number) {}

	/** Milliseconds since the epoch. */
	now(): number {
		return Math.floor(this.since + (Date.now() - this.since) * this.speed + this.advanced);
	}

	advance(ms: number): void {
		this.advanced += ms;
	}

	/** Back to the real time. */
	reset(): void {
		this.since = Date.now();
		this.advanced = 0;
	}
}

/** Seconds since the epoch, as the API tells times. */
export function toSeconds(ms: number): number {
	return Math.floor(ms / 1000);
}
