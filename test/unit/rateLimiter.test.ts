import fc from 'fast-check';
import { apiFailure } from '../../nodes/GptImage/errors/classify';
import { RequestFailure } from '../../nodes/GptImage/errors/failure';
import { RateLimiter, type Turn } from '../../nodes/GptImage/openai/retry/rateLimiter';
import { Stop } from '../../nodes/GptImage/openai/retry/stop';
import { useFakeClock } from '../support/clock';
import { follow } from '../support/follow';

useFakeClock();

const failure = new RequestFailure(apiFailure({ status: 429, reason: 'Rate limit reached' }));
const patient = { failure, timeoutMs: 600_000 };

/** Asks for a turn for each of these numbers of images. @returns the turns, and when each began, in milliseconds */
function ask(limiter: RateLimiter, images: number[], stop = new Stop()) {
	const turns: Turn[] = [];
	const at: number[] = [];
	const all = images.map(async (count) => {
		turns.push(await limiter.turn(count, stop));
		at.push(Date.now());
	});
	return { turns, at, all: Promise.all(all) };
}

const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

/** So many requests that are under way. */
async function underWay(limiter: RateLimiter, count: number): Promise<Turn[]> {
	const { turns, all } = ask(limiter, Array<number>(count).fill(1));
	await all;
	return turns;
}

/** The first of them is refused, as often as it says; then all give their turns back as refused. */
function refuse(limiter: RateLimiter, turns: Turn[], ms: number, startedAt = Date.now()): boolean {
	const isPatient = limiter.slowDown(ms, startedAt, patient);
	for (const turn of turns) turn.done('limited');
	return isPatient;
}

describe('without a limit', () => {
	it('every request has its turn at once', async () => {
		const { at } = ask(new RateLimiter(0), [1, 10, 1, 10]);
		await pass(0);
		expect(at).toEqual([0, 0, 0, 0]);
	});
});

describe('Images per Minute', () => {
	it('spaces images evenly, as many as each request asks for', async () => {
		const { at } = ask(new RateLimiter(60), [1, 1, 2, 1]);
		await pass(10_000);
		expect(at).toEqual([0, 1000, 2000, 4000]);
	});

	it('does not make up for time that was not used', async () => {
		const limiter = new RateLimiter(60);
		await underWay(limiter, 1);
		await pass(30_000);
		const { at } = ask(limiter, [1, 1, 1]);
		await pass(10_000);
		expect(at).toEqual([30_000, 31_000, 32_000]);
	});

	it('is never passed in any minute, whatever the requests ask for', async () => {
		const counts = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 12 });
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 100, max: 600 }), counts, async (perMinute, images) => {
				const first = Date.now();
				const { at } = ask(new RateLimiter(perMinute), images);
				await pass((images.reduce((sum, count) => sum + count, 0) * 60_000) / perMinute + 1000);
				expect(at).toHaveLength(images.length);
				let earlier = 0;
				for (const [index, start] of at.entries()) {
					expect(start - first).toBeGreaterThanOrEqual((earlier * 60_000) / perMinute);
					earlier += images[index] ?? 0;
				}
			}),
			{ numRuns: 30 },
		);
	});

	it('is waited for in the order of the requests', async () => {
		const limiter = new RateLimiter(60);
		const order: string[] = [];
		for (const name of ['a', 'b', 'c']) {
			void limiter.turn(1, new Stop()).then(() => order.push(name));
		}
		await pass(10_000);
		expect(order).toEqual(['a', 'b', 'c']);
	});
});

