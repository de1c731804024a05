import { batchIdField } from '../fields/batchId';
import { field } from '../fields/field';
import type { Operation } from '../operation';

export const emptyUntilFinished = field({
	displayName: 'Return Nothing Until Finished',
	name: 'emptyUntilFinished',
	type: 'boolean',
	default: false,
	description:
		'Whether to return no items while the batch is not finished; otherwise that is an error',
});

export const getImages: Operation = {
	value: 'getImages',
	name: 'Get Images',
	action: 'Get images of batch',
	description: 'Fetch the images of a batch that has ended',
	fields: [batchIdField, emptyUntilFinished],
};
