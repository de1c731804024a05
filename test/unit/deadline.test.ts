import { RequestFailure } from '../../nodes/GptImage/errors/failure';
import { Deadline } from '../../nodes/GptImage/openai/retry/deadline';
import { Stop } from '../../nodes/GptImage/openai/retry/stop';
import { useFakeClock } from '../support/clock';
import { follow } from '../support/follow';

useFakeClock();

const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

/** A body whose chunks come when the test says. */
function body() {
	const waiting: Array<(next: IteratorResult<Buffer>) => void> = [];
	const chunks: AsyncIterable<Buffer> = {
		[Symbol.asyncIterator]: () => ({
			next: async () => await new Promise((resolve) => waiting.push(resolve)),
		}),
	};
	const come = async (next: IteratorResult<Buffer>) => {
		waiting.shift()?.(next);
		await pass(0);
	};
	return {
		chunks,
		chunk: async (text: string) => await come({ done: false, value: Buffer.from(text) }),
		end: async () => await come({ done: true, value: undefined }),
	};
}

async function readAll(chunks: AsyncIterable<Buffer>, pauseMs = 0): Promise<string> {
	let text = '';
	for await (const chunk of chunks) {
		text += chunk.toString();
		if (pauseMs > 0) {
			await new Promise<void>((resolve) => {
				AbortSignal.timeout(pauseMs).addEventListener('abort', () => resolve());
			});
		}
	}
	return text;
}

const late = (kind: string, reason: RegExp) => ({
	thrown: expect.objectContaining({ details: { kind, reason: expect.stringMatching(reason) } }),
});

describe('the time for a request', () => {
	it('is over to the millisecond', async () => {
		const { signal } = new Deadline(new Stop(), 1500);
		await pass(1499);
		expect(signal.aborted).toBe(false);
		await pass(1);
		expect(signal.reason).toBeInstanceOf(RequestFailure);
		expect(signal.reason).toMatchObject({
			details: { kind: 'timeout', reason: 'No image came back within 1.5 seconds' },
		});
	});

	it('says what it was for', async () => {
		const what = { kind: 'input', reason: 'The image could not be read' } as const;
		const { signal } = new Deadline(new Stop(), 2000, what);
		await pass(2000);
		expect(signal.reason).toMatchObject({
			details: { kind: 'input', reason: 'The image could not be read within 2 seconds' },
		});
	});

	it('may be a fraction of a millisecond', async () => {
		const { signal } = new Deadline(new Stop(), 0.5);
		await pass(1);
		expect(signal.aborted).toBe(true);
	});

	it('matters no more once the request is over', async () => {
		const deadline = new Deadline(new Stop(), 1000);
		deadline.end();
		const { reason } = deadline.signal;
		await pass(2000);
		expect(deadline.signal.reason).toBe(reason);
		expect(reason).not.toBeInstanceOf(RequestFailure);
	});
});

describe('an execution that is stopped', () => {
	it('ends the request with its reason', async () => {
		const execution = new Stop();
		const { signal } = new Deadline(execution, 1000);
		execution.reach('stopped');
		expect([signal.aborted, signal.reason]).toEqual([true, 'stopped']);
		await pass(2000);
		expect(signal.reason).toBe('stopped');
	});

	it('was stopped before', () => {
		const execution = new Stop();
		execution.reach('stopped');
		expect(new Deadline(execution, 1000).signal.reason).toBe('stopped');
	});

	it('does not reach a request that is over', () => {
		const execution = new Stop();
		const deadline = new Deadline(execution, 1000);
		deadline.end();
		execution.reach('stopped');
		expect(deadline.signal.reason).not.toBe('stopped');
	});
});

