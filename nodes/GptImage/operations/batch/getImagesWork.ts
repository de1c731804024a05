import type { IExecuteFunctions } from 'n8n-workflow';
import { getImages } from '../../batch/getImages';
import { parameterError } from '../../errors/parameterError';
import { retrieveBatch, type Batch } from '../../openai/batches';
import type { ApiSession } from '../../openai/callApi';
import { PATHS } from '../../openai/request';
import type { BatchWork } from '../operation';
import { FieldValues } from '../parameters/fieldValues';
import { panelSource } from '../parameters/panelSource';
import { aboutBatch, readBatchId } from './batchId';
import { emptyUntilFinished } from './getImages';

/** @throws NodeOperationError that names the field, for a batch that makes no images: its results may have gigabytes */
function checkEndpoint(
	context: IExecuteFunctions,
	{ connection }: ApiSession,
	itemIndex: number,
	{ endpoint }: Batch,
) {
	if (endpoint === '' || Object.values(PATHS).some((path) => endpoint.endsWith(path))) return;
	throw parameterError(
		context,
		itemIndex,
		`Batch ID names a batch of ${connection.redactor.name(endpoint)}, not of images`,
		'Take the batchId of what Generate Image or Edit Image has submitted; Get Many lists the batches.',
	);
}

export const getImagesWork: BatchWork = async (context, session, itemIndex) => {
	const batchId = readBatchId(context, itemIndex);
	const source = panelSource(context, itemIndex);
	const panel = new FieldValues(context, itemIndex, [emptyUntilFinished], source);
	const isPatient = panel.flag('emptyUntilFinished');
	const batch = await aboutBatch(context, itemIndex, batchId, retrieveBatch(session, batchId));
	checkEndpoint(context, session, itemIndex, batch);
	return await getImages(context, session, batch, { itemIndex, isPatient });
};
