import { crypto } from '../../node';
import type { InputLine } from './input';
import type { Outcome, Worker } from './work';

/** A request of a batch with what became of it; undefined while nothing has. */
export interface BatchLine extends InputLine {
	/** Its id in the results. */
	id: string;
	outcome: Outcome | undefined;
}

/** Why requests of a batch were never carried out. */
export interface NotExecuted {
	code: 'batch_expired' | 'batch_cancelled';
	message: string;
}

export const EXPIRED: NotExecuted = {
	code: 'batch_expired',
	message: 'This request could not be executed before the completion window expired.',
};

/** OpenAI does not document whether a cancelled batch tells of such lines. */
export const CANCELLED: NotExecuted = {
	code: 'batch_cancelled',
	message: 'This request was not executed because the batch was cancelled.',
};

export function toBatchLine(line: InputLine): BatchLine {
	return { ...line, id: `batch_req_${crypto.randomBytes(12).toString('hex')}`, outcome: undefined };
}

/**
 * The lines of the output file, made as they are read.
 * @param created in seconds since the epoch
 */
export async function* outputLines(
	lines: readonly BatchLine[],
	worker: Worker,
	created: number,
): AsyncGenerator<Buffer> {
	for (const line of lines) {
		const { id, customId, outcome } = line;
		if (!outcome || 'error' in outcome) continue;
		const head = JSON.stringify({ id, custom_id: customId });
		const response = JSON.stringify({ status_code: 200, request_id: outcome.requestId });
		yield Buffer.from(`${head.slice(0, -1)},"response":${response.slice(0, -1)},"body":`);
		yield* worker.answer(line, outcome.drawn, created);
		outcome.drawn = true;
		yield Buffer.from('},"error":null}\n');
	}
}

/** The text of the error file; empty when nothing failed. */
export function errorLines(lines: readonly BatchLine[], rest: NotExecuted | undefined): Buffer {
	const rows = lines.flatMap<object>(({ id, customId, outcome }) => {
		if (!outcome) return rest ? [{ id, custom_id: customId, response: null, error: rest }] : [];
		if (!('error' in outcome)) return [];
		const { status, requestId, error } = outcome;
		const response = { status_code: status, request_id: requestId, body: error };
		return [{ id, custom_id: customId, response, error: null }];
	});
	return Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
