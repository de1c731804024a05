import { apiFailure } from '../../nodes/GptImage/errors/classify';
import {
	RequestFailure,
	type ApiFailure,
	type Billing,
	type FailureDetails,
} from '../../nodes/GptImage/errors/failure';
import type { Attempt } from '../../nodes/GptImage/openai/retry/attempt';
import type { Deadline } from '../../nodes/GptImage/openai/retry/deadline';
import { RateLimiter } from '../../nodes/GptImage/openai/retry/rateLimiter';
import { requestWithRetries } from '../../nodes/GptImage/openai/retry/requestWithRetries';
import { Stop } from '../../nodes/GptImage/openai/retry/stop';
import { useFakeClock } from '../support/clock';
import { follow } from '../support/follow';

useFakeClock();
// The longest wait of all.
beforeEach(() => void jest.spyOn(Math, 'random').mockReturnValue(0));

const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

/** One sending of the request: what comes of it, and after how many milliseconds. */
interface Sending {
	details?: FailureDetails;
	billing?: Billing;
	ms?: number;
}

const served: Sending = { billing: 'yes' };
const refused = (said: Partial<ApiFailure>, more: Sending = {}): Sending => ({
	details: apiFailure({ status: 500, reason: 'It failed', ...said }),
	billing: 'no',
	...more,
});
const limited = (retryAfter: string) =>
	refused({ status: 429, code: 'rate_limit_exceeded', headers: { 'retry-after': retryAfter } });

interface Scene {
	/** The last one again and again. */
	sendings: Sending[];
	maxRetries?: number;
	timeoutMs?: number;
	limiter?: RateLimiter;
}

function start({ sendings, maxRetries = 2, timeoutMs = 60_000, limiter }: Scene) {
	const execution = new Stop();
	const noNewRequests = new Stop();
	const sentAt: number[] = [];
	const deadlines: Deadline[] = [];
	const send = async (deadline: Deadline): Promise<Attempt> => {
		const { details, billing = 'no', ms = 0 } = sendings[sentAt.length] ?? sendings.at(-1) ?? {};
		sentAt.push(Date.now());
		deadlines.push(deadline);
		await new Promise<void>((resolve, reject) => {
			if (ms === 0) return resolve();
			AbortSignal.timeout(ms).addEventListener('abort', () => resolve());
			deadline.signal.addEventListener('abort', () => reject(deadline.signal.reason));
		});
		const failure = details && new RequestFailure(details, billing);
		return { images: [], partials: [], fields: {}, hasImage: false, failure, billing };
	};
	const outcome = follow(
		requestWithRetries(
			{ images: 1, maxRetries, timeoutMs },
			limiter ?? new RateLimiter(0),
			{ execution, noNewRequests },
			send,
		),
	);
	return { execution, noNewRequests, sentAt, deadlines, outcome };
}

describe('a request that fails and may be sent again', () => {
	it('is, after waits that double, and tells of it', async () => {
		const { sentAt, outcome } = start({
			sendings: [refused({}), refused({ status: 502, reason: '' }), served],
		});
		await pass(499);
		expect(sentAt).toEqual([0]);
		await pass(5000);
		expect(sentAt).toEqual([0, 500, 1500]);
		expect(outcome()).toEqual({
			attempt: expect.objectContaining({ billing: 'yes', failure: undefined }),
			retries: 2,
			retryReasons: ['500', '502'],
			perhapsBilled: 0,
			waitedMs: 1500,
			durationMs: 1500,
		});
	});

	it.each([0, 1, 2, 5])('is, at most Max Retries times: %i', async (maxRetries) => {
		const { sentAt, outcome } = start({ sendings: [refused({})], maxRetries, timeoutMs: 600_000 });
		await pass(600_000);
		expect(sentAt).toHaveLength(1 + maxRetries);
		expect(outcome()).toMatchObject({
			attempt: { failure: { details: { status: 500 } } },
			retries: maxRetries,
		});
	});

	it('waits as long as the API asks', async () => {
		const { sentAt } = start({
			sendings: [refused({ headers: { 'retry-after': '7' } }), served],
		});
		await pass(60_000);
		expect(sentAt).toEqual([0, 7000]);
	});

	it('is not when the wait would outlast Timeout', async () => {
		const { sentAt, outcome } = start({
			sendings: [refused({ headers: { 'retry-after': '60' } })],
			timeoutMs: 60_000,
		});
		await pass(0);
		expect(sentAt).toEqual([0]);
		expect(outcome()).toMatchObject({ retries: 0, attempt: { failure: expect.anything() } });
	});

	it('has what is left of Timeout', async () => {
		const { sentAt, outcome } = start({
			sendings: [refused({}, { ms: 4000 }), { ms: 60_000 }],
			timeoutMs: 10_000,
		});
		await pass(4500);
		expect(sentAt).toEqual([0, 4500]);
		// 4 s of the first, half a second between.
		await pass(5499);
		expect(outcome()).toBe('waiting');
		await pass(1);
		expect(outcome()).toMatchObject({ thrown: { details: { kind: 'timeout' } } });
	});

	it('counts what may be on the bill', async () => {
		const lost: Sending = {
			details: { kind: 'connection', reason: 'socket hang up', code: 'ECONNRESET' },
			billing: 'hardly',
		};
		const { outcome } = start({ sendings: [lost, refused({}), served] });
		await pass(5000);
		expect(outcome()).toMatchObject({
			perhapsBilled: 1,
			retries: 2,
			retryReasons: ['ECONNRESET', '500'],
		});
	});
});

