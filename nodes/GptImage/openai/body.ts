import type { IDataObject } from 'n8n-workflow';
import { multipartForm, type OpenStreams, type RequestFile } from './multipart';
import {
	isFile,
	picturesOf,
	type ApiRequest,
	type LinkedImage,
	type RequestImage,
} from './request';

/**
 * Makes the body of one attempt: JSON, or multipart when there are files. The only place that knows what images,
 * mask and markup are called on the wire (`openai` 7.57.0, `ImageEditParams`).
 *
 * @param streams remembers what is opened for the body
 * @returns a form streams its files when it is sent; a JSON body holds them
 * @throws what opening or reading a stored file throws
 */
export async function encodeBody(
	request: ApiRequest,
	streams: OpenStreams,
): Promise<FormData | IDataObject> {
	const pictures = picturesOf(request);
	if (pictures.length === 0) return request.fields;
	return !request.asJson && pictures.every(isFile)
		? multipartForm(formFields(request.fields), filesOf(request), streams)
		: await jsonBody(request);
}

/** How many characters a file has as a data URL. */
export const dataUrlLength = ({ mimeType, bytes }: Pick<RequestFile, 'mimeType' | 'bytes'>) =>
	`data:${mimeType};base64,`.length + 4 * Math.ceil(bytes / 3);

/** The API takes one `image`, or a list of `image[]`. */
function filesOf({ images, mask, markup }: ApiRequest): Array<[string, RequestFile]> {
	const imageField = images.length > 1 ? 'image[]' : 'image';
	const named: Array<[string, RequestImage | undefined]> = [
		...images.map((image): [string, RequestImage] => [imageField, image]),
		['mask', mask],
		['markup', markup],
	];
	return named.flatMap(([name, picture]) =>
		picture && isFile(picture) ? [[name, picture] satisfies [string, RequestFile]] : [],
	);
}

/**
 * Makes the JSON body of a request.
 *
 * @param linkOf what stands for a picture
 */
export function bodyWithLinks(
	{ fields, images, mask, markup }: ApiRequest,
	linkOf: (picture: RequestImage) => LinkedImage['link'],
): IDataObject {
	if (images.length === 0) return fields;
	return {
		...fields,
		images: images.map(linkOf),
		...(mask && { mask: linkOf(mask) }),
		...(markup && { markup: linkOf(markup) }),
	};
}

async function jsonBody(request: ApiRequest): Promise<IDataObject> {
	const links = new Map<RequestImage, LinkedImage['link']>();
	for (const picture of picturesOf(request)) links.set(picture, await asLink(picture));
	return bodyWithLinks(request, (picture) => links.get(picture) ?? { image_url: '' });
}

async function asLink(picture: RequestImage): Promise<LinkedImage['link']> {
	return isFile(picture) ? { image_url: await dataUrl(picture) } : picture.link;
}

async function dataUrl(file: RequestFile): Promise<string> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of await file.open()) chunks.push(chunk);
	return `data:${file.mimeType};base64,${Buffer.concat(chunks).toString('base64')}`;
}

/** Nested fields get the names the official SDK gives them, e.g. `svg[reasoning][effort]`. */
function formFields(fields: IDataObject, prefix = ''): Array<[string, string]> {
	return Object.entries(fields).flatMap(([key, value]): Array<[string, string]> => {
		const name = prefix === '' ? key : `${prefix}[${key}]`;
		const isNested = typeof value === 'object' && value !== null && !Array.isArray(value);
		return isNested ? formFields({ ...value }, name) : [[name, String(value)]];
	});
}
