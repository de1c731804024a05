import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { ApiSession } from '../../openai/callApi';
import type { Operation } from '../operation';

/** An operation on batches that were submitted. */
export interface BatchOperation extends Operation {
	/**
	 * Works on one input item.
	 *
	 * @returns its output items
	 * @throws NodeOperationError, {@link RequestFailure}, or the reason of the stop
	 */
	work(
		context: IExecuteFunctions,
		session: ApiSession,
		itemIndex: number,
	): Promise<INodeExecutionData[]>;
}

/** @returns whether an operation is about batches that were submitted */
export const worksOnBatches = (operation: Operation): operation is BatchOperation =>
	'work' in operation;