describe('an answer', () => {
	it('is passed on as it comes', async () => {
		const { chunks, chunk, end } = body();
		const text = follow(readAll(new Deadline(new Stop(), 60_000).watch(chunks, 1000)));
		for (const part of ['a', 'b', 'c']) {
			await pass(999);
			await chunk(part);
		}
		await end();
		expect(text()).toBe('abc');
	});

	it('that falls silent ends the request, however long it has come before', async () => {
		const { chunks, chunk } = body();
		const deadline = new Deadline(new Stop(), 60_000);
		void readAll(deadline.watch(chunks, 1000)).catch(() => {});
		for (let count = 0; count < 5; count += 1) {
			await pass(900);
			await chunk('a');
		}
		await pass(999);
		expect(deadline.signal.aborted).toBe(false);
		await pass(1);
		expect(deadline.signal.reason).toMatchObject({
			details: { kind: 'timeout', reason: 'The answer fell silent for 1 seconds' },
		});
	});

	it('is not silent while its reader takes his time', async () => {
		const { chunks, chunk, end } = body();
		const deadline = new Deadline(new Stop(), 60_000);
		const text = follow(readAll(deadline.watch(chunks, 1000), 5000));
		await chunk('a');
		await pass(5000);
		await end();
		expect(text()).toBe('a');
		expect(deadline.signal.aborted).toBe(false);
	});

	it('that breaks off once the time is over fails with that', async () => {
		const deadline = new Deadline(new Stop(), 1000);
		const broken: AsyncIterable<Buffer> = {
			[Symbol.asyncIterator]: () => ({
				next: async () =>
					await new Promise((_, reject) => {
						deadline.signal.addEventListener('abort', () => reject(new Error('aborted')));
					}),
			}),
		};
		const text = follow(readAll(deadline.watch(broken, 5000)));
		await pass(1000);
		expect(text()).toEqual(late('timeout', /^No image came back within 1 seconds$/));
	});

	it('that breaks off by itself fails with its own words', async () => {
		const broken: AsyncIterable<Buffer> = {
			[Symbol.asyncIterator]: () => ({
				next: async () => await Promise.reject(new Error('socket hang up')),
			}),
		};
		const text = follow(readAll(new Deadline(new Stop(), 1000).watch(broken, 1000)));
		await pass(0);
		expect(text()).toEqual({ thrown: new Error('socket hang up') });
	});
});

describe('work that cannot be ended', () => {
	const never = new Promise<string>(() => {});

	it('is waited for', async () => {
		const deadline = new Deadline(new Stop(), 1000);
		await expect(deadline.race(Promise.resolve('stored'))).resolves.toBe('stored');
		await expect(deadline.race(Promise.reject(new Error('full')))).rejects.toThrow('full');
	});

	it('is waited for no longer than the request may take', async () => {
		const waiting = follow(new Deadline(new Stop(), 1000).race(never));
		await pass(999);
		expect(waiting()).toBe('waiting');
		await pass(1);
		expect(waiting()).toEqual(late('timeout', /within 1 seconds$/));
	});

	it('is not waited for when the time is over already', async () => {
		const deadline = new Deadline(new Stop(), 1000);
		await pass(1000);
		const waiting = follow(deadline.race(never));
		await pass(0);
		expect(waiting()).toEqual(late('timeout', /within 1 seconds$/));
	});

	it('may fail later without anybody to hear of it', async () => {
		const execution = new Stop();
		let fail: (problem: Error) => void = () => {};
		const work = new Promise<never>((_, reject) => {
			fail = reject;
		});
		const waiting = follow(new Deadline(execution, 1000).race(work));
		execution.reach('stopped');
		await pass(0);
		expect(waiting()).toEqual({ thrown: 'stopped' });
		fail(new Error('too late'));
		await pass(0);
	});
});

describe('an answer that is waited for', () => {
	it('ends the request when it does not begin in time', async () => {
		const deadline = new Deadline(new Stop(), 60_000);
		const waiting = follow(deadline.begin(new Promise<string>(() => {}), 1000));
		await pass(999);
		expect(waiting()).toBe('waiting');
		await pass(1);
		expect(waiting()).toEqual(late('timeout', /^No answer came back within 1 seconds$/));
		expect(deadline.signal.aborted).toBe(true);
	});

	it('may take its time once it has begun', async () => {
		const deadline = new Deadline(new Stop(), 60_000);
		await expect(deadline.begin(Promise.resolve('begun'), 1000)).resolves.toBe('begun');
		await pass(59_999);
		expect(deadline.signal.aborted).toBe(false);
	});
});
