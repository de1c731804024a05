import { describeBatch } from '../../batch/describeBatch';
import { retrieveBatch } from '../../openai/batches';
import { aboutBatch, batchIdField, readBatchId } from './batchId';
import type { BatchOperation } from './batchOperation';

export const get: BatchOperation = {
	value: 'get',
	name: 'Get',
	action: 'Get batch of images',
	description: 'Get the state of a batch',
	fields: [batchIdField],
	async work(context, session, itemIndex) {
		const batchId = readBatchId(context, itemIndex);
		const batch = await aboutBatch(context, itemIndex, batchId, retrieveBatch(session, batchId));
		const json = describeBatch(batch, session.connection.redactor);
		return [{ json, pairedItem: { item: itemIndex } }];
	},
};