describe('a request that may be on the bill', () => {
	it.each<[string, Sending]>([
		['was refused late', refused({}, { billing: 'maybe' })],
		[
			'brought a part of an image',
			{ details: { kind: 'interrupted', reason: 'cut' }, billing: 'yes' },
		],
		['fell silent', { details: { kind: 'timeout', reason: 'late' }, billing: 'maybe' }],
		['was not understood', { details: { kind: 'answer', reason: 'html' }, billing: 'maybe' }],
		['could not be stored', { details: { kind: 'store', reason: 'full' }, billing: 'yes' }],
	])('is never sent again: it %s', async (_, sending) => {
		const { sentAt, outcome } = start({ sendings: [sending], maxRetries: 5 });
		await pass(60_000);
		expect(sentAt).toEqual([0]);
		expect(outcome()).toMatchObject({ retries: 0, perhapsBilled: 0 });
	});
});

describe('a rate limit', () => {
	it('uses up no retry', async () => {
		const { sentAt, outcome } = start({
			sendings: [...Array<Sending>(12).fill(limited('1')), served],
			maxRetries: 0,
			timeoutMs: 600_000,
		});
		await pass(600_000);
		expect(sentAt).toHaveLength(13);
		expect(outcome()).toMatchObject({ retries: 12, attempt: { billing: 'yes' } });
	});

	it('tells the first ten reasons, however often it comes', async () => {
		const { outcome } = start({
			sendings: [...Array<Sending>(30).fill(limited('1')), served],
			timeoutMs: 600_000,
		});
		await pass(600_000);
		expect(outcome()).toMatchObject({
			retries: 30,
			retryReasons: Array(10).fill('429 rate_limit_exceeded'),
		});
	});

	it('takes nothing from Timeout', async () => {
		const { outcome } = start({
			sendings: [limited('50'), { ...served, ms: 59_999 }],
			timeoutMs: 60_000,
		});
		await pass(50_000 + 59_999);
		expect(outcome()).toMatchObject({ attempt: { billing: 'yes' }, waitedMs: 50_000 });
	});

	it('that is longer than Timeout is not waited for', async () => {
		const { sentAt, outcome } = start({ sendings: [limited('3600')] });
		await pass(0);
		expect(sentAt).toEqual([0]);
		expect(outcome()).toMatchObject({ attempt: { failure: { details: { status: 429 } } } });
	});

	it('that never ends is asked about until Timeout, not longer', async () => {
		const { sentAt, outcome } = start({ sendings: [limited('0')], timeoutMs: 60_000 });
		await pass(60_000);
		expect(outcome()).toMatchObject({ attempt: { failure: { details: { status: 429 } } } });
		expect(sentAt.length).toBeGreaterThan(3);
		expect(sentAt.length).toBeLessThan(20);
	});

	it('of 5 images a minute lets 100 requests through without a failure and without hammering', async () => {
		const windowMs = 60_000;
		const answeredAt: number[] = [];
		let asked = 0;
		const limiter = new RateLimiter(0);
		const execution = new Stop();
		const send = async (): Promise<Attempt> => {
			asked += 1;
			const now = Date.now();
			const inWindow = answeredAt.filter((at) => at > now - windowMs);
			const none = { images: [], partials: [], fields: {}, hasImage: false };
			if (inWindow.length < 5) {
				answeredAt.push(now);
				return { ...none, billing: 'yes' };
			}
			const wait = (inWindow[0] ?? now) + windowMs - now;
			const headers = { 'retry-after-ms': String(wait) };
			const failure = new RequestFailure(apiFailure({ status: 429, reason: 'slow', headers }));
			return { ...none, failure, billing: 'no' };
		};
		const settings = { images: 1, maxRetries: 0, timeoutMs: 600_000 };
		const stops = { execution, noNewRequests: execution };
		const requests = Array.from({ length: 100 }, () =>
			follow(requestWithRetries(settings, limiter, stops, send)),
		);
		await pass(25 * windowMs);
		const ends = requests.map((outcome) => outcome());
		expect(ends).toEqual(ends.map(() => expect.objectContaining({ attempt: expect.anything() })));
		expect(answeredAt).toHaveLength(100);
		// The API lets 100 through in 19 minutes at best; each minute the whole run is told once or twice to wait.
		expect(answeredAt.at(-1)).toBeLessThanOrEqual(20 * windowMs);
		expect(asked).toBeLessThanOrEqual(100 + 100 + 2 * 20);
	});
});

