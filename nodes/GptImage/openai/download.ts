import { RequestFailure } from '../errors/failure';
import { callFailure, callJson, PATIENCE_MS, type ApiSession } from './callApi';
import { connectionFailure, sendCall, type ApiResponse, type BodyStream } from './client';
import { Deadline } from './retry/deadline';
import { retryDecision } from './retry/retryDecision';
import { wait } from './retry/wait';

/** Longest silence, in milliseconds. */
const IDLE_MS = 60_000;

/** Longest time for one connection, in milliseconds; a file of results can have many gigabytes. */
const CONNECTION_MS = 86_400_000;

/** So many connections may break one after the other without bringing {@link PROGRESS_BYTES}. */
const MOST_FAILURES = 5;
const PROGRESS_BYTES = 1024 * 1024;

/**
 * Reads a file of the API from its beginning to its end. A connection that breaks is made again, and goes on where it
 * broke: whoever reads notices nothing, and nothing is read twice.
 */
export class Download {
	private received = 0;
	private response: ApiResponse | undefined;
	private deadline: Deadline | undefined;
	/** Bytes of the whole file; `undefined` where nobody tells. */
	private total: number | undefined;

	constructor(
		private readonly session: ApiSession,
		private readonly fileId: string,
	) {}

	/**
	 * Makes the first connection.
	 *
	 * @returns the body; only its class is of use, its bytes come from {@link chunks}
	 * @throws {RequestFailure} why the file cannot be had; the reason of the stop
	 */
	async open(): Promise<BodyStream> {
		for (let failures = 0; ; failures++) {
			const problem = await this.connect();
			if (!problem && this.response) return this.response.body;
			await this.pause(problem, failures);
		}
	}

	/** @throws {RequestFailure} when it breaks again and again; the reason of the stop */
	async *chunks(): AsyncGenerator<Buffer> {
		let failures = 0;
		let progress = 0;
		try {
			for (;;) {
				let problem = this.response ? undefined : await this.connect();
				const chunks = problem ? undefined : this.watched();
				try {
					for (let next = await chunks?.next(); next && !next.done; next = await chunks?.next()) {
						this.received += next.value.length;
						progress += next.value.length;
						yield next.value;
					}
				} catch (error) {
					problem = this.problemOf(error);
				}
				this.disconnect();
				if (!problem && (this.total === undefined || this.received >= this.total)) return;
				if (progress >= PROGRESS_BYTES) failures = 0;
				progress = 0;
				await this.pause(problem ?? cutOff(), failures++);
			}
		} finally {
			this.disconnect();
		}
	}

	private async connect(): Promise<RequestFailure | undefined> {
		const { context, connection, stop } = this.session;
		const deadline = new Deadline(stop, CONNECTION_MS);
		this.deadline = deadline;
		const call = {
			method: 'GET' as const,
			path: `/files/${encodeURIComponent(this.fileId)}/content`,
			headers: {
				Accept: '*/*',
				// Positions are those of the bytes that are counted here.
				'Accept-Encoding': 'identity',
				...(this.received > 0 && { Range: `bytes=${this.received}-` }),
			},
		};
		try {
			const sending = sendCall(context, connection, call, deadline.signal, IDLE_MS);
			this.response = await deadline.begin(sending, IDLE_MS);
			if (this.total === undefined) await this.learnTotal(this.response);
			return undefined;
		} catch (error) {
			const problem = this.problemOf(error);
			this.disconnect();
			return problem;
		}
	}

	/** The chunks behind what has been received already. */
	private async *watched(): AsyncGenerator<Buffer> {
		const { response, deadline } = this;
		if (!response || !deadline) return;
		let skip = this.received > 0 ? this.received - startOf(response) : 0;
		if (skip < 0)
			throw new RequestFailure({ kind: 'call', reason: 'A part of the file is left out' });
		for await (const chunk of deadline.watch(response.body, IDLE_MS)) {
			const rest = chunk.subarray(Math.min(skip, chunk.length));
			skip -= chunk.length - rest.length;
			if (rest.length > 0) yield rest;
		}
	}

	/** An answer that is cut off properly would pass for the whole file. */
	private async learnTotal({ contentLength, contentRange }: ApiResponse) {
		const told = contentRange?.split('/')[1] ?? contentLength;
		if (/^\d+$/.test(told ?? '')) this.total = Number(told);
		else this.total = await this.askTotal();
	}

	private async askTotal(): Promise<number | undefined> {
		const call = { method: 'GET' as const, path: `/files/${encodeURIComponent(this.fileId)}` };
		const file = await callJson(this.session, call, { isRepeatable: true }).catch(() => undefined);
		this.session.stop.throwIfReached();
		return typeof file?.bytes === 'number' ? file.bytes : undefined;
	}

	private problemOf(error: unknown): RequestFailure {
		const { stop } = this.session;
		stop.throwIfReached();
		const signal = this.deadline?.signal;
		const isRefusal = error instanceof RequestFailure && error.details.kind === 'api';
		const failure = connectionFailure(signal?.aborted && !isRefusal ? signal.reason : error);
		return callFailure(failure, false);
	}

	/** @throws the problem when there is no use in going on */
	private async pause(problem: RequestFailure | undefined, failures: number) {
		if (!problem) return;
		const { kind } = problem.details;
		const isAccident = kind === 'connection' || kind === 'call';
		const decision = retryDecision(problem, 'no', failures, Date.now());
		if (failures >= MOST_FAILURES || (!isAccident && !decision.retry)) throw problem;
		const delayMs = decision.retry ? decision.delayMs : 500 * 2 ** failures;
		if (delayMs > PATIENCE_MS) throw problem;
		await wait(delayMs, this.session.stop);
	}

	private disconnect() {
		this.response?.body.destroy();
		this.deadline?.end();
		this.response = this.deadline = undefined;
	}
}

/** @returns the position of the first byte of an answer; a server that does not know ranges begins at the beginning */
function startOf({ status, contentRange }: ApiResponse): number {
	if (status !== 206) return 0;
	const start = /^bytes (\d+)-/.exec(contentRange ?? '')?.[1];
	return start === undefined ? Infinity : Number(start);
}

const cutOff = () => new RequestFailure({ kind: 'call', reason: 'The file is cut off' });
