import { v8, vm } from '../node';

v8.setFlagsFromString('--expose-gc');
const gc: unknown = vm.runInNewContext('gc');

/** Frees everything that nobody holds, so that what is left is held. */
export function collectGarbage(): void {
	if (typeof gc === 'function') gc();
}
