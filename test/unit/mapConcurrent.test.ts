import fc from 'fast-check';
import { mapConcurrent } from '../../nodes/GptImage/mapConcurrent';
import { useFakeClock } from '../support/clock';
import { follow } from '../support/follow';

useFakeClock();

const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

const after = async (ms: number) =>
	await new Promise<void>((resolve) => {
		AbortSignal.timeout(ms).addEventListener('abort', () => resolve());
	});

/** Makes jobs 0, 1, 2 …; `taken` tells how many have been. */
function jobsOf(count: number, ms = 0) {
	const taken: number[] = [];
	async function* jobs() {
		for (let job = 0; job < count; job += 1) {
			if (ms > 0) await after(ms);
			taken.push(job);
			yield job;
		}
	}
	return { jobs: jobs(), taken };
}

it('does every job once, as many at a time as it may', async () => {
	const plan = fc.record({
		concurrency: fc.integer({ min: 1, max: 12 }),
		times: fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 30 }),
	});
	await fc.assert(
		fc.asyncProperty(plan, async ({ concurrency, times }) => {
			let [underWay, most] = [0, 0];
			const done: number[] = [];
			const end = follow(
				mapConcurrent(concurrency, jobsOf(times.length).jobs, async (job) => {
					underWay += 1;
					most = Math.max(most, underWay);
					await after(times[job] ?? 1);
					underWay -= 1;
					done.push(job);
				}),
			);
			await pass(times.length * 50 + 1);
			expect(end()).toBeUndefined();
			expect(done.sort((a, b) => a - b)).toEqual([...times.keys()]);
			expect(most).toBe(Math.min(concurrency, times.length));
		}),
	);
});

it('takes a job when there is room for it, not before', async () => {
	const { jobs, taken } = jobsOf(5);
	const end = follow(mapConcurrent(2, jobs, async () => await after(100)));
	await pass(50);
	expect(taken).toEqual([0, 1]);
	await pass(100);
	expect(taken).toEqual([0, 1, 2, 3]);
	await pass(100);
	expect(taken).toEqual([0, 1, 2, 3, 4]);
	await pass(100);
	expect(end()).toBeUndefined();
});

it('throws what a job throws first, takes no other, and waits for those under way', async () => {
	const { jobs, taken } = jobsOf(10);
	const done: number[] = [];
	const end = follow(
		mapConcurrent(3, jobs, async (job) => {
			await after(job === 1 ? 10 : 100);
			if (job === 1) throw new Error('no');
			done.push(job);
		}),
	);
	await pass(99);
	expect(end()).toBe('waiting');
	await pass(1);
	expect(end()).toEqual({ thrown: new Error('no') });
	expect(taken).toEqual([0, 1, 2]);
	expect(done).toEqual([0, 2]);
});

it('throws what the making of a job throws', async () => {
	async function* broken() {
		yield await Promise.resolve(0);
		throw new Error('no more');
	}
	await expect(mapConcurrent(2, broken(), async () => {})).rejects.toThrow('no more');
});
