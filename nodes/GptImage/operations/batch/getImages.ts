import { getImages as fetchImages } from '../../batch/getImages';
import { retrieveBatch } from '../../openai/batches';
import { field } from '../fields/field';
import { FieldValues } from '../parameters/fieldValues';
import { panelSource } from '../parameters/panelSource';
import { aboutBatch, batchIdField, readBatchId } from './batchId';
import type { BatchOperation } from './batchOperation';

const emptyUntilFinished = field({
	displayName: 'Return Nothing Until Finished',
	name: 'emptyUntilFinished',
	type: 'boolean',
	default: false,
	description:
		'Whether to return no items while the batch is not finished; otherwise that is an error',
});

export const getImages: BatchOperation = {
	value: 'getImages',
	name: 'Get Images',
	action: 'Get images of batch',
	description: 'Fetch the images of a batch that has ended',
	fields: [batchIdField, emptyUntilFinished],
	async work(context, session, itemIndex) {
		const batchId = readBatchId(context, itemIndex);
		const source = panelSource(context, itemIndex);
		const panel = new FieldValues(context, itemIndex, [emptyUntilFinished], source);
		const isPatient = panel.flag('emptyUntilFinished');
		const batch = await aboutBatch(context, itemIndex, batchId, retrieveBatch(session, batchId));
		return await fetchImages(context, session, batch, { itemIndex, isPatient });
	},
};
