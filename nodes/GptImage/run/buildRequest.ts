import { randomInt } from 'crypto';
import { parameterError } from '../errors/parameterError';
import { agentToolOf } from '../images/output/agentTool';
import { imageFileName } from '../images/output/fileName';
import type { IncomingImage } from '../images/output/store';
import { lifecycleOf } from '../models/lifecycle';
import { findProblem, type Problem } from '../models/rules';
import { Deadline } from '../openai/retry/deadline';
import { MAX_IMAGES_PER_REQUEST, type ApiRequest } from '../openai/request';
import { MAX_INPUT_IMAGES } from '../operations/parameters/imageSources';
import { readItemSettings, type ItemSettings } from '../operations/parameters/itemSettings';
import { readImageOperation } from '../operations/parameters/readOperation';
import { readOptions } from '../operations/parameters/options';
import type { Run } from './run';
import { withToolDefaults } from '../operations/parameters/toolDefaults';

/** What one input item asks for, checked as far as that is possible without paying. */
export interface ItemRequest {
	itemIndex: number;
	/** For file names: its own for each item of each run. */
	id: string;
	operation: string;
	/** For all images of the item, without `n`. */
	request: ApiRequest;
	settings: ItemSettings;
	/** The model the user set, when the fallback takes its place. */
	fallbackFor?: string;
	/** What the user should know, though it can be done. */
	warning?: string;
}

/**
 * Reads and checks the parameters and inputs of one item.
 *
 * @throws NodeOperationError that names field and item; {@link RequestFailure} `input` when n8n's store takes longer
 *   than the item's Timeout, `store` when n8n cannot store anything; the reason of the stop
 */
export async function buildRequest(run: Run, itemIndex: number): Promise<ItemRequest> {
	const { context, connection, execution } = run;
	const { operation, work } = readImageOperation(context, itemIndex);
	const options = readOptions(context, itemIndex);
	const isTool = agentToolOf(context) !== undefined;
	const settings = withToolDefaults(run, readItemSettings(options, isTool));
	const { lookUpModel } = connection;
	const deadline = new Deadline(execution, settings.timeoutMs, NOT_READ);
	try {
		const given = { options, lookUpModel, signal: deadline.signal };
		const request = await deadline.race(work.request(context, itemIndex, given));
		const asked = { itemIndex, id: newId(), operation: operation.value, request, settings };
		// The fallback may have to take the place of a model before anything else can be said.
		const item = { ...asked, ...checkLifecycle(run, asked) };
		const problem =
			findProblem(
				{
					fields: item.request.fields,
					images: settings.images,
					hasMask: request.mask !== undefined,
					hasMarkup: request.markup !== undefined,
					isStreamed: settings.partialImages !== undefined,
					isInSeries: run.settings.consistency !== undefined,
				},
				lookUpModel,
			) ??
			budgetProblem(run, item) ??
			seriesProblem(run, item) ??
			(await deadline.race(linkProblem(run, item)));
		if (problem) throw parameterError(context, itemIndex, problem.problem, problem.remedy);
		return item;
	} finally {
		deadline.end();
	}
}

/** Eight characters: the chance that two of ten thousand are the same is 1 in 50,000. */
const newId = () =>
	randomInt(36 ** 8)
		.toString(36)
		.padStart(8, '0');

/** What it means when a picture of an item is not read in time. */
export const NOT_READ = { kind: 'input', reason: "n8n's binary storage did not answer" } as const;

/** @returns what changes in an item's request when its fallback model takes over */
export function withModel(request: ApiRequest, model: string, reason: string) {
	return {
		request: { ...request, fields: { ...request.fields, model } },
		fallbackFor: String(request.fields.model),
		warning: `${reason}, so ${model} was used. Set it as Model.`,
	};
}

/** @returns how many images one of an item's calls asks for */
export const imagesOf = ({ settings }: ItemRequest, call: number) =>
	settings.imagesPerCall[call] ?? 1;

/** @returns the request of one of an item's calls, with `n` and, for previews, `stream` */
export function callOf(item: ItemRequest, call: number): ApiRequest {
	const { request, settings } = item;
	const { partialImages } = settings;
	const n = imagesOf(item, call);
	return {
		...request,
		fields: {
			...request.fields,
			...(n > 1 && { n }),
			...(partialImages !== undefined && { stream: true, partial_images: partialImages }),
		},
	};
}

/**
 * @param call which of the item's calls, from 0
 * @param position number of an image in the call's answer, from 0
 * @returns the number of the image among all of its item, from 0; images beyond what was asked for come last
 */
