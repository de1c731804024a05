import { field } from './field';

export const batchIdField = field({
	displayName: 'Batch ID',
	name: 'batchId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. batch_abc123',
	description:
		'The batchId in the output of GPT Image Trigger, or of the node that submitted the batch',
});
