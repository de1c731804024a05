import type { FastifyInstance, FastifyRequest } from 'fastify';

import { jsonAnswer, type Answer } from './answer';
import { ApiError } from './apiError';
import { batchEndpoints } from './batches/endpoints';
import type { BatchStore } from './batches/store';
import { route, type EndpointContext, type Endpoint } from './endpoint';
import type { FileEndpoints } from './files/endpoints';
import { imageEndpoint, type ImagesContext } from './images';
import { listModels, retrieveModel } from './models';
import { Exchange } from './exchange';
import { failure, send } from './send';

/** OpenAI's own path, and Azure's. */
const PREFIXES = ['/v1', '/openai/v1'];

/** Azure's older path, which wants an API version and names the model in the path. */
const DEPLOYMENTS = '/openai/deployments/:deployment';

/** What is behind the routes. */
export interface Served {
	context: ImagesContext;
	files: FileEndpoints;
	batches: BatchStore;
	today: string;
}

/** Adds all paths of the API. */
export function addRoutes(
	app: FastifyInstance,
	shared: EndpointContext,
	{ context, files, batches: store, today }: Served,
): void {
	const generate = route(shared, imageEndpoint('generate', context));
	const edit = route(shared, imageEndpoint('edit', context));
	const batches = batchEndpoints(store);
	const listed = models(() => ({ object: 'list', data: listModels(today) }));
	const described = models(({ url }) => retrieveModel(lastSegment(url), today));
	for (const prefix of PREFIXES) {
		app.get(`${prefix}/models`, route(shared, listed));
		app.get(`${prefix}/models/*`, route(shared, described));
		app.post(`${prefix}/images/generations`, generate);
		app.post(`${prefix}/images/edits`, edit);
	}
	app.post(`${DEPLOYMENTS}/images/generations`, generate);
	app.post(`${DEPLOYMENTS}/images/edits`, edit);
	for (const prefix of [...PREFIXES, '/openai']) {
		app.post(`${prefix}/files`, route(shared, files.create));
		app.get(`${prefix}/files`, route(shared, files.list));
		app.get(`${prefix}/files/:id`, route(shared, files.retrieve));
		app.get(`${prefix}/files/:id/content`, route(shared, files.content));
		app.delete(`${prefix}/files/:id`, route(shared, files.remove));
		app.post(`${prefix}/batches`, route(shared, batches.create));
		app.get(`${prefix}/batches`, route(shared, batches.list));
		app.get(`${prefix}/batches/:id`, route(shared, batches.retrieve));
		app.post(`${prefix}/batches/:id/cancel`, route(shared, batches.cancel));
	}
	app.setNotFoundHandler(async (request, reply) => {
		reply.hijack();
		const exchange = new Exchange(request.raw, reply.raw);
		shared.traffic.requests.push(exchange.received);
		const answer = await Promise.resolve(request)
			.then((asked) => {
				shared.authorise(asked.headers);
				return unknownUrl(asked);
			})
			.catch(failure);
		await send(exchange, answer, {});
	});
}

function models(answer: (request: FastifyRequest) => object): Endpoint<undefined> {
	return {
		name: 'models',
		read: async () => await Promise.resolve(undefined),
		act: async (_body, request) => await Promise.resolve(jsonAnswer(200, answer(request))),
	};
}

function lastSegment(url: string): string {
	const { pathname } = new URL(url, 'http://simulator');
	return decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1));
}

function unknownUrl({ method, url }: FastifyRequest): Answer {
	const message = `Invalid URL (${method} ${url})`;
	throw new ApiError(404, {
		error: { message, type: 'invalid_request_error', param: null, code: null },
	});
}
