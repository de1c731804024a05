import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { imageFileName } from '../images/fileName';
import type { MadeImage } from '../images/items';
import { familyOf } from '../models/catalogue';
import type { Arriving } from '../images/store';
import type { Connection } from '../openai/connection';
import type { RequestFailure } from '../openai/failure';
import { ask, type Asked, type Stops } from './ask';
import { attemptRequest } from './attempt';
import type { Pace } from './pace';
import { withModel, type Order } from './prepare';

/** What all requests of a run share. */
export interface Run extends Stops {
	context: IExecuteFunctions;
	connection: Connection;
	pace: Pace;
}

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
 * @throws the reason of the stop that ended it
 */
export async function perform(run: Run, order: Order, part: number): Promise<Performed> {
	const asked = await askFor(run, order, part);
	const { failure } = asked.attempt;
	const { fallbackModel } = order.settings;
	if (
		failure &&
		fallbackModel !== undefined &&
		order.fallbackFor === undefined &&
		isModelGone(failure)
	) {
		const reason = `The API does not have ${String(order.request.fields.model)}`;
		return await perform(
			run,
			{ ...order, ...withModel(order.request, fallbackModel, reason) },
			part,
		);
	}
	return {
		images: toMade(order, part, asked),
		failure,
		warning: failure ? undefined : order.warning,
	};
}

const isModelGone = ({ details: { kind, status, code } }: RequestFailure) =>
	kind === 'api' && (code === 'model_not_found' || status === 404 || status === 410);

async function askFor(run: Run, order: Order, part: number): Promise<Asked> {
	const { request, settings } = order;
	const { shares, partialImages } = settings;
	const share = shares[part] ?? 1;
	const fields: IDataObject = {
		...request.fields,
		...(share > 1 && { n: share }),
		...(partialImages !== undefined && { stream: true, partial_images: partialImages }),
	};
	const name = (index: number, { format, dimensions }: Arriving, preview?: number) =>
		imageFileName(settings.fileName, {
			prompt: String(fields.prompt),
			index: firstIndex(order, part) + index,
			count: settings.images,
			size: dimensions ? `${dimensions.width}x${dimensions.height}` : String(fields.size ?? 'auto'),
			model: String(fields.model),
			preview,
			now: Date.now(),
			extension: format.extension,
		});
	return await ask(
		{ ...settings, images: share },
		run.pace,
		run,
		async (deadline) =>
			await attemptRequest(
				run.context,
				run.connection,
				{ ...request, fields },
				{
					deadline,
					idleMs: settings.idleMs,
					images: share,
					keepPartials: settings.keepPartialImages,
					outputFormat: fields.output_format,
					fileName: name,
				},
			),
	);
}

function toMade(order: Order, part: number, { attempt, ...asked }: Asked): MadeImage[] {
	const { images, partials, fields, requestId } = attempt;
	const facts = {
		operation: order.operation,
		request: order.request.fields,
		answer: fields,
		fallbackFor: order.fallbackFor,
		requestId,
		prices: order.settings.prices ?? familyOf(String(order.request.fields.model))?.prices,
		hasOwnPrices: order.settings.prices !== undefined,
		imagesInRequest: images.length,
		...asked,
	};
	return images.map((stored, index) => ({
		stored,
		partials: index === 0 ? partials : [],
		index: firstIndex(order, part) + index,
		facts,
	}));
}

const firstIndex = ({ settings }: Order, part: number) =>
	settings.shares.slice(0, part).reduce((sum, share) => sum + share, 0);
