import type { IDataObject } from 'n8n-workflow';
import { estimateItem } from '../images/output/estimateItem';
import { estimateSummaryOf } from '../images/output/hints';
import { callOf, type ItemRequest } from './buildRequest';
import type { Run } from './run';
import { placeholdersFor, withImages } from './series';

/** @returns the JSON of an item that is only estimated, as if all items before it succeeded */
export function estimateOf({ estimator, series }: Run, item: ItemRequest): IDataObject {
	const references = series.expected(item.itemIndex);
	const calls = [...item.settings.imagesPerCall.keys()].map((index) =>
		withImages(callOf(item, index), placeholdersFor(references)),
	);
	return estimateItem(item, calls, estimator, references);
}

/** @returns the line that adds up what items would cost */
export function sumEstimates(run: Run, items: ItemRequest[]): string {
	const costs = items.map((item) => estimateOf(run, item).estimatedCost);
	return estimateSummaryOf({
		items: items.length,
		images: items.reduce((sum, { settings }) => sum + settings.images, 0),
		costs: costs.map((cost) => (typeof cost === 'number' ? cost : undefined)),
		size: String(items[0]?.request.fields.size ?? 'auto'),
		now: Date.now(),
	});
}
