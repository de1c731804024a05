import { process } from '../../test/node';
import type { Assignment, Contestant, Job, Measurement, Prepare } from './job';
import { settle, watchPeak } from './memory';

const CONTESTANTS: Record<Contestant, () => Promise<Prepare>> = {
	gptImage: async () => (await import('./contestants/gptImage')).prepare,
	builtIn: async () => (await import('./contestants/builtIn')).prepare,
	httpRequest: async () => (await import('./contestants/httpRequest')).prepare,
	least: async () => (await import('./contestants/least')).prepare,
	sdk: async () => (await import('./contestants/sdk')).prepare,
	floor: async () => (await import('./contestants/floor')).prepare,
};

/** Measures one job in this process, which is forked for it with the assignment as its argument. */
async function main() {
	const { contestant, warmUp, job }: Assignment = JSON.parse(process.argv[2] ?? '');
	const prepare = await CONTESTANTS[contestant]();
	check(warmUp, await (await prepare(warmUp))());
	const work = await prepare(job);
	await settle();
	const idleBytes = process.memoryUsage.rss();
	const endWatch = watchPeak();
	const cpu = process.cpuUsage();
	const start = performance.now();
	const sizes = await work();
	const wallMs = performance.now() - start;
	const { user, system } = process.cpuUsage(cpu);
	const { bytes, peakFrom } = endWatch();
	check(job, sizes);
	process.send?.({
		wallMs,
		cpuMs: (user + system) / 1000,
		idleBytes,
		peakBytes: bytes - idleBytes,
		peakFrom,
	} satisfies Measurement);
}

/** A contestant that does not deliver is not measured. */
function check({ results, imageBytes }: Job, sizes: number[]) {
	const right = sizes.filter((size) => imageBytes === undefined || size === imageBytes).length;
	if (results === undefined) return;
	if (right !== results || right !== sizes.length) {
		throw new Error(`${right} of ${results} images came back, in ${sizes.length} files`);
	}
}

void main().then(
	() => process.exit(0),
	(error: unknown) => {
		process.send?.({ failed: error instanceof Error ? error.message : String(error) });
		process.exitCode = 1;
		process.disconnect?.();
	},
);
