import { RequestFailure, type FailureDetails } from '../../nodes/GptImage/errors/failure';
import { callJson, mayHaveWorked, type CallSettings } from '../../nodes/GptImage/openai/callApi';
import { useFakeClock } from '../support/clock';
import { fakeApi, type FakeAnswer } from '../support/fakeApi';
import { follow } from '../support/follow';

useFakeClock();
// The longest wait of all.
beforeEach(() => void jest.spyOn(Math, 'random').mockReturnValue(0));

const MINUTE = 60_000;
const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

/** Makes a call. @returns what has become of it by now, a failure by its details */
function call(answers: FakeAnswer[], settings: Partial<CallSettings> = {}) {
	const { session, calls, stop } = fakeApi(...answers);
	const state = follow(
		callJson(session, { method: 'GET', path: '/files' }, { isRepeatable: true, ...settings }).catch(
			(error: unknown) => (error instanceof RequestFailure ? error.details : { thrown: error }),
		),
	);
	return { state, stop, count: () => calls.length };
}

const FAULT: FakeAnswer = { status: 500, body: { error: { message: 'It failed' } } };
const FINE: FakeAnswer = { body: { id: 'file-1' } };

/** What leaves it open whether the call has done its work. */
const OPEN: Array<[string, FakeAnswer]> = [
	['a fault of the server', FAULT],
	['a connection that breaks before the answer', { breaks: 'ECONNRESET' }],
	['an answer that breaks off', { body: Buffer.from('{"id":'), breaks: 'ECONNRESET' }],
	['an answer that is no JSON', { body: Buffer.from('<html>') }],
	['an answer that is no object', { body: [1] }],
];

describe('a call that can be repeated', () => {
	it.each(OPEN)('is made again after %s', async (_, answer) => {
		const { state, count } = call([answer, FINE]);
		await pass(500);
		expect(state()).toEqual({ id: 'file-1' });
		expect(count()).toBe(2);
	});

	it('is made four times more, half a second and then twice as long later each time', async () => {
		const { state, count } = call([FAULT]);
		const counts: number[] = [];
		for (const ms of [499, 1, 999, 1, 1999, 1, 3999, 1]) {
			await pass(ms);
			counts.push(count());
		}
		expect(counts).toEqual([1, 2, 2, 3, 3, 4, 4, 5]);
		expect(state()).toMatchObject({ kind: 'api', class: 'serverFault' });
	});

	it.each<[string, FakeAnswer]>([
		['a refusal', { status: 403, body: { error: { message: 'No' } } }],
		['another address', { status: 307, headers: { location: 'https://example.com/' } }],
	])('is not made again after %s', async (_, answer) => {
		const { state, count } = call([answer]);
		await pass(10 * MINUTE);
		expect(count()).toBe(1);
		expect(state()).toMatchObject({ kind: answer.status === 307 ? 'redirect' : 'api' });
	});

	it('waits for a rate limit as long as it asks, up to five minutes', async () => {
		const limited = (seconds: number): FakeAnswer => ({
			status: 429,
			headers: { 'retry-after': String(seconds) },
			body: { error: { message: 'Too fast', code: 'rate_limit_exceeded' } },
		});
		const patient = call([limited(200), FINE]);
		await pass(199_000);
		expect(patient.count()).toBe(1);
		await pass(2000);
		expect(patient.state()).toEqual({ id: 'file-1' });
		const impatient = call([limited(301), FINE]);
		await pass(10 * MINUTE);
		expect(impatient.state()).toMatchObject({ kind: 'api', class: 'rateLimit' });
		expect(impatient.count()).toBe(1);
	});

	it('is made again when no answer comes within a minute', async () => {
		const { state, count } = call([{ hangs: true }, FINE]);
		await pass(MINUTE - 1);
		expect([state(), count()]).toEqual(['waiting', 1]);
		await pass(501);
		expect([state(), count()]).toEqual([{ id: 'file-1' }, 2]);
	});
});

describe('a call that cannot be repeated', () => {
	it.each(OPEN)('is not made again after %s', async (_, answer) => {
		const { state, count } = call([answer, FINE], { isRepeatable: false });
		await pass(10 * MINUTE);
		expect(count()).toBe(1);
		const failure = state();
		if (typeof failure === 'string' || !('kind' in failure)) throw new Error('It did not fail');
		expect(mayHaveWorked(new RequestFailure(failure as FailureDetails))).toBe(true);
	});

	it('is made again where no connection came about', async () => {
		const { state, count } = call([{ breaks: 'ECONNREFUSED' }, FINE], { isRepeatable: false });
		await pass(500);
		expect([state(), count()]).toEqual([{ id: 'file-1' }, 2]);
	});

	it.each<[string, FakeAnswer]>([
		['does not begin', { hangs: true }],
		['falls silent', { body: Buffer.from('{"id":'), hangs: true }],
	])('fails when its answer %s within the time that is given', async (_, answer) => {
		const { state, count } = call([answer], { isRepeatable: false, timeoutMs: 30_000 });
		await pass(29_999);
		expect(state()).toBe('waiting');
		await pass(1);
		expect(state()).toMatchObject({ kind: 'call' });
		expect(count()).toBe(1);
	});
});

it('reads no more of an answer than can be a list', async () => {
	const pieces = ['{"id":"', 'x'.repeat(17 * 1024 * 1024), '"}'].map((text) => Buffer.from(text));
	const { state } = call([{ pieces }], { isRepeatable: false });
	await pass(0);
	expect(state()).toMatchObject({ kind: 'call' });
});

it.each<[string, FakeAnswer]>([
	['waits for its answer', { hangs: true }],
	['waits to be made again', FAULT],
])('ends with the execution while it %s', async (_, answer) => {
	const { state, stop } = call([answer]);
	await pass(10);
	stop.reach(new Error('stopped'));
	await pass(0);
	expect(state()).toEqual({ thrown: new Error('stopped') });
});

it.each<[FailureDetails, boolean]>([
	[{ kind: 'api', class: 'serverFault', status: 500, reason: '' }, true],
	[{ kind: 'api', class: 'badParameter', status: 400, reason: '' }, false],
	[{ kind: 'api', class: 'unknown', reason: '' }, true],
	[{ kind: 'connection', code: 'ECONNRESET', reason: '' }, true],
	[{ kind: 'connection', reason: '' }, true],
	[{ kind: 'connection', code: 'ENOTFOUND', reason: '' }, false],
	[{ kind: 'call', reason: '' }, true],
	[{ kind: 'redirect', status: 307, reason: '' }, false],
])('a call that failed with %j may have done its work: %s', (details, may) => {
	expect(mayHaveWorked(new RequestFailure(details))).toBe(may);
});