describe('a rate limit', () => {
	it('holds every request until the wait is over', async () => {
		const limiter = new RateLimiter(0);
		const turns = await underWay(limiter, 1);
		expect(refuse(limiter, turns, 400)).toBe(true);
		const { at } = ask(limiter, [1]);
		await pass(399);
		expect(at).toEqual([]);
		await pass(1);
		expect(at).toEqual([400]);
	});

	it('lets half as many go on, and one more with each answer that comes back well', async () => {
		const limiter = new RateLimiter(0);
		refuse(limiter, await underWay(limiter, 8), 400);
		const { turns, at } = ask(limiter, Array<number>(12).fill(1));
		await pass(400);
		expect(at).toHaveLength(4);
		turns[0]?.done('served');
		await pass(0);
		// One in the place of the one that is done, and one more.
		expect(at).toHaveLength(6);
		turns[1]?.done('failed');
		await pass(0);
		expect(at).toHaveLength(7);
	});

	it('leaves one request, however often it comes', async () => {
		const limiter = new RateLimiter(0);
		for (let turn = 0; turn < 4; turn += 1) {
			const { turns } = ask(limiter, [1]);
			await pass(60_000);
			refuse(limiter, turns, 10);
		}
		const { at } = ask(limiter, [1, 1]);
		await pass(60_000);
		expect(at).toHaveLength(1);
	});

	it('that all the requests under way meet together counts once', async () => {
		const limiter = new RateLimiter(0);
		const turns = await underWay(limiter, 8);
		await pass(10);
		for (const turn of turns) {
			expect(limiter.slowDown(400, 0, patient)).toBe(true);
			turn.done('limited');
		}
		const { at } = ask(limiter, Array<number>(8).fill(1));
		await pass(400);
		expect(at).toHaveLength(4);
	});

	it('is waited for longer each time when the API asks to come back at once', async () => {
		const limiter = new RateLimiter(0);
		const waits: number[] = [];
		let turns = await underWay(limiter, 1);
		for (let time = 0; time < 8; time += 1) {
			const refusedAt = Date.now();
			refuse(limiter, turns, 1);
			const next = ask(limiter, [1]);
			await pass(10_000);
			waits.push((next.at[0] ?? NaN) - refusedAt);
			turns = next.turns;
		}
		expect(waits).toEqual([1, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
	});

	it('begins anew after an answer that came back well', async () => {
		const limiter = new RateLimiter(0);
		refuse(limiter, await underWay(limiter, 1), 1);
		const { turns, all } = ask(limiter, [1]);
		await pass(1);
		await all;
		turns[0]?.done('served');
		refuse(limiter, await underWay(limiter, 1), 1);
		const { at } = ask(limiter, [1]);
		const now = Date.now();
		await pass(1);
		expect(at).toEqual([now + 1]);
	});

	it('that lasts longer than the run has patience for is the failure of all until it is over', async () => {
		const limiter = new RateLimiter(0);
		const [turn] = await underWay(limiter, 1);
		expect(limiter.slowDown(3_600_000, 0, { failure, timeoutMs: 60_000 })).toBe(false);
		turn?.done('limited');
		await expect(limiter.turn(1, new Stop())).rejects.toBe(failure);
		await pass(3_599_999);
		await expect(limiter.turn(1, new Stop())).rejects.toBe(failure);
		await pass(1);
		await expect(limiter.turn(1, new Stop())).resolves.toBeDefined();
	});

	it('is not waited for longer than the patience in all, without an answer in between', async () => {
		const limiter = new RateLimiter(0);
		const answers: boolean[] = [];
		for (let turn = 0; turn < 5; turn += 1) {
			const { turns, all } = ask(limiter, [1]);
			await pass(4000);
			await all;
			answers.push(limiter.slowDown(4000, Date.now(), { failure, timeoutMs: 10_000 }));
			turns[0]?.done('limited');
			if (!answers.at(-1)) break;
		}
		expect(answers).toEqual([true, true, false]);
	});
});

describe('a stop', () => {
	it.each<[string, number, (limiter: RateLimiter) => Promise<void>]>([
		['the rate', 1, async (limiter) => void (await underWay(limiter, 1))],
		[
			'a rate limit',
			0,
			async (limiter) => void refuse(limiter, await underWay(limiter, 1), 60_000),
		],
		[
			'the requests under way',
			0,
			async (limiter) => {
				refuse(limiter, await underWay(limiter, 2), 10);
				await pass(10);
				await underWay(limiter, 1);
			},
		],
	])('ends the wait for %s at once, of everyone', async (_, imagesPerMinute, occupy) => {
		const limiter = new RateLimiter(imagesPerMinute);
		await occupy(limiter);
		const stop = new Stop();
		const waiting = [1, 1].map((images) => follow(limiter.turn(images, stop)));
		await pass(0);
		expect(waiting.map((state) => state())).toEqual(['waiting', 'waiting']);
		stop.reach('over');
		await pass(0);
		expect(waiting.map((state) => state())).toEqual([{ thrown: 'over' }, { thrown: 'over' }]);
	});
});
