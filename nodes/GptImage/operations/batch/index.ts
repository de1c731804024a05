import type { Resource } from '../operation';
import { cancel } from './cancel';
import { get } from './get';
import { getImages } from './getImages';
import { getMany } from './getMany';

export const batch: Resource = {
	value: 'batch',
	name: 'Batch',
	operations: [getImages, get, getMany, cancel],
	fields: [],
};
