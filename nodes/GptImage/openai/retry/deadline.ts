import { orAborted } from '../../abort';
import { RequestFailure } from '../../errors/failure';
import type { Stop } from './stop';

/** What a request that takes too long fails with. */
type Late = { kind: 'timeout' | 'input'; reason: string };

/** Made once: an error of its own for each request, with its stack, is a tenth of a millisecond. */
const OVER = new Error('The request is over');

const NO_IMAGE: Late = { kind: 'timeout', reason: 'No image came back' };

/**
 * Ends a request when the execution is stopped, when its time is over, or when its answer falls silent.
 * Call {@link Deadline.end} when the request is over, whatever came of it.
 */
export class Deadline {
	private readonly controller = new AbortController();
	private silentSince: number | undefined;
	/** What takes back all that was asked of the execution. */
	private readonly forget: Array<() => void> = [];

	/**
	 * @param execution n8n's execution was stopped
	 * @param timeoutMs time for the whole request, in milliseconds
	 * @param late what it means when that is over
	 */
	constructor(
		private readonly execution: Stop,
		timeoutMs: number,
		late: Late = NO_IMAGE,
	) {
		this.forget.push(execution.listen(() => this.controller.abort(execution.reason)));
		this.after(timeoutMs, () => {
			this.giveUp({ ...late, reason: `${late.reason} within ${inSeconds(timeoutMs)}` });
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

	/**
	 * Waits for something that cannot be ended, such as n8n's binary store, no longer than the request may take.
	 *
	 * @throws the signal's reason once it is aborted, else what the work throws
	 */
	async race<Result>(work: Promise<Result>): Promise<Result> {
		return await orAborted(work, this.signal);
	}

	/**
	 * Waits for an answer to begin, and ends the request when that takes too long.
	 *
	 * @param idleMs longest silence, in milliseconds
	 * @throws the signal's reason once it is aborted, else what the work throws
	 */
	async begin<Result>(work: Promise<Result>, idleMs: number): Promise<Result> {
		let isSilent = true;
		this.after(idleMs, () => {
			if (!isSilent) return;
			this.giveUp({ kind: 'timeout', reason: `No answer came back within ${inSeconds(idleMs)}` });
		});
		try {
			return await this.race(work);
		} finally {
			isSilent = false;
		}
	}

	end() {
		// Also closes a connection whose answer is over but which the server keeps open.
		this.controller.abort(OVER);
		for (const forget of this.forget.splice(0)) forget();
	}

	/** One timer at a time, not one for each chunk. */
	private checkSilence(inMs: number, idleMs: number) {
		this.after(inMs, () => {
			const silentMs = this.silentSince === undefined ? 0 : Date.now() - this.silentSince;
			if (silentMs < idleMs) return this.checkSilence(idleMs - silentMs, idleMs);
			this.giveUp({ kind: 'timeout', reason: `The answer fell silent for ${inSeconds(idleMs)}` });
		});
	}

	/** Rings once while the request is under way. */
	after(ms: number, act: () => void) {
		this.forget.push(this.execution.alarms.set(ms, act));
	}

	private giveUp(late: Late) {
		this.controller.abort(new RequestFailure(late));
	}
}

const inSeconds = (ms: number) => `${Math.round(ms / 100) / 10} seconds`;
