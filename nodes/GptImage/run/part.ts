import { imageFileName } from '../images/output/fileName';
import type { IncomingImage } from '../images/output/store';
import type { ApiRequest } from '../openai/request';
import type { ItemRequest } from './buildRequest';

/** @returns how many images one of an order's requests asks for */
export const imagesOf = ({ settings }: ItemRequest, part: number) =>
	settings.imagesPerCall[part] ?? 1;

/** @returns one of an order's requests, with `n` and, for previews, `stream` */
export function requestOf(order: ItemRequest, part: number): ApiRequest {
	const { partialImages } = order.settings;
	const n = imagesOf(order, part);
	return {
		...order.request,
		fields: {
			...order.request.fields,
			...(n > 1 && { n }),
			...(partialImages !== undefined && { stream: true, partial_images: partialImages }),
		},
	};
}

/** @returns the number of a request's first image among all of its item, from 0 */
export const firstIndexOf = ({ settings }: ItemRequest, part: number) =>
	settings.imagesPerCall.slice(0, part).reduce((sum, share) => sum + share, 0);

/**
 * @param firstIndex number of the request's first image among all of its item
 * @param items how many items the run has
 * @returns what names an image of a request, from its number in it (from 0), or one of its previews (from 1)
 */
export function fileNamesOf(
	{ itemIndex, settings, request }: ItemRequest,
	firstIndex: number,
	items: number,
) {
	const { fields } = request;
	// The style is the same for all.
	const text = String(fields.prompt);
	const prompt = settings.style ? text.slice(0, -settings.style.length) : text;
	return (index: number, { format, dimensions }: IncomingImage, preview?: number) =>
		imageFileName(settings.fileName, {
			prompt,
			item: itemIndex,
			items,
			index: firstIndex + index,
			count: settings.images,
			size: dimensions ? `${dimensions.width}x${dimensions.height}` : String(fields.size ?? 'auto'),
			model: String(fields.model),
			preview,
			now: Date.now(),
			extension: format.extension,
		});
}
