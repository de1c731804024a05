import { events, vm } from '../../node';

/**
 * The process itself: inside jest, `process` is a copy, and listeners on the copy hear neither signals nor
 * unhandled rejections.
 */
export function realProcess(): events {
	const found: unknown = vm.runInThisContext('process');
	if (found instanceof events) return found;
	throw new TypeError('There is no process');
}
