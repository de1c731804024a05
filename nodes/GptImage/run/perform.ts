import { basisOf, costOf, round } from '../cost/tokenCost';
import { reportTokens } from '../cost/tokenReport';
import type { RequestFailure } from '../errors/failure';
import type { Facts, MadeImage } from '../images/output/items';
import { makeLink } from '../images/output/link';
import { attemptRequest, type Attempt } from '../openai/retry/attempt';
import { requestWithRetries, type RequestOutcome } from '../openai/retry/requestWithRetries';
import type { ApiRequest } from '../openai/request';
import {
	callOf,
	fileNamesOf,
	imageIndexOf,
	imagesOf,
	withModel,
	type ItemRequest,
} from './buildRequest';
import type { Run } from './run';
import { filesOf, withImages, type Reference } from './series';
import { counted } from '../values';

/** What came of one call of an item's request. */
export interface Performed {
	/** In the order of the answer; there may be some although it failed. */
	images: MadeImage[];
	failure?: RequestFailure;
	/** What the user should know, though there are images. */
	warnings: string[];
}

/**
 * Makes one of the calls of an item's request, with the fallback model if the API no longer has the first.
 *
 * @param call which of its calls, from 0
 * @param references images of earlier items to go along
 * @throws the reason of the stop that ended it; {@link RequestFailure} `budget`
 */
export async function perform(
	run: Run,
	item: ItemRequest,
	call: number,
	references: Reference[],
): Promise<Performed> {
	const request = await requestOf(run, item, call, references);
	const { outcome, cost } = await withinBudget(run, item, request, async () => {
		return await send(run, item, call, request);
	});
	const { failure, images } = outcome.attempt;
	const { fallbackModel } = item.settings;
	if (failure && fallbackModel !== undefined && !item.fallbackFor && isModelGone(failure)) {
		const reason = `The API does not have ${String(item.request.fields.model)}`;
		const fallback = { ...item, ...withModel(item.request, fallbackModel, reason) };
		return await perform(run, fallback, call, references);
	}
	if (images.length > 0) reportTokens(run.context, outcome.attempt.fields.usage);
	const made = madeImages(run, item, call, { ...outcome, cost, references });
	return { images: made, failure, warnings: failure ? [] : warningsOf(item, call, made) };
}

/** @returns the request of one of an item's calls, with images of earlier items behind its own */
export async function requestOf(
	{ context }: Run,
	item: ItemRequest,
	call: number,
	references: Reference[],
): Promise<ApiRequest> {
	return withImages(callOf(item, call), await filesOf(context, references));
}

/** Only a refusal that names the model, and certainly cost nothing, is worth paying for another. */
const isModelGone = ({ details, billing }: RequestFailure) =>
	billing === 'no' && details.kind === 'api' && details.class === 'model';

/** What came of a request, and what it cost. */
interface Paid {
	outcome: RequestOutcome;
	/** USD; `undefined` where no right number can be given. */
	cost?: number;
}

/** Sets money aside for a request, if the run has a budget, and books what it cost. */
async function withinBudget(
	{ budget, estimator, noNewRequests }: Run,
	{ settings: { prices: own } }: ItemRequest,
	request: ApiRequest,
	work: () => Promise<RequestOutcome>,
): Promise<Paid> {
	const estimate = () => estimator.estimate(request, own)?.usd;
	const reservation = await budget?.reserve(estimate, noNewRequests);
	// What throws was never sent, or the run is over.
	let booked: number | undefined = 0;
	try {
		const outcome = await work();
		const { attempt, perhapsBilled } = outcome;
		estimator.learn(request, attempt.fields.usage);
		const cost = costOf(attempt.fields, estimator.prices(request.fields.model, own));
		const last = attempt.billing === 'no' ? 0 : (cost ?? estimate());
		booked = last === undefined ? undefined : last + perhapsBilled * (estimate() ?? 0);
		return { outcome, cost };
	} finally {
		reservation?.settle(booked);
	}
}

async function send(
	run: Run,
	item: ItemRequest,
	call: number,
	request: ApiRequest,
): Promise<RequestOutcome> {
	const { settings } = item;
	const images = imagesOf(item, call);
	return await requestWithRetries(
		{ ...settings, images },
		run.rateLimiter,
		run,
		async (deadline) =>
			await attemptRequest(run.context, run.connection, request, {
				deadline,
				idleMs: settings.idleMs,
				images,
				keepPartials: settings.keepPartialImages,
				outputFormat: request.fields.output_format,
				keepRest: request.keepRest,
				fileName: fileNamesOf(item, call),
			}),
	);
}

/** @returns what the user should know of images that were made */
export function warningsOf(item: ItemRequest, call: number, made: MadeImage[]): string[] {
	const { warning, settings } = item;
	const asked = imagesOf(item, call);
	const count =
		made.length === asked
			? undefined
			: `The API made ${counted(made.length, 'image')} where ${asked} ${asked === 1 ? 'was' : 'were'} asked for.`;
	const isLinked = settings.linkMinutes === undefined || made.every(({ link }) => link);
	const link = isLinked ? undefined : 'n8n could not sign the link of an image.';
	const unkept = made.find(({ stored }) => stored.keepRestError !== undefined);
	const rest = unkept && `Keep the Rest Unchanged: ${unkept.stored.keepRestError}`;
	return [warning, count, link, rest].filter((one) => one !== undefined);
}

/** What is known of a call when its images are there. */
interface CallOutcome
	extends Pick<Paid, 'cost'>,
		Pick<RequestOutcome, 'durationMs' | 'retries' | 'retryReasons' | 'waitedMs'> {
	attempt: Pick<Attempt, 'fields' | 'images' | 'partials' | 'requestId'>;
	references: Reference[];
}

/** Puts together what is said of the images of a call. */
export function madeImages(
	{ context }: Run,
	item: ItemRequest,
	call: number,
	{ attempt, cost, references, ...tries }: CallOutcome,
): MadeImage[] {
	const { images, partials, fields, requestId } = attempt;
	const { prices: own, linkMinutes } = item.settings;
	const facts: Facts = {
		operation: item.operation,
		request: item.request.fields,
		answer: fields,
		fallbackFor: item.fallbackFor,
		requestId,
		cost: cost === undefined ? undefined : round(cost / images.length),
		costBasis: cost === undefined ? undefined : basisOf(own !== undefined),
		imagesInRequest: images.length,
		references: references.map(tellReference),
		...tries,
	};
	return images.map((stored, index) => ({
		stored,
		partials: index === 0 ? partials : [],
		index: imageIndexOf(item, call, index),
		link: linkMinutes === undefined ? undefined : makeLink(context, stored.binary, linkMinutes),
		facts,
	}));
}

const tellReference = ({ itemIndex, stored }: Reference) => ({
	item: itemIndex,
	fileName: stored.binary.fileName,
});
