import type { IDataObject } from 'n8n-workflow';
import { isNotFound, RequestFailure } from '../errors/failure';
import { isRecord, toDataObject } from '../values';
import { callJson, type ApiSession } from './callApi';
import { FINAL_STATES } from './batchRules';
import { listAll } from './list';

/** What a batch can be asked of; the Base URL has the version already, the API wants it named. */
export type BatchEndpoint = '/v1/images/generations' | '/v1/images/edits';

/**
 * A batch ends within 24 hours, or some minutes later: one that was created this many seconds before another had ended
 * when that was created. So ages are told by the API's clock alone.
 */
export const LONGEST_LIFE_SECONDS = 30 * 3600;

/** OpenAI takes up to 2,000 batches an hour; more than these, the newest, are not looked through. */
export const MOST_BATCHES = 10_000;

/** The API's limit for a value of a batch's metadata (`openai` 7.57.0, `Shared.Metadata`). */
export const MAX_METADATA_CHARACTERS = 512;

/** A batch as the API tells of it (`openai` 7.57.0, `Batch`); times in epoch seconds. */
export interface Batch {
	id: string;
	/** A final one, or `validating`, `in_progress`, `finalizing`, `cancelling`. */
	status: string;
	endpoint: string;
	createdAt: number;
	expiresAt?: number;
	/** When it reached its final state. */
	finishedAt?: number;
	inputFileId?: string;
	outputFileId?: string;
	errorFileId?: string;
	model?: string;
	counts: { total: number; completed: number; failed: number };
	metadata: Record<string, string>;
	usage?: IDataObject;
	/** Why it could not be begun. */
	errors: BatchError[];
}

export interface BatchError {
	code?: string;
	/** Line of the input file, from 1. */
	line?: number;
	message: string;
	param?: string;
}

/** What a batch is made of. */
export interface NewBatch {
	inputFileId: string;
	endpoint: BatchEndpoint;
	/** Up to 16 pairs; keys of up to 64 characters, values of up to {@link MAX_METADATA_CHARACTERS}. */
	metadata: Record<string, string>;
}

/**
 * Creates a batch. What fails after it was asked for is not asked for again.
 *
 * @throws {RequestFailure} why there is none, or nobody knows; the reason of the stop
 */
export async function createBatch(
	session: ApiSession,
	{ inputFileId, endpoint, metadata }: NewBatch,
): Promise<Batch> {
	const body = {
		input_file_id: inputFileId,
		endpoint,
		completion_window: '24h',
		metadata,
	};
	return await callForBatch(session, 'POST', '/batches', body);
}

/** @throws {RequestFailure} when it cannot be had */
export async function retrieveBatch(session: ApiSession, batchId: string): Promise<Batch> {
	return await callForBatch(session, 'GET', pathOf(batchId));
}

/** Cancels a batch; what is finished stays. @throws {RequestFailure} when it cannot be cancelled */
export async function cancelBatch(session: ApiSession, batchId: string): Promise<Batch> {
	return await callForBatch(session, 'POST', `${pathOf(batchId)}/cancel`);
}

/**
 * Lists batches, newest first, as far as the reader goes.
 *
 * @param most how many at most
 * @throws {RequestFailure} when they cannot be listed
 */
export async function* listBatches(session: ApiSession, most = Infinity): AsyncGenerator<Batch> {
	const entries = listAll(session, '/batches');
	for (let count = 0; count < most; ) {
		const next = await entries.next().catch(async (error: unknown) => {
			return await Promise.reject(unlessMissing(error));
		});
		if (next.done) return;
		const batch = toBatch(next.value);
		if (!batch) continue;
		yield batch;
		count++;
	}
}

/** A list that is not there has nothing to do with a model: the server knows no batches. */
const unlessMissing = (error: unknown): unknown =>
	isNotFound(error) ? new RequestFailure({ ...error.details, class: 'unsupported' }) : error;

/** @returns whether nothing more comes of the batch */
export const isFinal = ({ status }: Pick<Batch, 'status'>) =>
	FINAL_STATES.some((state) => state === status);

const pathOf = (batchId: string) => `/batches/${encodeURIComponent(batchId)}`;

async function callForBatch(
	session: ApiSession,
	method: 'GET' | 'POST',
	path: string,
	body?: IDataObject,
): Promise<Batch> {
	// To cancel twice does no harm, to create twice does.
	const isRepeatable = body === undefined;
	const call = { method, path, ...(body && { body: async () => body }) };
	const batch = toBatch(await callJson(session, call, { isRepeatable }));
	if (batch) return batch;
	throw new RequestFailure({ kind: 'call', reason: 'The answer is not a batch' });
}

function toBatch(said: Record<string, unknown>): Batch | undefined {
	const { id, status } = said;
	if (typeof id !== 'string' || id === '' || typeof status !== 'string') return undefined;
	const counts = isRecord(said.request_counts) ? said.request_counts : {};
	const text = (name: string) => {
		const value = said[name];
		return typeof value === 'string' && value !== '' ? value : undefined;
	};
	return {
		id,
		status,
		endpoint: text('endpoint') ?? '',
		createdAt: numberOf(said.created_at) ?? 0,
		expiresAt: numberOf(said.expires_at),
		finishedAt: numberOf(said[`${status}_at`]),
		inputFileId: text('input_file_id'),
		outputFileId: text('output_file_id'),
		errorFileId: text('error_file_id'),
		model: text('model'),
		counts: {
			total: numberOf(counts.total) ?? 0,
			completed: numberOf(counts.completed) ?? 0,
			failed: numberOf(counts.failed) ?? 0,
		},
		metadata: textsOf(said.metadata),
		usage: isRecord(said.usage) ? toDataObject(said.usage) : undefined,
		errors: errorsOf(said.errors),
	};
}

function errorsOf(errors: unknown): BatchError[] {
	const entries: unknown[] = isRecord(errors) && Array.isArray(errors.data) ? errors.data : [];
	return entries.filter(isRecord).map(({ code, line, message, param }) => ({
		code: typeof code === 'string' ? code : undefined,
		line: numberOf(line),
		message: typeof message === 'string' ? message : '',
		param: typeof param === 'string' ? param : undefined,
	}));
}

function textsOf(metadata: unknown): Record<string, string> {
	const entries = isRecord(metadata) ? Object.entries(metadata) : [];
	return Object.fromEntries(
		entries.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
	);
}

const numberOf = (value: unknown) =>
	typeof value === 'number' && Number.isFinite(value) ? value : undefined;
