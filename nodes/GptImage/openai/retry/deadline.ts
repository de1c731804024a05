import { RequestFailure } from '../../errors/failure';
import type { Stop } from './stop';

/**
 * Ends a request when the execution is stopped, when its time is over, or when its answer falls silent.
 * Call {@link Deadline.end} when the request is over, whatever came of it.
 */
export class Deadline {
	private readonly controller = new AbortController();
	private silentSince: number | undefined;
	/** Emptied at the end: timers cannot be cleared, and would hold on to everything here. */
	private readonly timers = new Set<{ act?: () => void }>();
	private readonly forget: () => void;

	/**
	 * @param execution n8n's execution was stopped
	 * @param timeoutMs time for the whole request, in milliseconds
	 */
	constructor(execution: Stop, timeoutMs: number) {
		this.forget = execution.listen(() => this.controller.abort(execution.reason));
		this.after(timeoutMs, () => {
			this.giveUp(`No image came back within ${Math.round(timeoutMs / 100) / 10} seconds`);
		});
	}

	/** Aborted with the execution's reason, or with a {@link RequestFailure} (`timeout`). */
	get signal(): AbortSignal {
		return this.controller.signal;
	}

	/**
	 * Passes the chunks of a body on, and ends the request when it waits too long for the next one.
	 *
	 * @param idleMs longest silence, in milliseconds
	 * @throws the signal's reason once it is aborted, else what the body throws
	 */
	async *watch(body: AsyncIterable<Buffer>, idleMs: number): AsyncGenerator<Buffer> {
		const chunks = body[Symbol.asyncIterator]();
		this.checkSilence(idleMs, idleMs);
		let problem: unknown;
		try {
			for (;;) {
				this.silentSince = Date.now();
				const next = await chunks.next();
				this.silentSince = undefined;
				if (next.done) return;
				yield next.value;
			}
		} catch (error) {
			problem = error;
		}
		this.signal.throwIfAborted();
		throw problem;
	}

	end() {
		// Also closes a connection whose answer is over but which the server keeps open.
		this.controller.abort();
		for (const timer of this.timers) timer.act = undefined;
		this.timers.clear();
		this.forget();
	}

	/** One timer at a time, not one for each chunk. */
	private checkSilence(inMs: number, idleMs: number) {
		this.after(inMs, () => {
			const silentMs = this.silentSince === undefined ? 0 : Date.now() - this.silentSince;
			if (silentMs < idleMs) return this.checkSilence(idleMs - silentMs, idleMs);
			this.giveUp(`The answer fell silent for ${Math.round(idleMs / 100) / 10} seconds`);
		});
	}

	private after(ms: number, act: () => void) {
		const timer: { act?: () => void } = { act };
		this.timers.add(timer);
		AbortSignal.timeout(Math.ceil(ms)).addEventListener('abort', () => timer.act?.());
	}

	private giveUp(reason: string) {
		this.controller.abort(new RequestFailure({ kind: 'timeout', reason }));
	}
}
