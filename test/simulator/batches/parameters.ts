import { badRequest } from '../apiError';
import { isRecord } from '../body';
import { expiry } from '../files/upload';
import { missing, oneOf, rejectUnknown, wrongType, type RawParameters } from '../parameters';

/** The endpoints whose batches are simulated. OpenAI has six more, of other kinds of requests. */
const ENDPOINTS = ['/v1/images/generations', '/v1/images/edits'] as const;

export type BatchEndpoint = (typeof ENDPOINTS)[number];

/** A batch as it was asked for. */
export interface BatchParameters {
	inputFileId: string;
	endpoint: BatchEndpoint;
	metadata: Record<string, string> | null;
	/** How long its results are kept, in milliseconds. */
	outputLifeMs: number;
}

const MONTH_MS = 30 * 24 * 60 * 60 * 1000;
const MAX_PAIRS = 16;
const MAX_KEY = 64;
const MAX_VALUE = 512;

const KNOWN = new Set([
	'input_file_id',
	'endpoint',
	'completion_window',
	'metadata',
	'output_expires_after',
]);

/** Checks the parameters of a new batch. @throws ApiError 400 */
export function batchParameters(raw: RawParameters): BatchParameters {
	rejectUnknown(raw, KNOWN);
	const { input_file_id: inputFileId } = raw;
	if (inputFileId == null) throw missing('input_file_id');
	if (typeof inputFileId !== 'string') throw wrongType('input_file_id', 'a string', inputFileId);
	const endpoint = oneOf(raw, 'endpoint', ENDPOINTS);
	if (endpoint === undefined) throw missing('endpoint');
	const window = oneOf(raw, 'completion_window', ['24h']);
	if (window === undefined) throw missing('completion_window');
	return {
		inputFileId,
		endpoint,
		metadata: metadata(raw.metadata),
		outputLifeMs: expiry(raw, 'output_expires_after') ?? MONTH_MS,
	};
}

function metadata(value: unknown): Record<string, string> | null {
	if (value == null) return null;
	if (!isRecord(value)) throw wrongType('metadata', 'an object', value);
	const pairs: Record<string, string> = {};
	const count = Object.keys(value).length;
	if (count > MAX_PAIRS) {
		throw badRequest(
			`Invalid 'metadata': too many properties. Expected an object with at most ${MAX_PAIRS} properties, but got an object with ${count} properties instead.`,
			'metadata',
			'object_above_max_properties',
		);
	}
	for (const [key, text] of Object.entries(value)) {
		if (key.length > MAX_KEY) {
			throw badRequest(
				`Invalid 'metadata': key too long. Expected keys with maximum length ${MAX_KEY}, but got a key with length ${key.length} instead.`,
				'metadata',
				'string_above_max_length',
			);
		}
		const name = `metadata.${key}`;
		if (typeof text !== 'string') throw wrongType(name, 'a string', text);
		if (text.length > MAX_VALUE) {
			throw badRequest(
				`Invalid '${name}': string too long. Expected a string with maximum length ${MAX_VALUE}, but got a string with length ${text.length} instead.`,
				name,
				'string_above_max_length',
			);
		}
		pairs[key] = text;
	}
	return pairs;
}
