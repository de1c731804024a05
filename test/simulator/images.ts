import type { FastifyRequest } from 'fastify';

import { delay } from '../node';
import { imagesAnswer, type Answer } from './answer';
import { readBody } from './body';
import { apiError } from './apiError';
import { refusal } from './faults';
import { garbageAnswer } from './garbage';
import { jsonInputs, multipartInputs, withoutImages, type InputImages } from './inputs';
import type { Limits } from './limits';
import { fromForm, type RawParameters } from './parameters';
import type { Exchange } from './record';
import { streamAnswer } from './stream';
import type { Made, Studio } from './studio';
import type { Fault, ReceivedRequest } from './types';
import { validate, type ImageRequest, type Operation } from './validate';

/** What the image endpoints share. */
export interface ImagesContext {
	studio: Studio;
	limits: Limits;
	/** YYYY-MM-DD: decides which models run. */
	today: string;
	/** Whether request bytes are kept. */
	keepAll: boolean;
	delayMs: number;
	partialPauseMs: number;
	/** @throws ApiError 401 */
	authorise(headers: FastifyRequest['headers']): void;
}

interface Asked {
	request: ImageRequest;
	inputs: InputImages;
}

/**
 * Answers an image request the way the API would, or the way a fault replaces that.
 * @throws ApiError with the API's own error
 */
export async function answerImages(
	operation: Operation,
	request: FastifyRequest,
	exchange: Exchange,
	fault: Fault,
	context: ImagesContext,
): Promise<Answer> {
	const { received, signal } = exchange;
	const refused = refusal(fault);
	if (fault.early) return refused ?? { status: 200, headers: {}, body: [] };
	const body = readBody(request, received, context.keepAll);
	// Like the API, look at the key before the content, but record the whole request.
	await body.catch(() => undefined);
	context.authorise(request.headers);
	const raw = await body;
	if (fault.delayMs) await delay(fault.delayMs, undefined, { signal });
	if (refused) return refused;
	const asked = await understand(operation, raw, received, context.today);
	const limitHeaders = context.limits.take(asked.request.n);
	// Where made images can be fetched.
	const filesUrl = `http://${request.host}/files`;
	const answer = await fulfil(asked, exchange, fault, { ...context, filesUrl });
	return { ...answer, headers: { ...limitHeaders, ...answer.headers } };
}

async function understand(
	operation: Operation,
	raw: RawParameters,
	received: ReceivedRequest,
	today: string,
): Promise<Asked> {
	const isForm = received.fields !== undefined;
	if (operation === 'generate') {
		if (isForm) {
			throw apiError('invalid_value', {
				code: 'unsupported_content_type',
				param: undefined,
				message:
					"Unsupported content type: 'multipart/form-data'. This API method only accepts 'application/json' requests.",
			});
		}
		return { request: moderated(validate(operation, raw, today)), inputs: { images: [] } };
	}
	const { others, images } = withoutImages(raw);
	const request = validate(operation, isForm ? fromForm(others) : others, today);
	const inputs = isForm
		? await multipartInputs(received.files, images, request)
		: await jsonInputs(images, request);
	return { request: moderated(request), inputs };
}

/** @throws ApiError 400 `moderation_blocked` for prompts marked with `[moderation]` */
function moderated(request: ImageRequest): ImageRequest {
	if (request.prompt.includes('[moderation]')) throw apiError('moderation_blocked');
	return request;
}

async function fulfil(
	{ request, inputs }: Asked,
	{ signal }: Exchange,
	fault: Fault,
	{ studio, delayMs, partialPauseMs, filesUrl }: ImagesContext & { filesUrl: string },
): Promise<Answer> {
	if (request.stream && !fault.garbage) {
		return streamAnswer(request, inputs, studio, fault, { delayMs, partialPauseMs, signal });
	}
	if (delayMs > 0) await delay(delayMs, undefined, { signal });
	const images: Made[] = [];
	for (let index = 0; index < request.n; index += 1) {
		signal.throwIfAborted();
		images.push(await studio.make(request, inputs, index));
	}
	if (fault.garbage) return garbageAnswer(fault.garbage, `${filesUrl}/${images[0]?.sha256}`);
	return imagesAnswer(request, inputs, images, fault);
}
