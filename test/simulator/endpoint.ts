import type { FastifyReply, FastifyRequest } from 'fastify';

import { delay, events } from '../node';
import type { Answer } from './answer';
import { refusal, type FaultQueue } from './faults';
import { Exchange } from './exchange';
import { failure, send } from './send';
import type { Traffic } from './traffic';
import type { Fault } from './types';

/** The endpoints a fault can wait for. */
export type EndpointName =
	| 'images.generate'
	| 'images.edit'
	| 'files.create'
	| 'files.list'
	| 'files.retrieve'
	| 'files.content'
	| 'files.delete'
	| 'batches.create'
	| 'batches.list'
	| 'batches.retrieve'
	| 'batches.cancel'
	| 'models';

/** One endpoint in two steps, so that a fault can come before, between and after them. */
export interface Endpoint<Body> {
	name: EndpointName;
	/** Reads the request body. @throws ApiError */
	read(request: FastifyRequest, exchange: Exchange): Promise<Body>;
	/** Does what was asked. @throws ApiError */
	act(body: Body, request: FastifyRequest, exchange: Exchange, fault: Fault): Promise<Answer>;
}

/** What all endpoints share. */
export interface EndpointContext {
	traffic: Traffic;
	faults: FaultQueue;
	/** @throws ApiError 401 */
	authorise(headers: FastifyRequest['headers']): void;
}

type Route = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** The route of an endpoint: records the request, answers it, or does what the next fault says. */
export function route<Body>(
	{ traffic, faults, authorise }: EndpointContext,
	endpoint: Endpoint<Body>,
): Route {
	return async (request, reply) => {
		reply.hijack();
		const exchange = new Exchange(request.raw, reply.raw);
		traffic.requests.push(exchange.received);
		if (endpoint.name.startsWith('images.')) traffic.imageRequest(exchange.signal);
		const fault = faults.take(endpoint.name);
		const answer = await respond(endpoint, request, exchange, fault, authorise).catch(failure);
		await send(exchange, answer, fault);
	};
}

const NOTHING: Answer = { status: 200, headers: {}, body: [] };

async function respond<Body>(
	{ read, act }: Endpoint<Body>,
	request: FastifyRequest,
	exchange: Exchange,
	fault: Fault,
	authorise: EndpointContext['authorise'],
): Promise<Answer> {
	const refused = refusal(fault);
	if (fault.early) return refused ?? NOTHING;
	const { resetAfterRequestBytes, delayMs, until, answerDelayMs } = fault;
	if (resetAfterRequestBytes !== undefined) {
		exchange.cutAfterRequestBytes(request.raw, resetAfterRequestBytes);
	}
	const reading = read(request, exchange);
	// Like the API, look at the key before the content, but record the whole request.
	await reading.catch(() => undefined);
	const { signal } = exchange;
	if (resetAfterRequestBytes !== undefined && !signal.aborted) {
		// Also when the body was shorter than that.
		exchange.cut();
		await events.once(signal, 'abort');
	}
	signal.throwIfAborted();
	authorise(request.headers);
	const body = await reading;
	if (delayMs) await delay(delayMs, undefined, { signal });
	if (until) await Promise.race([until, events.once(signal, 'abort')]);
	signal.throwIfAborted();
	const { effect = refused === undefined } = fault;
	const answer = effect ? await act(body, request, exchange, fault) : NOTHING;
	if (answerDelayMs) await delay(answerDelayMs, undefined, { signal });
	return refused ?? answer;
}
