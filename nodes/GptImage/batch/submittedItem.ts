import type { IDataObject } from 'n8n-workflow';
import type { Redactor } from '../errors/redact';
import { counted, omitUndefined, timeOf, toDataObject } from '../values';
import { readMetadata } from './metadata';
import type { Submitted } from './submit';

/** Why a batch was not made anew. */
const TAKEN_OVER = {
	sameRun: 'This run of the node had submitted the batch before, so it was not submitted again.',
	sameRequests:
		'A batch with the same requests is not finished yet, so it was not submitted again. Its images get the names and fields of then.',
};

/**
 * @param estimatedCost USD in a batch, where it can be told
 * @returns the JSON of the item of a batch that was submitted
 */
export function describeSubmitted(
	{ part, batch, takenOver }: Submitted,
	estimatedCost: number | undefined,
	redactor: Redactor,
): IDataObject {
	const json = omitUndefined({
		batchId: batch.id,
		name: readMetadata(batch)?.name,
		requests: part.requests.length,
		estimatedCost,
		expiresAt: timeOf(batch.expiresAt),
		status: batch.status,
		model: part.model,
		endpoint: part.endpoint,
		part: readMetadata(batch)?.part,
		takenOver: takenOver && TAKEN_OVER[takenOver],
	});
	return toDataObject(redactor.json(json));
}

/** What an AI agent is told: it pays for each word. */
export function tellAgent({
	batchId,
	requests,
	estimatedCost,
	expiresAt,
	takenOver,
}: IDataObject): IDataObject {
	return omitUndefined({
		result:
			takenOver ??
			`A batch of ${counted(Number(requests), 'request')} was submitted; no image is made yet.`,
		batchId,
		costInUsd: estimatedCost,
		next: `Tell the user that the images are ready ${expiresAt === undefined ? 'within 24 hours' : `by ${String(expiresAt)} at the latest`}. Get Images fetches them by the batchId. Do not submit them again.`,
	});
}
