import { bodyWithLinks } from '../openai/body';
import type { BatchEndpoint } from '../openai/batches';
import type { RequestFile } from '../openai/multipart';
import { isFile, picturesOf, type ApiRequest } from '../openai/request';
import { customIdOf, type LinePlace } from './customId';
import type { KeptSettings } from './manifest';

/** A request that is to be made in a batch: one line of its input file. */
export interface BatchRequest extends LinePlace {
	/** With `n`. */
	request: ApiRequest;
	/** What its results will need. */
	kept: KeptSettings;
}

/**
 * @param fileIdOf the API's id of an uploaded picture
 * @returns a line of the input file (OpenAI's batch guide): the body is that of the call it stands for
 */
export function inputLine(
	{ request, ...place }: BatchRequest,
	fileIdOf: (file: RequestFile) => string,
): string {
	return JSON.stringify({
		custom_id: customIdOf(place),
		method: 'POST',
		url: endpointOf(request),
		body: bodyWithLinks(request, (picture) =>
			isFile(picture) ? { file_id: fileIdOf(picture) } : picture.link,
		),
	});
}

/** @returns what a batch is created for; the Base URL has the version already, a line needs it */
export const endpointOf = ({ path }: ApiRequest): BatchEndpoint => `/v1${path}`;

/** @returns the pictures of a request that have to be uploaded */
export const uploadsOf = ({ request }: BatchRequest): RequestFile[] =>
	picturesOf(request).filter(isFile);

/** @returns first image and mask of an edit whose results are put together with them; otherwise none */
export const restPicturesOf = ({ request }: BatchRequest): RequestFile[] =>
	request.keepRest
		? [request.images[0], request.mask].filter((one) => one !== undefined).filter(isFile)
		: [];
