import fc from 'fast-check';
import { Mutex } from '../../nodes/GptImage/openai/retry/mutex';
import { Stop } from '../../nodes/GptImage/openai/retry/stop';
import { useFakeClock } from '../support/clock';
import { follow } from '../support/follow';

useFakeClock();

const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

it('lets one in at a time, in the order in which they came, whatever becomes of those before', async () => {
	const jobs = fc.array(fc.record({ ms: fc.nat(20), fails: fc.boolean() }), { maxLength: 20 });
	await fc.assert(
		fc.asyncProperty(jobs, async (given) => {
			const mutex = new Mutex();
			let inside = 0;
			const order: number[] = [];
			const ends = given.map(({ ms, fails }, index) =>
				follow(
					mutex.runExclusive(async () => {
						inside += 1;
						order.push(index);
						expect(inside).toBe(1);
						await new Promise<void>((resolve) => {
							AbortSignal.timeout(ms).addEventListener('abort', () => resolve());
						});
						inside -= 1;
						if (fails) throw new Error(`no ${index}`);
						return index;
					}),
				),
			);
			await pass(given.length * 25);
			expect(order).toEqual([...given.keys()]);
			expect(ends.map((end) => end())).toEqual(
				given.map(({ fails }, index) => (fails ? { thrown: new Error(`no ${index}`) } : index)),
			);
		}),
	);
});

describe('who is in and waits for a change', () => {
	it('goes on with the next one', async () => {
		const mutex = new Mutex();
		let changes = 0;
		const end = follow(
			mutex.runExclusive(async () => {
				while (changes < 2) await mutex.nextChange(new Stop());
				return 'done';
			}),
		);
		for (let count = 0; count < 2; count += 1) {
			await pass(0);
			expect(end()).toBe('waiting');
			changes += 1;
			mutex.changed();
		}
		await pass(0);
		expect(end()).toBe('done');
	});

	it('keeps the others out meanwhile', async () => {
		const mutex = new Mutex();
		const first = follow(mutex.runExclusive(async () => await mutex.nextChange(new Stop())));
		const second = follow(mutex.runExclusive(async () => await Promise.resolve('in')));
		await pass(1000);
		expect([first(), second()]).toEqual(['waiting', 'waiting']);
		mutex.changed();
		await pass(0);
		expect([first(), second()]).toEqual([undefined, 'in']);
	});

	it('leaves with the reason of a stop, and lets the next one in', async () => {
		const mutex = new Mutex();
		const stop = new Stop();
		const first = follow(mutex.runExclusive(async () => await mutex.nextChange(stop)));
		const second = follow(mutex.runExclusive(async () => await Promise.resolve('in')));
		await pass(0);
		stop.reach('over');
		await pass(0);
		expect([first(), second()]).toEqual([{ thrown: 'over' }, 'in']);
	});
});

it('takes a change that nobody waits for', () => {
	expect(() => new Mutex().changed()).not.toThrow();
});
