import { batchIdField } from '../fields/batchId';
import type { Operation } from '../operation';

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get batch of images',
	description: 'Get the state of a batch',
	fields: [batchIdField],
};
