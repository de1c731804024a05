import type { INodeExecutionData } from 'n8n-workflow';
import { describeBatch } from '../../batch/describeBatch';
import { readMetadata } from '../../batch/metadata';
import { listBatches } from '../../openai/batches';
import { collectionFields } from '../fields/collection';
import { field } from '../fields/field';
import { FieldValues } from '../parameters/fieldValues';
import { collectionSource, panelSource } from '../parameters/panelSource';
import type { BatchOperation } from './batchOperation';

const returnAll = field({
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
});

const limit = field({
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: { show: { returnAll: [false] } },
});

const filters = [
	field({
		displayName: 'Batch Name',
		name: 'batchName',
		type: 'string',
		default: '',
		placeholder: 'e.g. autumn catalogue',
		description: 'The name it was submitted with, all of it',
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

const filterOptions = { displayName: 'Filters', name: 'filters', options: filters };

export const getMany: BatchOperation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many batches of images',
	description: 'List the batches that were submitted, newest first',
	fields: [returnAll, limit, ...collectionFields(filterOptions, [])],
	async work(context, session, itemIndex) {
		const source = panelSource(context, itemIndex);
		const panel = new FieldValues(context, itemIndex, [returnAll, limit], source);
		const known = filters.map(({ name }) => name);
		const chosen = collectionSource(context, itemIndex, filterOptions, known);
		const wanted = new FieldValues(context, itemIndex, filters, chosen);
		const most = panel.flag('returnAll') ? Infinity : panel.numberOrDefault('limit');
		const name = wanted.textOrBlank('batchName')?.trim();
		const includeOthers = wanted.flag('includeOthers');
		const onlyUnfinished = wanted.flag('onlyUnfinished');
		const items: INodeExecutionData[] = [];
		for await (const batch of listBatches(session)) {
			const own = readMetadata(batch);
			if (!own && !includeOthers) continue;
			if (name !== undefined && (own?.name ?? batch.metadata.name) !== name) continue;
			const json = describeBatch(batch, session.connection.redactor);
			if (onlyUnfinished && json.isFinished === true) continue;
			items.push({ json, pairedItem: { item: itemIndex } });
			if (items.length >= most) break;
		}
		return items;
	},
};
