import { field } from './field';

export const batchIdField = field({
	displayName: 'Batch ID',
	name: 'batchId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. batch_abc123',
	description: 'As GPT Image Trigger, or the node that submitted the batch, tells it in batchId',
});
