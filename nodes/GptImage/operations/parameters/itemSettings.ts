import type { Prices } from '../../models/prices';
import { MAX_IMAGES_PER_REQUEST } from '../../openai/request';
import { DETAILS, MAX_KEPT_HOURS } from '../fields/outputOptions';
import { priceFields } from '../fields/runOptions';
import type { OutputDetail } from '../../images/output/describe';
import type { ItemOptions } from './options';

/** Longer than any id of a model. */
export const MAX_ID_CHARACTERS = 256;

/** How one item's images are asked for and handed on. */
export interface ItemSettings {
	/** Images of the item, 1 to 100. */
	images: number;
	/** The `n` of each of its requests, in order. */
	imagesPerCall: number[];
	/** Previews to have streamed, 0 to 3; `undefined` for an answer in one piece. */
	partialImages?: number;
	/** Pass the previews on. */
	keepPartialImages: boolean;
	/** Model to use when the API no longer has the first. */
	fallbackModel?: string;
	maxRetries: number;
	timeoutMs: number;
	idleMs: number;
	/** Answer what the requests would cost, and send none. */
	estimateOnly: boolean;
	/** Draw a placeholder in place of each image when the workflow is run by hand. */
	placeholder: boolean;
	/** How long a link to the image works; `undefined` for no link. */
	linkMinutes?: number;
	/** How long OpenAI keeps a copy that later edits can take; `undefined` for none. */
	keepAtOpenAiHours?: number;
	/** The user's own, USD per million tokens. */
	prices?: Prices;
	/** Text that was appended to the prompt. */
	style?: string;
	/** `undefined` for the default name. */
	binaryPropertyName?: string;
	fileName: string;
	includeOtherFields: boolean;
	includeInputBinary: boolean;
	/** All images go into one item. */
	oneItem: boolean;
	/** How much the JSON, or an agent, is told about each image. */
	detail: OutputDetail;
}

/** For Keep Connection Alive: as often as the API can give a sign of life. */
const MOST_PARTIAL_IMAGES = 3;

/**
 * @param isTool an AI agent has called the node
 * @throws NodeOperationError that names the option
 */
export function readItemSettings(
	{ image, output, run }: ItemOptions,
	isTool: boolean,
): ItemSettings {
	const keepAtOpenAiHours = output.number('keepAtOpenAi');
	if (keepAtOpenAiHours === 0 && !isTool) {
		throw output.error(
			'keepAtOpenAi',
			'is 0',
			`Set it to a whole number from 1 to ${MAX_KEPT_HOURS}, or remove the option. 0 is for tools of AI agents, which keep images unless it is set.`,
		);
	}
	const partialImages =
		output.oneOf('partialImages', [0, 1, 2, 3]) ??
		(run.flag('keepAlive') ? MOST_PARTIAL_IMAGES : undefined);
	const images = readCount(image, run);
	const perRequest = run.numberOrDefault('imagesPerRequest');
	const perMinute = Math.ceil(run.numberOrDefault('imagesPerMinute')) || Infinity;
	return {
		images,
		// The API documents no stream of several images.
		imagesPerCall: split(images, partialImages === undefined ? Math.min(perRequest, perMinute) : 1),
		partialImages,
		keepPartialImages: output.flag('keepPartialImages'),
		fallbackModel: run.text('fallbackModel', { most: MAX_ID_CHARACTERS })?.trim(),
		maxRetries: run.numberOrDefault('maxRetries'),
		timeoutMs: 1000 * run.numberOrDefault('timeout'),
		idleMs: 1000 * run.numberOrDefault('idleTimeout'),
		estimateOnly: run.flag('estimateOnly'),
		placeholder: run.flag('placeholder'),
		linkMinutes: output.number('temporaryLink'),
		keepAtOpenAiHours,
		prices: readPrices(run),
		style: image.textOrBlank('style')?.trim(),
		binaryPropertyName: output.textOrBlank('binaryPropertyName'),
		fileName: output.textOrBlank('fileName') ?? '',
		includeOtherFields: output.flag('includeOtherFields'),
		includeInputBinary: output.flag('includeInputBinary'),
		oneItem: output.flag('oneItem'),
		detail: readDetail(output),
	};
}

/** As a tool the node has Output in place of Simplify. */
function readDetail(output: ItemOptions['output']): OutputDetail {
	const detail =
		output.oneOf('output', DETAILS) ?? (output.flag('simplify') ? 'simplified' : 'raw');
	if (detail !== 'selectedFields') return detail;
	const names = (output.text('outputFields') ?? '').split(',').map((name) => name.trim());
	return names.filter((name) => name !== '');
}

function readPrices(run: ItemOptions['run']): Prices | undefined {
	const prices = run.group('prices', 'usd', priceFields);
	if (!prices) return undefined;
	const read = {
		textInput: prices.numberOrDefault('textInput'),
		imageInput: prices.numberOrDefault('imageInput'),
		imageOutput: prices.numberOrDefault('imageOutput'),
		textOutput: 0,
	};
	if (Object.values(read).some((price) => price > 0)) return read;
	// With prices of nothing no limit on the cost would ever be reached.
	throw run.error('prices', 'are all 0', 'Enter what a million tokens cost, or remove the option.');
}

function readCount(image: ItemOptions['image'], run: ItemOptions['run']): number {
	const images = image.numberOrDefault('n');
	if (images <= MAX_IMAGES_PER_REQUEST || run.number('imagesPerRequest') !== undefined) {
		return images;
	}
	throw image.error(
		'n',
		`is ${images}, one request makes up to ${MAX_IMAGES_PER_REQUEST}`,
		'Lower it, or add Images per Request under Run Options to have them made in several requests.',
	);
}

function split(images: number, share: number): number[] {
	const shares: number[] = [];
	for (let left = images; left > 0; left -= share) shares.push(Math.min(left, share));
	return shares;
}
