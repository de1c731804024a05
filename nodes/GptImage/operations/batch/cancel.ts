import { describeBatch } from '../../batch/describeBatch';
import { parameterError } from '../../errors/parameterError';
import { cancelBatch, isFinal, retrieveBatch } from '../../openai/batches';
import { aboutBatch, batchIdField, readBatchId } from './batchId';
import type { BatchOperation } from './batchOperation';

export const cancel: BatchOperation = {
	value: 'cancel',
	name: 'Cancel',
	action: 'Cancel batch of images',
	description: 'End a batch; what is finished by then can be fetched, and is paid for',
	fields: [batchIdField],
	async work(context, session, itemIndex) {
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
	},
};
