import type { IExecuteFunctions } from 'n8n-workflow';
import { MAX_IMAGES_PER_ITEM } from '../fields/count';
import { MAX_IMAGES_PER_REQUEST } from '../../openai/request';
import { optionDefault } from '../fields/options';
import type { Prices } from '../../cost/prices';
import { isRecord } from '../../values';
import { checkNumber, readNumber, type Options, type Range } from './options';
import { parameterError } from '../../errors/parameterError';
import { CONSISTENCIES, type Consistency } from '../../run/series';

/** What holds for all items of a run; read from the first. */
export interface RunSettings {
	concurrency: number;
	/** 0 for no limit. */
	imagesPerMinute: number;
	/** USD; `undefined` for as much as it takes. */
	maxCost?: number;
	/** Which results later items are given; `undefined` for none. */
	consistency?: Consistency;
}

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
	/** How long a link to the image works; `undefined` for no link. */
	linkMinutes?: number;
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
}

/** For Keep Connection Alive: as often as the API can give a sign of life. */
const MOST_PARTIAL_IMAGES = 3;

const LANES: Range = { label: 'Requests in Parallel', min: 1, max: 50 };
const MAX_COST: Range = { label: 'Maximum Cost per Run', min: 0, fraction: true };
/** A year; n8n deletes binary data with its execution anyway. */
const LINK_MINUTES: Range = { label: 'Temporary Link', min: 1, max: 525_600 };
const IMAGES_PER_MINUTE: Range = { label: 'Images per Minute', min: 0, fraction: true };

/**
 * Reads no other option: one that fails for the first item must not fail the run.
 *
 * @throws NodeOperationError that names the option
 */
export function readRunSettings(context: IExecuteFunctions): RunSettings {
	const { options } = context.getNode().parameters;
	const isAdded = (name: string) => isRecord(options) && Object.hasOwn(options, name);
	const value = (name: string) =>
		context.getNodeParameter(`options.${name}`, 0, optionDefault(name));
	const number = (name: string, range: Range) => checkNumber(context, value(name), range, 0);
	const consistency = isAdded('consistency')
		? readConsistency(context, value('consistency'))
		: undefined;
	return {
		// The next item needs the image of the one before.
		concurrency: consistency ? 1 : number('requestsInParallel', LANES),
		imagesPerMinute: number('imagesPerMinute', IMAGES_PER_MINUTE),
		// A limit whose expression finds nothing must not become none.
		maxCost: isAdded('maxCost') ? number('maxCost', MAX_COST) : undefined,
		consistency,
	};
}

function readConsistency(context: IExecuteFunctions, value: unknown): Consistency {
	const consistency = CONSISTENCIES.find((one) => one === value);
	if (consistency) return consistency;
	throw parameterError(
		context,
		0,
		`Keep Consistent Across Items is ${JSON.stringify(value)}`,
		`Set it to ${CONSISTENCIES.join(', ')}, or remove the option.`,
	);
}

/** @throws NodeOperationError that names the field */
export function readItemSettings(
	context: IExecuteFunctions,
	itemIndex: number,
	options: Options,
): ItemSettings {
	const read = numberReader(options);
	options.refuseEmpty('estimateOnly');
	options.refuseEmpty('temporaryLink');
	const duration = { min: 0.001, max: 86_400, fraction: true };
	const partialImages =
		options.number('partialImages', { label: 'Partial Images', min: 0, max: 3 }) ??
		(options.flag('keepAlive') ? MOST_PARTIAL_IMAGES : undefined);
	const perRequest = options.number('imagesPerRequest', {
		label: 'Images per Request',
		min: 1,
		max: MAX_IMAGES_PER_REQUEST,
	});
	const images = readCount(context, itemIndex, perRequest);
	const pace = read('imagesPerMinute', IMAGES_PER_MINUTE);
	const most = Math.min(perRequest ?? MAX_IMAGES_PER_REQUEST, Math.ceil(pace) || Infinity);
	return {
		images,
		// The API documents no stream of several images.
		imagesPerCall: split(images, partialImages === undefined ? most : 1),
		partialImages,
		keepPartialImages: options.flag('keepPartialImages'),
		fallbackModel: options.text('fallbackModel')?.trim(),
		maxRetries: read('maxRetries', { label: 'Max Retries', min: 0, max: 10 }),
		timeoutMs: 1000 * read('timeout', { label: 'Timeout', ...duration }),
		idleMs: 1000 * read('idleTimeout', { label: 'Idle Timeout', ...duration }),
		estimateOnly: options.flag('estimateOnly'),
		linkMinutes: options.number('temporaryLink', LINK_MINUTES),
		prices: readPrices(options),
		style: options.text('style')?.trim(),
		binaryPropertyName: options.text('binaryPropertyName'),
		fileName: options.text('fileName') ?? '',
		includeOtherFields: options.flag('includeOtherFields'),
		includeInputBinary: options.flag('includeInputBinary'),
		oneItem: options.flag('oneItem'),
	};
}

function readPrices(options: Options): Prices | undefined {
	const value = options.value('prices');
	const set = isRecord(value) && isRecord(value.usd) ? value.usd : undefined;
	if (!set) return undefined;
	const price = (name: string, label: string) =>
		options.check(set[name], { label, min: 0, fraction: true });
	return {
		textInput: price('textInput', 'Price of Text Input'),
		imageInput: price('imageInput', 'Price of Image Input'),
		imageOutput: price('imageOutput', 'Price of Image Output'),
		textOutput: 0,
	};
}

const numberReader = (options: Options) => (name: string, range: Range) =>
	options.number(name, range) ?? Number(optionDefault(name));

function readCount(
	context: IExecuteFunctions,
	itemIndex: number,
	perRequest: number | undefined,
): number {
	const label = 'Number of Images';
	const images = readNumber(context, 'n', { label, min: 1, max: MAX_IMAGES_PER_ITEM }, itemIndex);
	if (images <= MAX_IMAGES_PER_REQUEST || perRequest !== undefined) return images;
	throw parameterError(
		context,
		itemIndex,
		`${label} is ${images}, one request makes up to ${MAX_IMAGES_PER_REQUEST}`,
		`Lower ${label}, or add the option Images per Request to have them made in several requests.`,
	);
}

function split(images: number, share: number): number[] {
	const shares: number[] = [];
	for (let left = images; left > 0; left -= share) shares.push(Math.min(left, share));
	return shares;
}
