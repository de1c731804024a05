import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { StoredImage } from './store';

/** What an item says beside its image. */
export interface ItemFacts {
	operation: string;
	/** Body fields of the request. */
	request: IDataObject;
	/** Fields of the answer beside the images. */
	answer: IDataObject;
	requestId?: string;
	/** Milliseconds from the first attempt to the last byte. */
	durationMs: number;
	retried: string[];
	waitedMs: number;
	/** How many images the request made; its `usage` is for all of them. */
	imagesInRequest: number;
}

/** Where the image goes and what is passed on. */
export interface ItemSettings {
	itemIndex: number;
	/** Number of the image among all of the item, from 0. */
	imageIndex: number;
	binaryPropertyName: string;
	/** JSON of the input item; `undefined` drops it. */
	input?: IDataObject;
}

/**
 * Makes the n8n item of one image: the image as binary data, and a small JSON without base64.
 * An `error` key of the input is never passed on: n8n would take the item for a failed one.
 */
export function toItem(
	{ binary, format }: StoredImage,
	facts: ItemFacts,
	{ itemIndex, imageIndex, binaryPropertyName, input = {} }: ItemSettings,
): INodeExecutionData {
	const { answer, request } = facts;
	const json: IDataObject = {
		...input,
		error: undefined,
		operation: facts.operation,
		model: request.model,
		size: answer.size ?? request.size,
		quality: answer.quality ?? request.quality,
		background: answer.background ?? request.background,
		format: format.name,
		index: imageIndex,
		created: answer.created,
		usage: answer.usage,
		imagesInRequest: facts.imagesInRequest,
		requestId: facts.requestId,
		durationMs: facts.durationMs,
		fileName: binary.fileName,
		mimeType: binary.mimeType,
		bytes: binary.bytes,
		binaryPropertyName,
	};
	if (facts.retried.length > 0) {
		json.retries = {
			count: facts.retried.length,
			waitedMs: facts.waitedMs,
			reasons: facts.retried,
		};
	}
	return {
		json: Object.fromEntries(Object.entries(json).filter(([, value]) => value !== undefined)),
		binary: { [binaryPropertyName]: binary },
		pairedItem: { item: itemIndex },
	};
}
