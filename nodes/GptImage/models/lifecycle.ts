import type { ModelFamily } from './catalogue';

/** So many days before a model shuts down the node begins to warn. */
const WARNING_DAYS = 60;

const DAY_MS = 86_400_000;

/** How long a model still answers. */
export type Lifecycle =
	| { state: 'alive' }
	| { state: 'retiring' | 'shutDown'; date: string; replacement: string };

/**
 * @param family the model's; an unknown one counts as alive
 * @param now epoch milliseconds
 */
export function lifecycleOf(family: ModelFamily | undefined, now: number): Lifecycle {
	const shutdown = family?.shutdown;
	const left = shutdown ? Date.parse(shutdown.date) - now : Infinity;
	if (!shutdown || left > WARNING_DAYS * DAY_MS) return { state: 'alive' };
	return { state: left > 0 ? 'retiring' : 'shutDown', ...shutdown };
}
