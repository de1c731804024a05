import type { IExecuteFunctions } from 'n8n-workflow';
import { basisOf, costOf, inBatch, round } from '../cost/tokenCost';
import { reportTokens } from '../cost/tokenReport';
import type { MadeImage } from '../images/output/items';
import { makeLink } from '../images/output/link';
import type { ApiSession } from '../openai/callApi';
import { indexInItem, type CollectedLine } from './collect';

/** @returns the images of a line, with what its item says about them */
export function madeImages(
	context: IExecuteFunctions,
	{ connection }: ApiSession,
	{ entry, result }: CollectedLine,
): MadeImage[] {
	if (!result) return [];
	const { images, fields, requestId } = result;
	const prices = entry.prices ?? connection.lookUpModel(String(entry.request.model))?.prices;
	const cost = costOf(fields, prices);
	if (images.length > 0) reportTokens(context, fields.usage);
	const facts = {
		operation: entry.operation,
		request: entry.request,
		answer: fields,
		fallbackFor: entry.fallbackFor,
		requestId,
		retries: 0,
		retryReasons: [],
		waitedMs: 0,
		cost: cost === undefined ? undefined : round(inBatch(cost) / images.length),
		costBasis:
			cost === undefined ? undefined : `${basisOf(entry.prices !== undefined)}, half in a batch`,
		imagesInRequest: images.length,
		references: [],
	};
	const { linkMinutes } = entry;
	return images.map((stored, position) => ({
		stored,
		partials: [],
		index: indexInItem(entry, position),
		link: linkMinutes === undefined ? undefined : makeLink(context, stored.binary, linkMinutes),
		facts,
	}));
}
