import { describeBatch, type BatchObject } from './describe';
import type { InputError } from './input';
import type { BatchJob } from './job';
import type { BatchStore } from './store';

/**
 * The batches of the account, as a test looks at them and moves them on. Without an id a call is
 * about all batches that have not ended.
 */
export interface Batches {
	/** In their present states, newest first. */
	all(): Promise<BatchObject[]>;
	/** Carries out requests until so many of each batch are finished. */
	progress(finished: number, id?: string): Promise<void>;
	/** Carries out what is left and ends the batch: completed, failed, or cancelled if that was asked. */
	finish(id?: string): Promise<void>;
	/** Ends the batch as if its day was over, with what is finished by now. */
	expire(id?: string): Promise<void>;
	/** Fails a batch that is still validated, by default because too much is enqueued. */
	fail(error?: Partial<InputError>, id?: string): Promise<void>;
}

/** A batch that comes on top of others can exceed what an account may have in the queue. */
const ENQUEUED: InputError = {
	code: 'token_limit_exceeded',
	message:
		'Enqueued token limit reached for gpt-image-2 in organization org-simulator. Limit: 900,000 enqueued tokens. Please try again once some in_progress batches have been completed.',
	param: null,
	line: null,
};

export function batchesControl(store: BatchStore): Batches {
	const each = async (id: string | undefined, move: (job: BatchJob) => Promise<void>) => {
		const jobs = id === undefined ? await store.all() : [await store.find(id)];
		await Promise.all(jobs.map(move));
	};
	return {
		all: async () => (await store.all()).map(describeBatch),
		progress: async (finished, id) => {
			await each(id, async (job) => await job.progress(finished));
		},
		finish: async (id) => {
			await each(id, async (job) => await job.finish());
		},
		fail: async (error, id) => {
			await each(id, async (job) => await job.fail({ ...ENQUEUED, ...error }));
		},
		expire: async (id) => {
			await each(id, async (job) => await job.expire());
		},
	};
}
