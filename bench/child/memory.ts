import { delay, fs, process } from '../../test/node';
import type { Measurement } from './job';

const SAMPLE_MS = 5;

/**
 * Watches the resident memory of this process from now on.
 * Linux keeps the peak itself (VmHWM, which writing 5 to `clear_refs` resets, see proc(5)): exact and
 * without cost. Elsewhere it is sampled every 5 ms.
 *
 * @returns ends the watch and tells the highest resident memory, in bytes
 */
export function watchPeak(): () => Pick<Measurement, 'peakFrom'> & { bytes: number } {
	if (resetPeak()) return () => ({ bytes: readPeak(), peakFrom: 'VmHWM' });
	let bytes = 0;
	let isOver = false;
	const sample = async () => {
		while (!isOver) {
			bytes = Math.max(bytes, process.memoryUsage.rss());
			await delay(SAMPLE_MS, undefined, { ref: false });
		}
	};
	void sample();
	return () => {
		isOver = true;
		return { bytes: Math.max(bytes, process.memoryUsage.rss()), peakFrom: 'samples' };
	};
}

function resetPeak(): boolean {
	try {
		fs.writeFileSync('/proc/self/clear_refs', '5');
		return true;
	} catch {
		return false;
	}
}

function readPeak(): number {
	const status = fs.readFileSync('/proc/self/status', 'utf8');
	return 1024 * Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1]);
}

/** Collects garbage (needs `--expose-gc`) and gives freed memory a moment to go back to the system. */
export async function settle(): Promise<void> {
	for (let round = 0; round < 3; round += 1) {
		gc?.();
		await delay(100);
	}
}
