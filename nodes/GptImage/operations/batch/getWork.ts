import { describeBatch } from '../../batch/describeBatch';
import { retrieveBatch } from '../../openai/batches';
import type { BatchWork } from '../operation';
import { aboutBatch, readBatchId } from './batchId';

export const getWork: BatchWork = async (context, session, itemIndex) => {
	const batchId = readBatchId(context, itemIndex);
	const batch = await aboutBatch(context, itemIndex, batchId, retrieveBatch(session, batchId));
	const json = describeBatch(batch, session.connection.redactor);
	return [{ json, pairedItem: { item: itemIndex } }];
};
