import type { IExecuteFunctions } from 'n8n-workflow';
import { parameterError } from '../../errors/parameterError';
import { quote } from '../../errors/quote';
import { isNotFound } from '../../errors/failure';
import { batchIdField } from '../fields/batchId';
import { FieldValues } from '../parameters/fieldValues';
import { panelSource } from '../parameters/panelSource';

/** @throws NodeOperationError that names the field, when it cannot be an ID */
export function readBatchId(context: IExecuteFunctions, itemIndex: number): string {
	const panel = new FieldValues(
		context,
		itemIndex,
		[batchIdField],
		panelSource(context, itemIndex),
	);
	const batchId = panel.required('batchId').trim();
	if (/^[\w-]{1,128}$/.test(batchId)) return batchId;
	throw panel.error('batchId', `is ${quote(batchId)}`, 'It looks like batch_abc123.');
}

/** Waits for a call about a batch. @throws NodeOperationError that names the field, when no batch has this ID */
export async function aboutBatch<Result>(
	context: IExecuteFunctions,
	itemIndex: number,
	batchId: string,
	call: Promise<Result>,
): Promise<Result> {
	let problem: unknown;
	try {
		return await call;
	} catch (error) {
		problem = error;
	}
	if (isNotFound(problem)) {
		throw parameterError(
			context,
			itemIndex,
			`There is no batch with the Batch ID ${quote(batchId)}`,
			'Check the ID, and that the credential belongs to the organization and project that submitted it.',
		);
	}
	throw problem;
}
