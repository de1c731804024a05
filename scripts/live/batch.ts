import { isFinal } from '../../nodes/GptImage/openai/batches';
import { delay } from '../../test/node';
import { PROMPT, type Caller } from './caller';

/** How a batch is waited for. */
export interface BatchWait {
	/** It is cancelled when it has not ended by then. */
	minutes: number;
	/** Milliseconds between two looks. */
	everyMs: number;
}

const PROMPTS = [PROMPT, 'A blue square on a white ground'];

/**
 * Submits a batch of two requests, waits for its end and fetches its images.
 *
 * @throws Error when it has not ended in time; the reason of the signal
 */
export async function batchSteps(caller: Caller, { minutes, everyMs }: BatchWait): Promise<void> {
	const { say, signal } = caller.asked;
	say('  Create Batch');
	const [submitted] = await caller.run(
		{ delivery: 'batch', prompt: '={{ $json.prompt }}', options: { batchName: 'npm run live' } },
		PROMPTS.map((prompt) => ({ json: { prompt } })),
	);
	caller.record('Upload Requests', undefined, /^POST \/files$/);
	caller.record('Create Batch', submitted?.json, /^POST \/batches$/);
	const batchId = submitted?.json.batchId;
	if (typeof batchId !== 'string') return;
	const get = async (operation: string) =>
		await caller.run({ resource: 'batch', operation, batchId });
	const end = Date.now() + minutes * 60_000;
	for (let before = ''; ; ) {
		const [batch] = await get('get');
		const { status, completed, failed, error } = batch?.json ?? {};
		const state = error ?? `${String(status)}, ${String(completed)} done, ${String(failed)} failed`;
		// A line for each change is enough for hours.
		if (state !== before) say(`    ${new Date().toISOString().slice(11, 19)} ${String(state)}`);
		before = String(state);
		if (isFinal({ status: String(status) })) break;
		if (Date.now() >= end) {
			throw new Error(`The batch has not ended in ${minutes} minutes; --minutes=600 waits longer.`);
		}
		await delay(everyMs, undefined, { signal }).catch(() => signal.throwIfAborted());
	}
	caller.record('Ended Batch', undefined, /^GET \/batches\/\w+$/);
	say('  Get Images of Batch');
	const images = await get('getImages');
	const errors = images.flatMap(({ json: { error } }) => (error === undefined ? [] : [error]));
	const cost = images.reduce((sum, { json }) => sum + Number(json.cost ?? 0), 0);
	caller.record(
		'Images of Batch',
		{ cost, ...(errors.length > 0 && { error: errors.join(' ') }) },
		/^GET \/files\/[\w-]+\/content$/,
	);
}
