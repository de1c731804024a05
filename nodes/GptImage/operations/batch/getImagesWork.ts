import { getImages } from '../../batch/getImages';
import { retrieveBatch } from '../../openai/batches';
import type { BatchWork } from '../operation';
import { FieldValues } from '../parameters/fieldValues';
import { panelSource } from '../parameters/panelSource';
import { aboutBatch, readBatchId } from './batchId';
import { emptyUntilFinished } from './getImages';

export const getImagesWork: BatchWork = async (context, session, itemIndex) => {
	const batchId = readBatchId(context, itemIndex);
	const source = panelSource(context, itemIndex);
	const panel = new FieldValues(context, itemIndex, [emptyUntilFinished], source);
	const isPatient = panel.flag('emptyUntilFinished');
	const batch = await aboutBatch(context, itemIndex, batchId, retrieveBatch(session, batchId));
	return await getImages(context, session, batch, { itemIndex, isPatient });
};
