import { batchIdField } from '../fields/batchId';
import type { Operation } from '../operation';

export const cancel: Operation = {
	value: 'cancel',
	name: 'Cancel',
	action: 'Cancel batch of images',
	description: 'End a batch; what is finished by then can be fetched, and is paid for',
	fields: [batchIdField],
};
