import type { IDataObject } from 'n8n-workflow';
import type { Prices } from '../models/prices';
import type { OutputDetail } from '../images/output/describe';
import { parseJson } from '../openai/response/jsonText';
import { isRecord, toDataObject } from '../values';
import type { BatchRequest } from './batchRequest';
import { customIdOf, type LinePlace } from './customId';
import type { RestAtOpenAi } from './restPictures';

/** What the results of a request need, besides what the API says: the settings of its item. */
export interface KeptSettings {
	operation: string;
	/** How many images the item asks for, of all its requests. */
	images: number;
	/** For file names: its own for each item of each run. */
	id: string;
	/** Pattern of the file name; empty for the default. */
	fileName: string;
	/** The prompt without its style. */
	prompt?: string;
	binaryPropertyName?: string;
	oneItem: boolean;
	/** How much is said about each image. */
	detail: OutputDetail;
	linkMinutes?: number;
	/** As the option says it, 0 included; the hours begin when the images are fetched. */
	keepAtOpenAiHours?: number;
	/** The user's own, USD per million tokens, at the full price. */
	prices?: Prices;
	fallbackFor?: string;
}

/** One line of the manifest. */
export interface ManifestEntry extends LinePlace, KeptSettings {
	/** The node has made it, so that its item is known. */
	isKnown: boolean;
	/** Body fields of the request that its results do not repeat. */
	request: IDataObject;
	/** What is taken from the first image of an edit. */
	rest?: RestAtOpenAi | 'unknown';
	/** JSON of the input item, to be passed on; only with the first request of an item. */
	json?: IDataObject;
}

/** What items and file names tell of a request. */
const KEPT_FIELDS = ['model', 'prompt', 'size', 'quality', 'background', 'output_format', 'n'];

/**
 * @param jsonOf the JSON of an input item, where it is to be passed on
 * @param restOf what the result of a request is put together with, if anything
 * @returns the lines of the file that lies beside the input file of a batch
 */
export function* manifestLines(
	requests: BatchRequest[],
	jsonOf: (item: number) => IDataObject | undefined,
	restOf: (one: BatchRequest) => RestAtOpenAi | undefined = () => undefined,
): Generator<string> {
	let before: number | undefined;
	for (const one of requests) {
		const { item, first, kept, request } = one;
		const rest = restOf(one);
		const fields = Object.entries(request.fields).filter(([name]) => KEPT_FIELDS.includes(name));
		yield JSON.stringify({
			custom_id: customIdOf({ item, first }),
			...kept,
			item,
			first,
			request: Object.fromEntries(fields),
			// As in the lines of the input: a file is in use where it is named so.
			rest: rest && {
				first: { file_id: rest.first },
				mask: { file_id: rest.mask },
				softEdge: rest.softEdge,
			},
			json: item === before ? undefined : jsonOf(item),
		});
		before = item;
	}
}

/** @returns what a line of a manifest says, by its `custom_id`; `undefined` when it is none */
export function readManifestLine(line: string): [customId: string, ManifestEntry] | undefined {
	const said = parseJson(line);
	if (!isRecord(said)) return undefined;
	const { custom_id: customId, item, first, images, request } = said;
	if (typeof customId !== 'string' || !isCount(item) || !isCount(first)) return undefined;
	const text = (name: string) => {
		const value = said[name];
		return typeof value === 'string' && value !== '' ? value : undefined;
	};
	const entry: ManifestEntry = {
		isKnown: true,
		item,
		first,
		operation: text('operation') ?? 'generate',
		images: isCount(images) ? images : 1,
		id: text('id') ?? '',
		fileName: text('fileName') ?? '',
		prompt: text('prompt'),
		binaryPropertyName: text('binaryPropertyName'),
		oneItem: said.oneItem === true,
		detail: readDetail(said.detail),
		linkMinutes: isCount(said.linkMinutes) && said.linkMinutes > 0 ? said.linkMinutes : undefined,
		keepAtOpenAiHours: isCount(said.keepAtOpenAiHours) ? said.keepAtOpenAiHours : undefined,
		prices: readPrices(said.prices),
		fallbackFor: text('fallbackFor'),
		request: isRecord(request) ? toDataObject(request) : {},
		rest: readRest(said.rest),
		json: isRecord(said.json) ? toDataObject(said.json) : undefined,
	};
	return [customId, entry];
}

function readDetail(said: unknown): OutputDetail {
	if (Array.isArray(said)) return said.filter((name) => typeof name === 'string');
	return said === 'raw' ? said : 'simplified';
}

function readRest(said: unknown): RestAtOpenAi | undefined {
	if (!isRecord(said) || !isCount(said.softEdge)) return undefined;
	const idOf = (file: unknown) => (isRecord(file) ? file.file_id : undefined);
	const [first, mask] = [idOf(said.first), idOf(said.mask)];
	if (typeof first !== 'string' || typeof mask !== 'string') return undefined;
	return { first, mask, softEdge: said.softEdge };
}

function readPrices(said: unknown): Prices | undefined {
	if (!isRecord(said)) return undefined;
	const { textInput, imageInput, imageOutput, textOutput } = said;
	return isPrice(textInput) && isPrice(imageInput) && isPrice(imageOutput) && isPrice(textOutput)
		? { textInput, imageInput, imageOutput, textOutput }
		: undefined;
}

const isPrice = (value: unknown): value is number => typeof value === 'number' && value >= 0;

const isCount = (value: unknown): value is number =>
	typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
