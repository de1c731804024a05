import type { IDataObject } from 'n8n-workflow';
import type { KeepRest } from '../images/composite/keepRest';
import type { RequestFile } from './multipart';

/** The API's limit of `n` (`openai` 7.57.0, `ImageGenerateParams.n`). */
export const MAX_IMAGES_PER_REQUEST = 10;

/** A picture that the API fetches itself, by the names of the API. */
export interface LinkedImage {
	link: { image_url: string } | { file_id: string };
}

/** A picture of a request. */
export type RequestImage = RequestFile | LinkedImage;

/** Behind the Base URL. */
export const PATHS = { generate: '/images/generations', edit: '/images/edits' } as const;

/** What to ask the API for. */
export interface ApiRequest {
	path: (typeof PATHS)[keyof typeof PATHS];
	/** Body fields by the API's names; only what is to be sent. */
	fields: IDataObject;
	/** What an edit starts from, in order; none for a generation. */
	images: RequestImage[];
	/** Where the first image may change. */
	mask?: RequestImage;
	/** What is drawn over the first image to guide the edit. */
	markup?: RequestImage;
	/** Put the files into a JSON body as data URLs; links always are. */
	asJson: boolean;
	/** What becomes of the images that come back: all but the mask is taken from the first image. Nothing of it is sent. */
	keepRest?: KeepRest;
}

/** @returns all pictures of a request: images, mask, markup */
export const picturesOf = ({ images, mask, markup }: ApiRequest): RequestImage[] =>
	[...images, mask, markup].filter((picture) => picture !== undefined);

/** @returns the free text of a request, which an error may repeat: prompt, model, user, names of its pictures */
export function ownWordsOf(request: ApiRequest): string[] {
	const { prompt, model, user, safety_identifier: caller } = request.fields;
	const names = picturesOf(request).map((picture) =>
		isFile(picture) ? picture.fileName : Object.values(picture.link).join(' '),
	);
	const texts: unknown[] = [prompt, model, user, caller, ...names];
	return texts.filter((text) => typeof text === 'string');
}

/** @returns whether a picture's bytes are sent, in place of a link to them */
export const isFile = (picture: RequestImage): picture is RequestFile => 'open' in picture;
