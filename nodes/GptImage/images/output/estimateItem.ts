import type { IDataObject } from 'n8n-workflow';
import { round, type Tokens } from '../../cost/prices';
import { isFile, type ApiRequest, type RequestImage } from '../../openai/request';
import { omitUndefined } from '../../values';
import { requestOf } from '../../run/part';
import type { ItemRequest } from '../../run/buildRequest';
import type { CostEstimate, CostEstimator } from '../../cost/estimator';
import { withImages } from '../../run/series';

/**
 * Tells what an item would cost, and what would be sent for it, without sending anything.
 *
 * @param references items whose images would go along
 * @returns the JSON of its output item; what does not apply is `undefined`
 */
export function estimateItem(
	order: ItemRequest,
	quotes: CostEstimator,
	references: number[],
): IDataObject {
	const { operation, settings, fallbackFor, warning } = order;
	// Images that are not made yet stand in the request as links.
	const earlier = references.map((item) => ({ link: { image_url: `the image of item ${item}` } }));
	const requests = settings.imagesPerCall.map((_, part) =>
		withImages(requestOf(order, part), earlier),
	);
	const each = requests.map((request) => quotes.estimate(request, settings.prices));
	const known = each.filter((quote) => quote !== undefined);
	const [first] = requests;
	const { model, size = 'auto', quality = 'auto' } = order.request.fields;
	return {
		operation,
		model,
		fallbackFor,
		size,
		quality,
		images: settings.images,
		requests: requests.length,
		...(known.length === each.length ? total(known) : { estimateBasis: NO_FIGURES }),
		references: references.length > 0 ? references.map((item) => ({ item })) : undefined,
		warning,
		request: first && withoutBytes(first),
	};
}

const NO_FIGURES =
	'none: OpenAI has published no figures for images of this kind; after the first a run knows better';

function total(quotes: CostEstimate[]): IDataObject {
	const sum = (name: keyof Tokens) => quotes.reduce((all, { tokens }) => all + tokens[name], 0);
	const dollars = quotes.flatMap(({ usd }) => usd ?? []);
	const isPriced = dollars.length === quotes.length;
	return {
		...(isPriced && { estimatedCost: round(dollars.reduce((all, usd) => all + usd, 0)) }),
		estimateBasis: quotes[0]?.basis,
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