describe('a stop', () => {
	it('of the execution ends what is under way', async () => {
		const { execution, outcome } = start({ sendings: [{ ms: 60_000 }] });
		await pass(100);
		execution.reach('stopped');
		await pass(0);
		expect(outcome()).toEqual({ thrown: 'stopped' });
	});

	it('of new requests leaves what is under way', async () => {
		const { noNewRequests, outcome } = start({ sendings: [{ ...served, ms: 1000 }] });
		await pass(100);
		noNewRequests.reach('failed');
		await pass(900);
		expect(outcome()).toMatchObject({ attempt: { billing: 'yes' } });
	});

	it('of new requests ends the wait before it is sent again', async () => {
		const { noNewRequests, sentAt, outcome } = start({ sendings: [refused({}), served] });
		await pass(100);
		noNewRequests.reach('failed');
		await pass(60_000);
		expect(outcome()).toEqual({ thrown: 'failed' });
		expect(sentAt).toEqual([0]);
	});

	it('of new requests ends the wait for a turn', async () => {
		const limiter = new RateLimiter(1);
		await limiter.turn(1, new Stop());
		const { noNewRequests, sentAt, outcome } = start({ sendings: [served], limiter });
		await pass(100);
		noNewRequests.reach('failed');
		await pass(600_000);
		expect(outcome()).toEqual({ thrown: 'failed' });
		expect(sentAt).toEqual([]);
	});
});

it('leaves no deadline behind, whatever comes of a request', async () => {
	const { deadlines, outcome } = start({ sendings: [refused({}), served] });
	await pass(5000);
	expect(outcome()).not.toBe('waiting');
	expect(deadlines.map(({ signal }) => signal.aborted)).toEqual([true, true]);
	expect(deadlines.map(({ signal }) => signal.reason instanceof RequestFailure)).toEqual([
		false,
		false,
	]);
});

it('gives its turn back, also when sending throws', async () => {
	const limiter = new RateLimiter(0);
	const failure = new RequestFailure(apiFailure({ status: 429, reason: '' }));
	const turns = await Promise.all([1, 1].map(async () => await limiter.turn(1, new Stop())));
	limiter.slowDown(1, Date.now(), { failure, timeoutMs: 60_000 });
	for (const turn of turns) turn.done('limited');
	await pass(1);
	const first = start({ sendings: [{ ms: 60_000 }], limiter });
	const second = start({ sendings: [served], limiter });
	await pass(0);
	expect([first.sentAt.length, second.sentAt.length]).toEqual([1, 0]);
	first.execution.reach('stopped');
	await pass(0);
	expect(second.outcome()).toMatchObject({ attempt: { billing: 'yes' } });
});
