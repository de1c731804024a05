import type { BatchEndpoint } from '../openai/batches';
import { MAX_REQUESTS_PER_BATCH } from '../openai/batchRules';
import { endpointOf, inputLine, type BatchRequest } from './batchRequest';

/** OpenAI's batch guide: bytes of one input file. */
const MAX_BYTES = 200_000_000;

/** Stands for the id of an uploaded picture, longer than any the API gives. */
const LONGEST_ID = 'x'.repeat(64);

/** The requests of one batch: those of one model and one address. */
export interface BatchPart {
	/** Which of the batches of a run it is, from 0. */
	index: number;
	model: string;
	endpoint: BatchEndpoint;
	requests: BatchRequest[];
}

/**
 * Spreads requests over batches: one for each model and address, none with too many lines or bytes. Order is kept.
 *
 * @param most how many requests one batch may have
 */
export function partsOf(requests: BatchRequest[], most: number): BatchPart[] {
	const parts: BatchPart[] = [];
	const open = new Map<string, { part: BatchPart; bytes: number }>();
	for (const one of requests) {
		const model = String(one.request.fields.model);
		const endpoint = endpointOf(one.request);
		const key = JSON.stringify([model, endpoint]);
		const bytes = Buffer.byteLength(inputLine(one, () => LONGEST_ID)) + 1;
		const current = open.get(key);
		const hasRoom =
			current !== undefined &&
			current.part.requests.length < Math.min(most, MAX_REQUESTS_PER_BATCH) &&
			current.bytes + bytes <= MAX_BYTES;
		if (hasRoom) {
			current.part.requests.push(one);
			current.bytes += bytes;
			continue;
		}
		const part = { index: parts.length, model, endpoint, requests: [one] };
		parts.push(part);
		open.set(key, { part, bytes });
	}
	return parts;
}
