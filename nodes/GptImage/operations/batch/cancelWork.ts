import { describeBatch } from '../../batch/describeBatch';
import { parameterError } from '../../errors/parameterError';
import { cancelBatch, isFinal, retrieveBatch } from '../../openai/batches';
import type { BatchWork } from '../operation';
import { aboutBatch, readBatchId } from './batchId';

export const cancelWork: BatchWork = async (context, session, itemIndex) => {
	const batchId = readBatchId(context, itemIndex);
	const before = await aboutBatch(context, itemIndex, batchId, retrieveBatch(session, batchId));
	if (isFinal(before)) {
		throw parameterError(
			context,
			itemIndex,
			`The batch cannot be cancelled: it is ${before.status} already`,
			'Get Images fetches what came of it.',
		);
	}
	const batch = before.status === 'cancelling' ? before : await cancelBatch(session, batchId);
	const json = describeBatch(batch, session.connection.redactor);
	return [{ json, pairedItem: { item: itemIndex } }];
};
