import { delay } from '../node';
import type { Simulator } from '../simulator';

/** Resolves when the simulator has no open connection left; fails when one stays. */
export async function allSocketsClosed(simulator: Simulator): Promise<void> {
	for (let turn = 0; simulator.openSockets() > 0 && turn < 200; turn++) await delay(10);
	expect(simulator.openSockets()).toBe(0);
}
