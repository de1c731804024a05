import { assert } from '../../../node';
import type { E2e } from '../../part';

/** What the browser's console said meanwhile. */
export async function checkConsole(e2e: E2e, problems: string[]): Promise<void> {
	await e2e.check('the browser reports no error about the node', () => {
		assert.deepEqual([...new Set(problems)], []);
	});
}
