import type { IDataObject } from 'n8n-workflow';
import { inBatch, round, type Tokens } from '../../cost/tokenCost';
import { isFile, type ApiRequest, type RequestImage } from '../../openai/request';
import { omitUndefined } from '../../values';
import type { ItemRequest } from '../../run/buildRequest';
import type { CostEstimate, CostEstimator } from '../../cost/estimator';

/**
 * Tells what an item would cost, and what would be sent for it, without sending anything.
 *
 * @param calls the requests that would be sent for it
 * @param references items whose images would go along
 * @param isBatch whether nobody waits for them: then that is what they cost
 * @returns the JSON of its output item; what does not apply is `undefined`
 */
export function estimateItem(
	{ operation, settings, fallbackFor, warning, request }: ItemRequest,
	calls: ApiRequest[],
	estimator: CostEstimator,
	references: number[],
	isBatch = false,
): IDataObject {
	const each = calls.map((call) => estimator.estimate(call, settings.prices));
	const known = each.filter((estimate) => estimate !== undefined);
	const [first] = calls;
	const { model, size = 'auto', quality = 'auto' } = request.fields;
	return {
		operation,
		model,
		fallbackFor,
		size,
		quality,
		images: settings.images,
		requests: calls.length,
		...(known.length === each.length ? total(known, isBatch) : { estimateBasis: NO_FIGURES }),
		references: references.length > 0 ? references.map((item) => ({ item })) : undefined,
		warning,
		request: first && withoutBytes(first),
	};
}

/** Why there is no estimate. */
export const NO_FIGURES =
	'none: OpenAI has published no figures for images of this kind; after the first a run knows better';

function total(estimates: CostEstimate[], isBatch: boolean): IDataObject {
	const sum = (name: keyof Tokens) => estimates.reduce((all, { tokens }) => all + tokens[name], 0);
	const dollars = estimates.flatMap(({ usd }) => usd ?? []);
	const isPriced = dollars.length === estimates.length;
	const now = round(dollars.reduce((all, usd) => all + usd, 0));
	const [estimatedCost, other] = isBatch
		? [inBatch(now), { estimatedCostNow: now }]
		: [now, { estimatedCostInBatch: inBatch(now) }];
	return {
		...(isPriced && { estimatedCost, ...other }),
		estimateBasis: estimates[0]?.basis,
		estimatedTokens: {
			textInput: sum('textInput'),
			imageInput: sum('imageInput'),
			imageOutput: sum('imageOutput'),
		},
	};
}

function withoutBytes({ path, fields, images, mask, markup }: ApiRequest): IDataObject {
	return omitUndefined({
		method: 'POST',
		path,
		body: fields,
		images: images.length > 0 ? images.map(tellPicture) : undefined,
		mask: mask && tellPicture(mask),
		markup: markup && tellPicture(markup),
	});
}

const tellPicture = (picture: RequestImage): IDataObject =>
	isFile(picture)
		? { fileName: picture.fileName, mimeType: picture.mimeType, bytes: picture.bytes }
		: picture.link;
