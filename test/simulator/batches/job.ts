import { crypto, fs } from '../../node';
import { ApiError } from '../apiError';
import { toSeconds } from '../clock';
import { DiskContent, GeneratedContent, SpilledContent, type FileContent } from '../files/content';
import type { FileStore } from '../files/store';
import type { BatchStages } from '../types';
import { checkInput, type InputError } from './input';
import type { BatchParameters } from './parameters';
import { CANCELLED, errorLines, EXPIRED, outputLines, toBatchLine } from './results';
import type { BatchLine, NotExecuted } from './results';
import { shuffled } from './shuffle';
import { Worker, type WorkContext } from './work';

export type BatchStatus =
	| 'validating'
	| 'failed'
	| 'in_progress'
	| 'finalizing'
	| 'completed'
	| 'expired'
	| 'cancelling'
	| 'cancelled';

export const WINDOW_MS = 24 * 60 * 60 * 1000;

/** What every batch needs. */
export interface BatchContext extends WorkContext {
	store: FileStore;
	stages: BatchStages;
	everyModel: boolean;
}

/** One batch. It moves on when somebody looks at it, by what the clock says then. */
export class BatchJob {
	readonly id = `batch_${crypto.randomBytes(16).toString('hex')}`;

	status: BatchStatus = 'validating';

	/** When each state was reached, in milliseconds since the epoch. */
	readonly reached: Partial<Record<BatchStatus, number>>;

	/** In the order in which they are carried out, which is not that of the file. */
	lines: BatchLine[] = [];

	errors: InputError[] = [];

	model: string | undefined;

	outputFileId: string | undefined;

	errorFileId: string | undefined;

	private readonly worker: Worker;

	/** Steps come one after another, however many ask at once. */
	private turn: Promise<void> = Promise.resolve();

	constructor(
		readonly parameters: BatchParameters,
		private readonly input: DiskContent,
		private readonly context: BatchContext,
	) {
		const operation = parameters.endpoint === '/v1/images/edits' ? 'edit' : 'generate';
		this.reached = { validating: context.store.clock.now() };
		this.worker = new Worker(this.id, operation, input, context);
	}

	get createdAt(): number {
		return this.reached.validating ?? 0;
	}

	/** Brings the batch to the state it has now. */
	async settle(): Promise<void> {
		await this.step(async (now) => {
			const { validatingMs, workMs, finalizingMs, cancellingMs } = this.context.stages;
			const end = this.createdAt + WINDOW_MS;
			if (this.status === 'validating' && now >= this.createdAt + validatingMs) {
				await this.validate(this.createdAt + validatingMs);
			}
			if (this.status === 'in_progress') {
				const begun = this.reached.in_progress ?? now;
				const share = workMs > 0 ? Math.min(1, (Math.min(now, end) - begun) / workMs) : 1;
				await this.work(Math.floor(this.lines.length * share));
				if (this.finished() === this.lines.length) this.reach('finalizing', begun + workMs);
				else if (now >= end) this.end('expired', end, EXPIRED);
			}
			if (this.status === 'finalizing') {
				const done = (this.reached.finalizing ?? now) + finalizingMs;
				if (now >= done) this.end('completed', done);
			}
			if (this.status === 'cancelling') {
				const done = (this.reached.cancelling ?? now) + cancellingMs;
				if (now >= done) this.end('cancelled', done, CANCELLED);
			}
		});
	}

	/** Carries out requests until so many are finished. */
	async progress(count: number): Promise<void> {
		await this.step(async (now) => {
			if (this.status === 'validating') await this.validate(now);
			if (this.status === 'in_progress') await this.work(Math.min(count, this.lines.length));
		});
	}

	/** Carries out the rest and ends the batch, cancelled if that was asked. */
	async finish(): Promise<void> {
		await this.progress(Infinity);
		await this.step(async (now) => {
			await Promise.resolve();
			if (this.status === 'cancelling') this.end('cancelled', now, CANCELLED);
			if (this.status !== 'in_progress' && this.status !== 'finalizing') return;
			this.reach('finalizing', now);
			this.end('completed', now);
		});
	}

	/** Ends the batch as if its day was over. */
	async expire(): Promise<void> {
		await this.progress(0);
		await this.step(async (now) => {
			if (this.status === 'in_progress') this.end('expired', now, EXPIRED);
			await Promise.resolve();
		});
	}

	/** Ends the batch as failed, whatever its input file is like. */
	async fail(error: InputError): Promise<void> {
		await this.step(async (now) => {
			if (this.status === 'validating') {
				this.errors = [error];
				this.reach('failed', now);
			}
			await Promise.resolve();
		});
	}

	/** @throws ApiError 409 when it has ended */
	async cancel(): Promise<void> {
		await this.settle();
		await this.step(async (now) => {
			if (this.status === 'cancelling') return;
			if (!['validating', 'in_progress', 'finalizing'].includes(this.status)) {
				const message = `Cannot cancel a batch with status '${this.status}'.`;
				throw new ApiError(409, {
					error: { message, type: 'invalid_request_error', param: null, code: null },
				});
			}
			await Promise.resolve();
			this.reach('cancelling', now);
		});
	}

	finished(): number {
		return this.lines.filter(({ outcome }) => outcome).length;
	}

	private async step(move: (now: number) => Promise<void>): Promise<void> {
		const moved = this.turn.then(async () => await move(this.context.store.clock.now()));
		this.turn = moved.catch(() => undefined);
		await moved;
	}

	private reach(status: BatchStatus, at: number): void {
		this.status = status;
		this.reached[status] = at;
	}

	private async validate(at: number): Promise<void> {
		const { endpoint } = this.parameters;
		const { lines, model, errors } = await checkInput(
			this.input,
			endpoint,
			this.context.everyModel,
		);
		this.model = model;
		if (errors.length > 0) {
			this.errors = errors;
			this.reach('failed', at);
			return;
		}
		this.lines = shuffled(lines.map(toBatchLine));
		this.reach('in_progress', at);
	}

	private async work(count: number): Promise<void> {
		for (const line of this.lines.slice(0, count)) {
			line.outcome ??= await this.worker.carryOut(line);
		}
	}

	private end(status: BatchStatus, at: number, rest?: NotExecuted): void {
		this.reach(status, at);
		const { lines, worker, context } = this;
		const { store, keepAll } = context;
		const add = (filename: string, content: FileContent) =>
			store.add({ filename, purpose: 'batch_output', content }, this.parameters.outputLifeMs, at)
				.id;
		if (lines.some(({ outcome }) => outcome && !('error' in outcome))) {
			const generate = () => outputLines(lines, worker, toSeconds(at));
			// Noise is quick to make and long; pictures are the other way round.
			const content = keepAll
				? new SpilledContent(generate, store.newPath())
				: new GeneratedContent(generate);
			this.outputFileId = add(`${this.id}_output.jsonl`, content);
		}
		const errors = errorLines(lines, rest);
		if (errors.length === 0) return;
		const path = store.newPath();
		fs.writeFileSync(path, errors);
		this.errorFileId = add(`${this.id}_error.jsonl`, new DiskContent(path, errors.length));
	}
}
