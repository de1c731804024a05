import type { Goal } from './section';
import { times } from './units';

/** A factor that should be at least or at most so large. No goal when it was not measured. */
export function factorGoal(
	what: string,
	kind: 'at least' | 'at most',
	bound: number,
	reached: number | undefined,
): Goal[] {
	if (reached === undefined) return [];
	const isMet = kind === 'at least' ? reached >= bound : reached <= bound;
	const sign = kind === 'at least' ? '≥' : '≤';
	return [{ what, goal: `${sign} ${bound}×`, reached: times(reached), isMet }];
}
