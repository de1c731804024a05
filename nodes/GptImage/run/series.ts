import type { IExecuteFunctions } from 'n8n-workflow';
import { EDITABLE } from '../images/input/inputImage';
import { storedBytes } from '../images/input/stored';
import type { StoredImage } from '../images/output/store';
import type { RequestFile } from '../openai/multipart';
import { PATHS, type ApiRequest, type RequestImage } from '../openai/request';
import type { Consistency } from '../operations/fields/choices';

/** An image of an earlier item. */
export interface Reference {
	itemIndex: number;
	stored: StoredImage;
}

/** The images of a run so far, for items that are to look alike. Items must be made in order. */
export class Series {
	private first: Reference | undefined;
	private previous: Reference | undefined;

	/** @param consistency `undefined` for items that have nothing to do with each other */
	constructor(private readonly consistency: Consistency | undefined) {}

	/** Remembers the first image of an item. A failed item has none and is passed over. */
	add(itemIndex: number, images: StoredImage[]) {
		const stored = images.find(({ format }) => EDITABLE.includes(format.name));
		if (!stored || this.previous?.itemIndex === itemIndex) return;
		this.previous = { itemIndex, stored };
		this.first ??= this.previous;
	}

	/** @returns what the next item is given, each image once */
	references(): Reference[] {
		if (this.consistency === undefined) return [];
		const chosen = {
			previous: [this.previous],
			first: [this.first],
			both: [this.first, this.previous],
		}[this.consistency];
		return [...new Set(chosen)].filter((reference) => reference !== undefined);
	}

	/** @returns the items whose images an item is given when all before it succeed */
	expected(itemIndex: number): number[] {
		if (this.consistency === undefined || itemIndex === 0) return [];
		const chosen = { previous: [itemIndex - 1], first: [0], both: [0, itemIndex - 1] };
		return [...new Set(chosen[this.consistency])];
	}
}

/**
 * Gives a request images of earlier items, behind its own. A generation becomes an edit.
 *
 * @param earlier files, or links in their place
 */
export function withImages(request: ApiRequest, earlier: RequestImage[]): ApiRequest {
	if (earlier.length === 0) return request;
	return {
		...request,
		path: PATHS.edit,
		images: [...request.images, ...earlier],
		asJson: request.asJson && request.path === PATHS.edit,
	};
}

/** @returns links that stand for images that are not made yet, where a request is only told */
export const placeholdersFor = (items: number[]): RequestImage[] =>
	items.map((item) => ({ link: { image_url: `the image of item ${item + 1}` } }));

/** @returns the files of the images, to be read when they are sent */
export async function filesOf(
	context: IExecuteFunctions,
	references: Reference[],
): Promise<RequestFile[]> {
	return await Promise.all(
		references.map(async ({ stored: { binary, format, dimensions } }) => ({
			fileName: binary.fileName ?? `image.${format.extension}`,
			mimeType: format.mimeType,
			pixels: dimensions && dimensions.width * dimensions.height,
			...(await storedBytes(context, binary)),
		})),
	);
}
