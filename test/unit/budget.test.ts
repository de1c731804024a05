import fc from 'fast-check';
import { Budget, type Reservation } from '../../nodes/GptImage/cost/budget';
import { RequestFailure } from '../../nodes/GptImage/errors/failure';
import { Stop } from '../../nodes/GptImage/openai/retry/stop';
import { useFakeClock } from '../support/clock';
import { follow } from '../support/follow';

useFakeClock();

const pass = async (ms = 0) => await jest.advanceTimersByTimeAsync(ms);

const after = async (ms: number) =>
	await new Promise<void>((resolve) => {
		AbortSignal.timeout(ms).addEventListener('abort', () => resolve());
	});

/** Asks for money. @returns what has become of it by now: `in`, `waiting`, or what it was refused with */
function ask(
	budget: Budget,
	usd: number | undefined | (() => number | undefined),
	stop = new Stop(),
) {
	let reservation: Reservation | undefined;
	const state = follow(
		budget
			.reserve(typeof usd === 'function' ? usd : () => usd, stop)
			.then((given) => {
				reservation = given;
				return 'in' as const;
			})
			.catch((thrown: unknown) => (thrown instanceof RequestFailure ? thrown.details : thrown)),
	);
	return {
		state,
		settle: async (cost: number | undefined) => {
			if (!reservation) throw new Error('No money was set aside');
			reservation.settle(cost);
			await pass();
		},
	};
}

const refused = (spent: number, limit: number, estimatedCost?: number) =>
	expect.objectContaining({
		kind: 'budget',
		code: 'budget_reached',
		budget: { spent, limit, ...(estimatedCost !== undefined && { estimatedCost }) },
	});

it('is passed by no more than the estimates were wrong, and refuses only what does not fit', async () => {
	const cents = fc.integer({ min: 0, max: 500 }).map((cent) => cent / 100);
	const jobs = fc.array(
		fc.record({ estimate: cents, cost: cents, ms: fc.integer({ min: 1, max: 50 }) }),
		{ maxLength: 40 },
	);
	const concurrencies = fc.integer({ min: 1, max: 10 });
	await fc.assert(
		fc.asyncProperty(cents, jobs, concurrencies, async (limit, given, concurrency) => {
			const budget = new Budget(limit);
			const stop = new Stop();
			let [spent, error] = [0, 0];
			const queue = [...given];
			const worker = async () => {
				for (let job = queue.shift(); job; job = queue.shift()) {
					const { estimate, cost, ms } = job;
					const reservation = await budget
						.reserve(() => estimate, stop)
						.catch((problem: unknown) => {
							if (!(problem instanceof RequestFailure)) throw problem;
						});
					if (!reservation) {
						expect(spent + estimate).toBeGreaterThan(limit - 1e-9);
						continue;
					}
					await after(ms);
					spent += cost;
					error += Math.max(0, cost - estimate);
					reservation.settle(cost);
				}
			};
			const end = follow(
				Promise.all(Array.from({ length: concurrency }, worker)).then(() => 'done'),
			);
			await pass(given.length * 50 + 1);
			expect(end()).toBe('done');
			expect(budget.total).toBeCloseTo(spent);
			expect(spent).toBeLessThanOrEqual(limit + error + 1e-6);
		}),
	);
});

