import type { MadeImage } from '../images/output/items';
import { makeLink } from '../images/output/link';
import { costOf } from '../cost/prices';
import type { ApiRequest } from '../openai/request';
import type { RequestFailure } from '../errors/failure';
import { redactAll } from '../errors/redact';
import { mayBeBilled } from '../openai/retry/retryDecision';
import { requestWithRetries, type RequestOutcome } from '../openai/retry/requestWithRetries';
import { attemptRequest, type Attempt } from '../openai/retry/attempt';
import { fileNamesOf, firstIndexOf, imagesOf, requestOf } from './part';
import { withModel, type ItemRequest } from './buildRequest';
import { partsOf, withImages, type Reference } from './series';
import type { Run } from './shared';
import { reportTokens } from '../cost/tokenReport';

/** What came of one request of an order. */
export interface Performed {
	/** In the order of the answer; there may be some although it failed. */
	images: MadeImage[];
	failure?: RequestFailure;
	warning?: string;
}

/**
 * Does one of the requests of an order, with the fallback model if the API no longer has the first.
 *
 * @param part which of its requests, from 0
 * @param references images of earlier items to go along
 * @throws the reason of the stop that ended it; {@link RequestFailure} `budget`
 */
export async function perform(
	run: Run,
	order: ItemRequest,
	part: number,
	references: Reference[],
): Promise<Performed> {
	const request = withImages(requestOf(order, part), await partsOf(run.context, references));
	const asked = await withBudget(run, order, request, async () => {
		return await askFor(run, order, part, request);
	});
	const { failure, images } = asked.attempt;
	const { fallbackModel } = order.settings;
	if (
		failure &&
		fallbackModel !== undefined &&
		order.fallbackFor === undefined &&
		isModelGone(failure)
	) {
		const reason = `The API does not have ${String(order.request.fields.model)}`;
		const fallback = { ...order, ...withModel(order.request, fallbackModel, reason) };
		return await perform(run, fallback, part, references);
	}
	if (images.length > 0) reportTokens(run.context, asked.attempt.fields.usage);
	return {
		images: toMade(run, order, part, asked, references),
		failure,
		warning: failure ? undefined : order.warning,
	};
}

const isModelGone = ({ details }: RequestFailure) =>
	details.kind === 'api' && ['model', 'address'].includes(details.class);

/** Sets money aside for a request, if the run has a budget, and books what it cost. */
async function withBudget(
	{ budget, estimator: quotes, noNewRequests: halt }: Run,
	{ settings: { prices: own } }: ItemRequest,
	request: ApiRequest,
	send: () => Promise<RequestOutcome>,
): Promise<RequestOutcome> {
	const estimate = () => quotes.estimate(request, own)?.usd;
	const reservation = await budget?.reserve(estimate, halt);
	// What throws was never sent, or the run is over.
	let cost: number | undefined = 0;
	try {
		const asked = await send();
		const { attempt, maybeBilled } = asked;
		quotes.learn(request, attempt.fields.usage);
		const last = isFree(attempt)
			? 0
			: (costOf(attempt.fields, quotes.prices(request.fields.model, own)) ?? estimate());
		cost = last === undefined ? undefined : last + maybeBilled * (estimate() ?? 0);
		return asked;
	} finally {
		reservation?.settle(cost);
	}
}

const isFree = ({ images, isPaidFor, failure }: Attempt) =>
	images.length === 0 && !isPaidFor && failure !== undefined && !mayBeBilled(failure);

async function askFor(
	run: Run,
	order: ItemRequest,
	part: number,
	request: ApiRequest,
): Promise<RequestOutcome> {
	const { settings } = order;
	const images = imagesOf(order, part);
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
				fileName: fileNamesOf(order, firstIndexOf(order, part), run.items),
			}),
	);
}

function toMade(
	{ context, connection, estimator: quotes }: Run,
	order: ItemRequest,
	part: number,
	{ attempt, ...asked }: RequestOutcome,
	references: Reference[],
): MadeImage[] {
	const { images, partials } = attempt;
	const { fields, requestId } = redactAll(
		{ fields: attempt.fields, requestId: attempt.requestId },
		connection.secrets,
	);
	const { prices, linkMinutes } = order.settings;
	const facts = {
		operation: order.operation,
		request: order.request.fields,
		answer: fields,
		fallbackFor: order.fallbackFor,
		requestId,
		prices: quotes.prices(order.request.fields.model, prices),
		hasOwnPrices: prices !== undefined,
		imagesInRequest: images.length,
		references: references.map(({ itemIndex, stored }) => ({
			item: itemIndex,
			fileName: stored.binary.fileName,
		})),
		...asked,
	};
	return images.map((stored, index) => ({
		stored,
		partials: index === 0 ? partials : [],
		index: firstIndexOf(order, part) + index,
		link: linkMinutes === undefined ? undefined : makeLink(context, stored.binary, linkMinutes),
		facts,
	}));
}
