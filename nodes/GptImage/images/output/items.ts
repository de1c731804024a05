import type {
	IBinaryKeyData,
	IDataObject,
	INodeExecutionData,
	IPairedItemData,
} from 'n8n-workflow';
import { omitUndefined } from '../../values';
import { describeForAgent } from './agentTool';
import type { TemporaryLink } from './link';
import type { StoredImage } from './store';

/** An image that was made, with what its item says about it. */
export interface MadeImage {
	stored: StoredImage;
	/** Previews to pass on. */
	partials: StoredImage[];
	/** Number of the image among all of its item, from 0. */
	index: number;
	link?: TemporaryLink;
	/** What came of uploading it, where that is asked for. */
	file?: KeptFile;
	facts: Facts;
}

/** A copy of an image at OpenAI, by the names of the output. */
export interface KeptFile {
	/** What an edit can take it by. */
	fileId?: string;
	/** ISO 8601. */
	fileExpiresAt?: string;
	/** Why there is none. */
	fileError?: string;
}

/** What is known of a request and its answer. */
export interface Facts {
	operation: string;
	/** Body fields of the request. */
	request: IDataObject;
	/** Fields of the answer beside the images. */
	answer: IDataObject;
	/** The model the user set, when the fallback was used. */
	fallbackFor?: string;
	requestId?: string;
	/** Milliseconds from the first attempt to the last byte; none in a batch. */
	durationMs?: number;
	/** An earlier try of the same node run has made it. */
	isFromEarlierTry?: boolean;
	retries: number;
	retryReasons: string[];
	waitedMs: number;
	/** USD for each of its images, where a right number can be given. */
	cost?: number;
	/** Whose prices the cost rests on. */
	costBasis?: string;
	/** It was drawn by the node, in place of an image. */
	isPlaceholder?: boolean;
	/** USD that a real one would cost by estimate, and what that rests on; of placeholders. */
	estimatedCost?: number;
	estimateBasis?: string;
	/** How many images the request made; its `usage` is for all of them. */
	imagesInRequest: number;
	/** Images of earlier items that went along. */
	references: Array<{ item: number; fileName?: string }>;
}

/** How the images of an item are handed on. */
export interface ItemShape {
	pairedItem: IPairedItemData | IPairedItemData[];
	/** Name of the binary field; `undefined` for the default. */
	binaryPropertyName?: string;
	/** All images go into one item. */
	oneItem: boolean;
	/** The items are the answer to an AI agent that called the node, which has this name. */
	agentTool?: string;
	/** JSON of the input to pass on. */
	json?: IDataObject;
	/** Binary fields of the input to pass on. */
	binary?: IBinaryKeyData;
}

/**
 * Makes n8n items of the images of one input item: the images as binary data, and a small JSON without base64.
 * An `error` key of the input is never passed on: n8n would take the item for a failed one.
 *
 * @returns one item for each image, or one for all
 */
export function toItems(images: MadeImage[], shape: ItemShape): INodeExecutionData[] {
	const { pairedItem, binary: passedOn, agentTool } = shape;
	if (shape.oneItem && images.length > 0) {
		const prefix = shape.binaryPropertyName ?? 'image';
		const named = images.map((image) => ({ image, field: `${prefix}_${image.index + 1}` }));
		const binaries = named.map(({ image, field }) => binaryOf(image, field));
		const all = named.map(({ image, field }) => describe(image, field, agentTool));
		const { operation, model } = all[0] ?? {};
		return [
			{
				json: omitUndefined({ ...shape.json, error: undefined, operation, model, images: all }),
				binary: Object.assign({ ...passedOn }, ...binaries),
				pairedItem,
			},
		];
	}
	const field = shape.binaryPropertyName ?? 'data';
	return images.map((image) => ({
		json: omitUndefined({ ...shape.json, error: undefined, ...describe(image, field, agentTool) }),
		binary: { ...passedOn, ...binaryOf(image, field) },
		pairedItem,
	}));
}

function binaryOf({ stored, partials }: MadeImage, field: string): IBinaryKeyData {
	const previews = partials.map(({ binary }, index) => [`${field}_partial_${index + 1}`, binary]);
	return { [field]: stored.binary, ...Object.fromEntries(previews) };
}

function describe(image: MadeImage, field: string, agentTool?: string): IDataObject {
	const json =
		agentTool === undefined
			? describeImage(image, field)
			: describeForAgent(image, field, agentTool);
	return omitUndefined(json);
}

function describeImage(
	{ stored, index, link, file, facts }: MadeImage,
	field: string,
): IDataObject {
	const { answer, request, retries, references } = facts;
	const { binary, format } = stored;
	return {
		operation: facts.operation,
		model: request.model,
		fallbackFor: facts.fallbackFor,
		size: answer.size ?? request.size,
		quality: answer.quality ?? request.quality,
		background: answer.background ?? request.background,
		format: format.name,
		index,
		created: answer.created,
		usage: answer.usage,
		svgUsage: answer.svg_usage,
		cost: facts.cost,
		costBasis: facts.costBasis,
		placeholder: facts.isPlaceholder,
		estimatedCost: facts.estimatedCost,
		estimateBasis: facts.estimateBasis,
		imagesInRequest: facts.imagesInRequest,
		references: references.length > 0 ? references : undefined,
		requestId: facts.requestId,
		durationMs: facts.durationMs,
		retries:
			retries > 0
				? { count: retries, waitedMs: facts.waitedMs, reasons: facts.retryReasons }
				: undefined,
		fromEarlierTry: facts.isFromEarlierTry,
		fileName: binary.fileName,
		mimeType: binary.mimeType,
		bytes: binary.bytes,
		binaryPropertyName: field,
		...link,
		...file,
	};
}