describe('a request that does not fit', () => {
	it('waits for what is under way, and goes ahead when that was cheaper', async () => {
		const budget = new Budget(1);
		const [first, second] = [ask(budget, 0.8), ask(budget, 0.8)];
		await pass(3_600_000);
		expect([first.state(), second.state()]).toEqual(['in', 'waiting']);
		await first.settle(0.1);
		expect(second.state()).toBe('in');
	});

	it('is refused once nothing is under way that could turn out cheaper', async () => {
		const budget = new Budget(1);
		const [first, second] = [ask(budget, 0.8), ask(budget, 0.8)];
		await pass();
		await first.settle(0.8);
		expect(second.state()).toEqual(refused(0.8, 1, 0.8));
	});

	it('is refused at once when it never could', async () => {
		const request = ask(new Budget(1), 1.01);
		await pass();
		expect(request.state()).toEqual(refused(0, 1, 1.01));
	});

	it('lets none that come later pass before its own end', async () => {
		const budget = new Budget(1);
		const [first, large, small] = [ask(budget, 0.5), ask(budget, 0.9), ask(budget, 0.1)];
		await pass(1000);
		expect([large.state(), small.state()]).toEqual(['waiting', 'waiting']);
		await first.settle(0.5);
		expect([large.state(), small.state()]).toEqual([refused(0.5, 1, 0.9), 'in']);
	});

	it('is estimated anew with what was learnt meanwhile', async () => {
		let usd = 0.8;
		const budget = new Budget(1);
		const first = ask(budget, 0.8);
		const second = ask(budget, () => usd);
		await pass();
		usd = 0.2;
		await first.settle(0.8);
		expect(second.state()).toBe('in');
	});

	it('waits no longer than the run, and lets the next one ask', async () => {
		const budget = new Budget(1);
		const stop = new Stop();
		const [first, second] = [ask(budget, 0.8), ask(budget, 0.8, stop)];
		const third = ask(budget, 0.1);
		await pass();
		stop.reach('over');
		await pass();
		expect([first.state(), second.state(), third.state()]).toEqual(['in', 'over', 'in']);
	});
});

it('fits to the cent, although 0.1 + 0.1 + 0.1 is more than 0.3 in binary', async () => {
	const budget = new Budget(0.3);
	const requests = [0.1, 0.1, 0.1].map((usd) => ask(budget, usd));
	await pass();
	expect(requests.map(({ state }) => state())).toEqual(['in', 'in', 'in']);
});

it.each([
	[0.052715, 0.1, 'The request would cost about $0.052715; $0.10 of $0.15 are spent'],
	[5, 0, 'The request would cost about $5.00; $0.00 of $0.15 are spent'],
	[undefined, 0.15, 'Nobody can tell what the request would cost; $0.15 of $0.15 are spent'],
])('says why it refuses a request of %s dollars', async (usd, spent, reason) => {
	const request = ask(new Budget(0.15, spent), usd);
	await pass();
	expect(request.state()).toMatchObject({ reason });
});

it('counts what was spent before', async () => {
	const budget = new Budget(1, 0.5);
	const request = ask(budget, 0.6);
	await pass();
	expect([request.state(), budget.total]).toEqual([refused(0.5, 1, 0.6), 0.5]);
});

describe('a request that nobody can estimate', () => {
	it('goes ahead alone; those that can be estimated need not wait for it', async () => {
		const budget = new Budget(1);
		const [first, other] = [ask(budget, undefined), ask(budget, 0.4)];
		const second = ask(budget, undefined);
		await pass(1000);
		expect([first, other, second].map(({ state }) => state())).toEqual(['in', 'in', 'waiting']);
		await first.settle(0.5);
		expect(second.state()).toBe('in');
		expect(budget.total).toBe(0.5);
	});

	it('is refused when nothing is left', async () => {
		const request = ask(new Budget(1, 1), undefined);
		await pass();
		expect(request.state()).toEqual(refused(1, 1));
	});

	it('is the last but for two when its cost cannot be told afterwards either', async () => {
		const budget = new Budget(1);
		for (let count = 0; count < 3; count += 1) {
			const request = ask(budget, undefined);
			await pass();
			expect(request.state()).toBe('in');
			await request.settle(undefined);
		}
		const fourth = ask(budget, undefined);
		await pass();
		expect(fourth.state()).toEqual(refused(0, 1));
	});
});

it('books the estimate where the cost cannot be told', async () => {
	const budget = new Budget(1);
	const request = ask(budget, 0.25);
	await pass();
	await request.settle(undefined);
	expect(budget.total).toBe(0.25);
});
