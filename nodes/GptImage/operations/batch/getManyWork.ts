import type { INodeExecutionData } from 'n8n-workflow';
import { describeBatch } from '../../batch/describeBatch';
import { isNamed } from '../../batch/finishedBatches';
import { readMetadata } from '../../batch/metadata';
import { listBatches } from '../../openai/batches';
import type { BatchWork } from '../operation';
import { FieldValues } from '../parameters/fieldValues';
import { collectionSource, panelSource } from '../parameters/panelSource';
import { filterOptions, filters, limit, returnAll } from './getMany';

export const getManyWork: BatchWork = async (context, session, itemIndex) => {
	const source = panelSource(context, itemIndex);
	const panel = new FieldValues(context, itemIndex, [returnAll, limit], source);
	const known = filters.map(({ name }) => name);
	const chosen = collectionSource(context, itemIndex, filterOptions, known);
	const wanted = new FieldValues(context, itemIndex, filters, chosen);
	const most = panel.flag('returnAll') ? Infinity : panel.numberOrDefault('limit');
	const name = wanted.textOrBlank('batchName')?.trim() ?? '';
	const includeOthers = wanted.flag('includeOthers');
	const onlyUnfinished = wanted.flag('onlyUnfinished');
	const items: INodeExecutionData[] = [];
	for await (const batch of listBatches(session)) {
		if (!isNamed(batch, name) || (!readMetadata(batch) && !includeOthers)) continue;
		const json = describeBatch(batch, session.connection.redactor);
		if (onlyUnfinished && json.isFinished === true) continue;
		items.push({ json, pairedItem: { item: itemIndex } });
		if (items.length >= most) break;
	}
	return items;
};
