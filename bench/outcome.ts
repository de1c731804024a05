import type { Measurement } from './child/job';
import { megabytes, seconds } from './units';

/** What came of measuring something, or why it could not be done. */
export type Outcome = Measurement | { failed: string };

/** Tells what a measuring process may say from anything else. */
export function isOutcome(value: unknown): value is Outcome {
	return typeof value === 'object' && value !== null && ('wallMs' in value || 'failed' in value);
}

/** @returns an outcome for the progress line */
export function describe(outcome: Outcome): string {
	if ('failed' in outcome) return `failed: ${outcome.failed}`;
	const { wallMs, cpuMs, peakBytes } = outcome;
	return `${seconds(wallMs)}, CPU ${seconds(cpuMs)}, peak +${megabytes(peakBytes)}`;
}

/** @returns the median of each figure, or the first failure */
export function medianOf(outcomes: Outcome[]): Outcome {
	const found: Measurement[] = [];
	for (const outcome of outcomes) {
		if ('failed' in outcome) return outcome;
		found.push(outcome);
	}
	const [first] = found;
	if (!first) return { failed: 'nothing was measured' };
	const middle = (name: 'wallMs' | 'cpuMs' | 'idleBytes' | 'peakBytes') =>
		median(found.map((measurement) => measurement[name]));
	return {
		peakFrom: first.peakFrom,
		wallMs: middle('wallMs'),
		cpuMs: middle('cpuMs'),
		idleBytes: middle('idleBytes'),
		peakBytes: middle('peakBytes'),
	};
}

/** The middle value; of an even number the mean of the two in the middle. 0 of none. */
export function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length / 2;
	return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}
