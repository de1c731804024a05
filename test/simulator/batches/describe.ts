import { toSeconds } from '../clock';
import type { InputError } from './input';
import { WINDOW_MS, type BatchJob, type BatchStatus } from './job';

/** A batch as the API describes it. */
export interface BatchObject {
	id: string;
	object: 'batch';
	endpoint: string;
	model: string | null;
	errors: { object: 'list'; data: InputError[] } | null;
	input_file_id: string;
	completion_window: '24h';
	status: BatchStatus;
	output_file_id: string | null;
	error_file_id: string | null;
	created_at: number;
	in_progress_at: number | null;
	expires_at: number;
	finalizing_at: number | null;
	completed_at: number | null;
	failed_at: number | null;
	expired_at: number | null;
	cancelling_at: number | null;
	cancelled_at: number | null;
	request_counts: { total: number; completed: number; failed: number };
	usage: object;
	metadata: Record<string, string> | null;
}

/** A batch in the API's words. */
export function describeBatch(job: BatchJob): BatchObject {
	const { id, status, lines, errors, parameters, createdAt } = job;
	const { inputFileId, endpoint, metadata } = parameters;
	const at = (reached: BatchStatus) => {
		const ms = job.reached[reached];
		return ms === undefined ? null : toSeconds(ms);
	};
	let input = 0;
	let output = 0;
	let completed = 0;
	let failed = 0;
	for (const { outcome } of lines) {
		if (!outcome) continue;
		if ('error' in outcome) failed += 1;
		else {
			completed += 1;
			input += outcome.tokens.input;
			output += outcome.tokens.output;
		}
	}
	return {
		id,
		object: 'batch',
		endpoint,
		model: job.model ?? null,
		errors: errors.length > 0 ? { object: 'list', data: errors } : null,
		input_file_id: inputFileId,
		completion_window: '24h',
		status,
		output_file_id: job.outputFileId ?? null,
		error_file_id: job.errorFileId ?? null,
		created_at: toSeconds(createdAt),
		in_progress_at: at('in_progress'),
		expires_at: toSeconds(createdAt + WINDOW_MS),
		finalizing_at: at('finalizing'),
		completed_at: at('completed'),
		failed_at: at('failed'),
		expired_at: at('expired'),
		cancelling_at: at('cancelling'),
		cancelled_at: at('cancelled'),
		request_counts: { total: lines.length, completed, failed },
		usage: {
			input_tokens: input,
			input_tokens_details: { cached_tokens: 0 },
			output_tokens: output,
			output_tokens_details: { reasoning_tokens: 0 },
			total_tokens: input + output,
		},
		metadata,
	};
}
