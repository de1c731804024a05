import type { Goal } from './section';
import { megabytes, seconds, times } from './units';

type Kind = 'at least' | 'at most';

/** @returns a goal for a figure; none when it was not measured */
function goal(
	what: string,
	kind: Kind,
	bound: number,
	reached: number | undefined,
	show: (value: number) => string,
): Goal[] {
	if (reached === undefined) return [];
	const isMet = kind === 'at least' ? reached >= bound : reached <= bound;
	const sign = kind === 'at least' ? '≥' : '≤';
	return [{ what, goal: `${sign} ${show(bound)}`, reached: show(reached), isMet }];
}

type Show = (what: string, kind: Kind, bound: number, reached: number | undefined) => Goal[];

/** A factor that should be at least or at most so large. */
export const factorGoal: Show = (...figures) => goal(...figures, times);

/** A part of the whole, 1 being all of it. */
export const shareGoal: Show = (...figures) =>
	goal(...figures, (share) => `${(100 * share).toFixed(1)} %`);

/** Bytes. */
export const memoryGoal: Show = (...figures) => goal(...figures, megabytes);

/** Milliseconds. */
export const timeGoal: Show = (...figures) => goal(...figures, seconds);
