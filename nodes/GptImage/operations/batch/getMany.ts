import { collectionFields } from '../fields/collection';
import { field } from '../fields/field';
import type { Operation } from '../operation';

export const returnAll = field({
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
});

export const limit = field({
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: { show: { returnAll: [false] } },
});

export const filters = [
	field({
		displayName: 'Batch Name',
		name: 'batchName',
		type: 'string',
		default: '',
		placeholder: 'e.g. autumn catalogue',
		description: 'The full name the batch was submitted with',
	}),
	field({
		displayName: 'Include Others',
		name: 'includeOthers',
		type: 'boolean',
		default: false,
		description: 'Whether to include batches that were not submitted by this node',
	}),
	field({
		displayName: 'Only Unfinished',
		name: 'onlyUnfinished',
		type: 'boolean',
		default: false,
		description: 'Whether to leave out batches that have ended',
	}),
];

export const filterOptions = { displayName: 'Filters', name: 'filters', options: filters };

export const getMany: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many batches of images',
	description: 'List the batches that were submitted, newest first',
	fields: [returnAll, limit, ...collectionFields(filterOptions, [])],
};