export function imageIndexOf(item: ItemRequest, call: number, position: number): number {
	const { images, imagesPerCall } = item.settings;
	const beyond = position - imagesOf(item, call);
	if (beyond >= 0) return images + call * MAX_IMAGES_PER_REQUEST + beyond;
	return imagesPerCall.slice(0, call).reduce((sum, count) => sum + count, 0) + position;
}

/** @returns the prompt of an item without its Style, which all items have in common */
export function promptOf({ request, settings: { style } }: ItemRequest): string {
	const text = String(request.fields.prompt);
	return style ? text.slice(0, -style.length) : text;
}

/**
 * @param call which of the item's calls, from 0
 * @returns what names an image of a call, from its number in it (from 0), or one of its previews (from 1)
 */
export function fileNamesOf(item: ItemRequest, call: number) {
	const { itemIndex, settings, request } = item;
	const { fields } = request;
	const prompt = promptOf(item);
	return (position: number, { format, dimensions }: IncomingImage, preview?: number) =>
		imageFileName(settings.fileName, {
			prompt,
			item: itemIndex,
			id: item.id,
			index: imageIndexOf(item, call, position),
			images: settings.images,
			dimensions,
			size: fields.size,
			model: String(fields.model),
			preview,
			now: Date.now(),
			extension: format.extension,
		});
}

function checkLifecycle(
	{ context, connection: { lookUpModel } }: Run,
	{ itemIndex, request, settings }: ItemRequest,
): Partial<ItemRequest> {
	const model = String(request.fields.model);
	const life = lifecycleOf(lookUpModel(model), Date.now());
	if (life.state === 'alive') return {};
	if (life.state === 'retiring') {
		return {
			warning: `${model} shuts down on ${life.date}. Choose ${life.replacement} before that day.`,
		};
	}
	const { fallbackModel } = settings;
	const isAlive = (other: string) =>
		lifecycleOf(lookUpModel(other), Date.now()).state !== 'shutDown';
	if (fallbackModel !== undefined && isAlive(fallbackModel)) {
		return withModel(request, fallbackModel, `${model} was shut down on ${life.date}`);
	}
	throw parameterError(
		context,
		itemIndex,
		`Model ${model} was shut down on ${life.date}`,
		`Choose ${life.replacement} as Model.`,
	);
}

/** @returns why the run cannot be kept below what it may cost */
function budgetProblem(
	{ settings: { maxCost }, estimator }: Run,
	{ request, settings }: ItemRequest,
): Problem | undefined {
	if (maxCost === undefined) return undefined;
	if (request.fields.output_format === 'svg') {
		return {
			problem: 'Maximum Cost per Run does not go with Output Format SVG',
			remedy:
				'The model that writes the SVG is charged at prices of its own. Remove Maximum Cost per Run, or choose another Output Format.',
		};
	}
	const models = [request.fields.model, settings.fallbackModel ?? request.fields.model];
	const unpriced = models.find((model) => !estimator.prices(model, settings.prices));
	if (unpriced === undefined) return undefined;
	return {
		problem: `Maximum Cost per Run needs prices, and those of ${String(unpriced)} are not known`,
		remedy: 'Add Prices under Run Options.',
	};
}

/** @returns why the images of a series are more than an edit takes */
function seriesProblem({ series }: Run, { itemIndex, request }: ItemRequest): Problem | undefined {
	const own = request.images.length;
	const earlier = series.expected(itemIndex).length;
	if (own + earlier <= MAX_INPUT_IMAGES) return undefined;
	return {
		problem: `Images has ${own} images, and Keep Consistent Across Items adds ${earlier}`,
		remedy: `One edit takes up to ${MAX_INPUT_IMAGES} images. Remove rows of Images.`,
	};
}

/** @returns why n8n cannot make a link that was asked for */
async function linkProblem(
	{ context, canLink }: Run,
	{ settings: { linkMinutes } }: ItemRequest,
): Promise<Problem | undefined> {
	if (linkMinutes === undefined || (await canLink())) return undefined;
	// Tools have a link from the start; an agent is told that there is none.
	if (agentToolOf(context) !== undefined) return undefined;
	return {
		problem: 'Temporary Link is not possible on this n8n server',
		remedy:
			'n8n keeps binary data in memory here, or is too old to sign links. Set N8N_DEFAULT_BINARY_DATA_MODE of the server to filesystem (queue mode: database), or remove the option and upload the image to a storage node.',
	};
}
