import * as workflow from 'n8n-workflow';
import { afterMs } from '../node';

/** What the node waits by: n8n's `sleep`, and `AbortSignal.timeout`, which jest's fake timers leave real. */
const timeout = AbortSignal.timeout.bind(AbortSignal);

const replaceTimeout = (by: (ms: number) => AbortSignal) =>
	jest.spyOn(AbortSignal, 'timeout').mockImplementation(by);

/**
 * Has every test of a file start at 0 on a clock that stands still: nothing that waits goes on before
 * `jest.advanceTimersByTimeAsync` says so.
 */
export function useFakeClock(): void {
	beforeEach(() => {
		jest.useFakeTimers({ now: 0 });
		jest
			.spyOn(workflow, 'sleep')
			.mockImplementation(async (ms) => await new Promise((resolve) => afterMs(ms, resolve)));
		replaceTimeout((ms) => {
			const controller = new AbortController();
			afterMs(ms, () => controller.abort());
			return controller.signal;
		});
	});
	afterEach(() => {
		jest.restoreAllMocks();
		jest.useRealTimers();
	});
}

/** Longer time-outs are of no matter to a test, and stay as they are. */
const LONGEST_MS = 10_000;

/**
 * Counts the time-outs of a file, up to ten seconds, in turns of the event loop of a millisecond or more.
 * The bytes that have come in are read in every turn, so a process that is held up, on however busy a
 * machine, does not take its own pause for the silence of a server.
 */
export function useLoopClock(): void {
	const waiting = new Set<{ turns: number; controller: AbortController }>();
	const turn = () => {
		for (const timer of waiting) {
			timer.turns -= 1;
			if (timer.turns > 0) continue;
			waiting.delete(timer);
			timer.controller.abort();
		}
		if (waiting.size > 0) afterMs(1, turn);
	};
	beforeAll(() => {
		replaceTimeout((ms) => {
			if (ms > LONGEST_MS) return timeout(ms);
			const controller = new AbortController();
			if (waiting.size === 0) afterMs(1, turn);
			waiting.add({ turns: ms, controller });
			return controller.signal;
		});
	});
	afterAll(() => {
		waiting.clear();
		jest.restoreAllMocks();
	});
}
