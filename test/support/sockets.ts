import type { Simulator } from '../simulator';
import { until } from './events';

/** Resolves when the simulator has no open connection left; one that stays fails the test by its time limit. */
export async function allSocketsClosed(simulator: Simulator): Promise<void> {
	await until(() => simulator.openSockets() === 0);
}
