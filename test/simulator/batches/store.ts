import { ApiError, badRequest } from '../apiError';
import { DiskContent } from '../files/content';
import { RateWindow } from '../rateWindow';
import { BatchJob, type BatchContext } from './job';
import type { BatchParameters } from './parameters';

/** The batches of the account. */
export class BatchStore {
	private jobs: BatchJob[] = [];

	private readonly created: RateWindow;

	constructor(
		private readonly context: BatchContext,
		perHour = 2000,
	) {
		const { clock } = context.store;
		this.created = new RateWindow(perHour, 3_600_000, 'batches per hour', clock);
	}

	/** @throws ApiError 400 for a file that cannot be the input, 404 for none, 429 */
	create(parameters: BatchParameters): BatchJob {
		this.created.take();
		const { purpose, content } = this.context.store.find(parameters.inputFileId);
		if (purpose !== 'batch' || !(content instanceof DiskContent)) {
			throw badRequest(
				`Invalid purpose for input file: expected 'batch', but got '${purpose}'.`,
				'input_file_id',
				'invalid_value',
			);
		}
		const job = new BatchJob(parameters, content, this.context);
		this.jobs.push(job);
		this.context.ledger.batchesCreated += 1;
		return job;
	}

	/** The batch of that id, in its present state. @throws ApiError 404 */
	async find(id: string): Promise<BatchJob> {
		const job = this.jobs.find((candidate) => candidate.id === id);
		if (!job) {
			const message = `No batch found with id '${id}'.`;
			throw new ApiError(404, {
				error: { message, type: 'invalid_request_error', param: null, code: null },
			});
		}
		await job.settle();
		return job;
	}

	/** All batches in their present states, newest first. */
	async all(): Promise<BatchJob[]> {
		const jobs = [...this.jobs].reverse();
		await Promise.all(jobs.map(async (job) => await job.settle()));
		return jobs;
	}

	reset(): void {
		this.jobs = [];
		this.created.reset();
	}
}
