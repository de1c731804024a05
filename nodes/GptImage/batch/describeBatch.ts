import type { IDataObject } from 'n8n-workflow';
import type { Redactor } from '../errors/redact';
import { isFinal, type Batch, type BatchError } from '../openai/batches';
import { omitUndefined, toDataObject, timeOf } from '../values';
import { readMetadata } from './metadata';

/** So many mistakes of an input file are told. */
const MOST_ERRORS = 20;

/**
 * @param redactor makes what the API says fit to be shown
 * @returns the JSON of a batch's item: what one asks about it, by names of n8n's kind, times in ISO 8601
 */
export function describeBatch(batch: Batch, redactor: Redactor): IDataObject {
	const own = readMetadata(batch);
	const { counts } = batch;
	const json = omitUndefined({
		batchId: batch.id,
		name: own?.name ?? batch.metadata.name,
		status: batch.status,
		isFinished: isFinal(batch),
		requests: counts.total,
		completed: counts.completed,
		failed: counts.failed,
		model: batch.model,
		endpoint: batch.endpoint,
		createdAt: timeOf(batch.createdAt),
		expiresAt: timeOf(batch.expiresAt),
		finishedAt: timeOf(batch.finishedAt),
		usage: batch.usage,
		errors:
			batch.errors.length > 0 ? batch.errors.slice(0, MOST_ERRORS).map(describeError) : undefined,
		isOfThisNode: own !== undefined,
		workflowId: own?.workflow,
		executionId: own?.execution,
		inputFileId: batch.inputFileId,
		outputFileId: batch.outputFileId,
		errorFileId: batch.errorFileId,
	});
	return toDataObject(redactor.json(json));
}

const describeError = ({ code, line, message, param }: BatchError): IDataObject =>
	omitUndefined({ code, line, message, field: param });
