import fc from 'fast-check';
import { AlarmClock } from '../../nodes/GptImage/openai/retry/alarmClock';
import { afterMs } from '../node';

/** How many timers were made. */
let timers = 0;

beforeEach(() => {
	jest.useFakeTimers();
	timers = 0;
	// The real one keeps to a clock that cannot be set.
	jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
		timers += 1;
		const controller = new AbortController();
		afterMs(ms, () => controller.abort());
		return controller.signal;
	});
});
afterEach(() => {
	jest.restoreAllMocks();
	jest.useRealTimers();
});

/** Sets alarms and tells when each rings, in milliseconds from the beginning. */
function listen(clock: AlarmClock) {
	const start = performance.now();
	const rung: Array<[string, number]> = [];
	const set = (name: string, ms: number) =>
		clock.set(ms, () => void rung.push([name, performance.now() - start]));
	return { rung, set };
}

it('rings when it was asked to, in whatever order it was asked', async () => {
	const { rung, set } = listen(new AlarmClock());
	set('late', 3_000);
	set('early', 1_000);
	set('between', 2_000);
	set('too', 2_000);
	await jest.advanceTimersByTimeAsync(10_000);
	expect(rung).toEqual([
		['early', 1_000],
		['between', 2_000],
		['too', 2_000],
		['late', 3_000],
	]);
});

it('does not ring for what was taken back, and goes on ringing for the others', async () => {
	const { rung, set } = listen(new AlarmClock());
	const takeBack = set('first', 1_000);
	set('second', 1_500);
	takeBack();
	takeBack();
	await jest.advanceTimersByTimeAsync(1_499);
	expect(rung).toEqual([]);
	await jest.advanceTimersByTimeAsync(1);
	expect(rung).toEqual([['second', 1_500]]);
});

it('rings for what is set while it rings', async () => {
	const clock = new AlarmClock();
	const { rung, set } = listen(clock);
	clock.set(1_000, () => {
		set('at once', 0);
		set('later', 500);
	});
	await jest.advanceTimersByTimeAsync(1_501);
	expect(rung.map(([name]) => name)).toEqual(['at once', 'later']);
});

it('waits longer than any timer of Node can', async () => {
	const { rung, set } = listen(new AlarmClock());
	const ms = 3 * 2 ** 31;
	set('at last', ms);
	await jest.advanceTimersByTimeAsync(ms - 1);
	expect(rung).toEqual([]);
	await jest.advanceTimersByTimeAsync(1);
	expect(rung).toEqual([['at last', ms]]);
});

it('makes one timer for a thousand requests one after the other', async () => {
	const { rung, set } = listen(new AlarmClock());
	for (let request = 0; request < 1_000; request += 1) {
		const takeBack = [set('time is over', 180_000), set('silence', 60_000)];
		await jest.advanceTimersByTimeAsync(50);
		for (const one of takeBack) one();
	}
	expect(rung).toEqual([]);
	expect(timers).toBeLessThanOrEqual(3);
});

it('rings once for each alarm at its time, whatever is set and taken back', async () => {
	const alarms = fc.array(
		fc.record({
			pauseMs: fc.nat(500),
			ms: fc.nat(2_000),
			takenBackAfterMs: fc.option(fc.nat(2_500), { nil: undefined }),
		}),
		{ maxLength: 20 },
	);
	await fc.assert(
		fc.asyncProperty(alarms, async (plan) => {
			const { rung, set } = listen(new AlarmClock());
			const expected: Array<[string, number]> = [];
			let now = 0;
			for (const [index, { pauseMs, ms, takenBackAfterMs }] of plan.entries()) {
				await jest.advanceTimersByTimeAsync(pauseMs);
				now += pauseMs;
				const takeBack = set(String(index), ms);
				if (takenBackAfterMs !== undefined) afterMs(takenBackAfterMs, takeBack);
				if (takenBackAfterMs === undefined || takenBackAfterMs > ms) {
					expected.push([String(index), now + ms]);
				}
			}
			await jest.advanceTimersByTimeAsync(3_000);
			const byName = (one: [string, number], other: [string, number]) =>
				Number(one[0]) - Number(other[0]);
			const tied = plan.flatMap(({ ms, takenBackAfterMs }, index) =>
				ms === takenBackAfterMs ? [String(index)] : [],
			);
			expect(rung.filter(([name]) => !tied.includes(name)).sort(byName)).toEqual(expected);
		}),
		{ numRuns: 100 },
	);
});
