import type {
	IBinaryData,
	IBinaryKeyData,
	IDataObject,
	INodeExecutionData,
	IPairedItemData,
} from 'n8n-workflow';
import { omitUndefined } from '../../values';
import { describeForAgent } from './agentTool';
import { describeImage, describeImages, type OutputDetail } from './describe';
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
	/** How much is said about each image; simplified by default. */
	detail?: OutputDetail;
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
	const { pairedItem, binary: passedOn } = shape;
	const jsonOf = (described: IDataObject) =>
		omitUndefined({ ...shape.json, error: undefined, ...described });
	if (shape.oneItem && images.length > 0) {
		const prefix = shape.binaryPropertyName ?? 'image';
		const named = images.map((image) => ({ image, field: `${prefix}_${image.index + 1}` }));
		const binaries = named.map(({ image, field }) => binaryOf(image, field));
		return [
			{
				json: jsonOf(describeAll(named, shape)),
				binary: Object.fromEntries(
					[passedOn ?? {}, ...binaries].flatMap(Object.entries<IBinaryData>),
				),
				pairedItem,
			},
		];
	}
	const field = shape.binaryPropertyName ?? 'data';
	return images.map((image) => ({
		json: jsonOf(describe(image, field, shape)),
		binary: { ...passedOn, ...binaryOf(image, field) },
		pairedItem,
	}));
}

function binaryOf({ stored, partials }: MadeImage, field: string): IBinaryKeyData {
	const previews = partials.map(({ binary }, index): [string, IBinaryData] => [
		`${field}_partial_${index + 1}`,
		binary,
	]);
	return { [field]: stored.binary, ...Object.fromEntries(previews) };
}

/** Simplified, an agent is told what to do next. */
function describe(image: MadeImage, field: string, { detail, agentTool }: ItemShape): IDataObject {
	return agentTool !== undefined && (detail ?? 'simplified') === 'simplified'
		? omitUndefined(describeForAgent(image, field, agentTool))
		: describeImage(image, field, detail);
}

function describeAll(
	named: Array<{ image: MadeImage; field: string }>,
	shape: ItemShape,
): IDataObject {
	if (shape.agentTool === undefined) return describeImages(named, shape.detail);
	return { images: named.map(({ image, field }) => describe(image, field, shape)) };
}
