import multipart from '@fastify/multipart';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';

import { jsonAnswer, type Answer } from './answer';
import { authorise } from './auth';
import { addControl } from './control';
import { ApiError } from './apiError';
import { FaultQueue } from './faults';
import { answerImages, type ImagesContext } from './images';
import { Limits } from './limits';
import { listModels, retrieveModel } from './models';
import { Exchange } from './record';
import { failure, send } from './send';
import { Studio } from './studio';
import { Traffic } from './traffic';
import type { Simulator, SimulatorOptions } from './types';
import type { Operation } from './validate';

/** OpenAI's own path, and Azure's. */
const PREFIXES = ['/v1', '/openai/v1'];

const DEFAULT_IMAGE_BYTES = 1_000_000;

/**
 * Starts a local OpenAI Images API on 127.0.0.1.
 * @returns its address and everything it received and made
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const { apiKey = 'sk-simulator', draw = 'picture', imageBytes = DEFAULT_IMAGE_BYTES } = options;
	const traffic = new Traffic();
	const faults = new FaultQueue();
	const context: ImagesContext = {
		studio: new Studio(draw === 'noise' ? imageBytes : undefined),
		limits: new Limits(options),
		today: options.today ?? new Date().toISOString().slice(0, 10),
		keepAll: draw === 'picture',
		delayMs: options.delayMs ?? 0,
		partialPauseMs: options.partialPauseMs ?? 0,
		authorise: (headers) => authorise(headers, apiKey),
	};
	const { studio, limits, today } = context;
	const reset = () => {
		traffic.reset();
		faults.clear();
		limits.reset();
		studio.images.length = 0;
	};

	const simple =
		(answer: (request: FastifyRequest) => Answer) =>
		async (request: FastifyRequest, reply: FastifyReply) => {
			reply.hijack();
			const exchange = new Exchange(request.raw, reply.raw);
			traffic.requests.push(exchange.received);
			const answered = await Promise.resolve(request)
				.then((authorised) => {
					authorise(authorised.headers, apiKey);
					return answer(authorised);
				})
				.catch(failure);
			await send(exchange, answered, {});
		};
	const images = (operation: Operation) => async (request: FastifyRequest, reply: FastifyReply) => {
		reply.hijack();
		const exchange = new Exchange(request.raw, reply.raw);
		traffic.requests.push(exchange.received);
		traffic.imageRequest(exchange.signal);
		const fault = faults.take();
		const answered = await answerImages(operation, request, exchange, fault, context).catch(
			failure,
		);
		await send(exchange, answered, fault);
	};

	const app = fastify({ forceCloseConnections: true, bodyLimit: Number.MAX_SAFE_INTEGER });
	app.server.on('connection', (socket) => traffic.connected(socket));
	app.removeAllContentTypeParsers();
	// Bodies are read by the handlers, piece by piece.
	app.addContentTypeParser('*', (_request, _payload, done) => done(null));
	await app.register(multipart, {
		limits: { fileSize: Infinity, fieldSize: Infinity, parts: 1000 },
	});
	addControl(app, { traffic, faults, studio, reset });
	for (const prefix of PREFIXES) {
		app.get(
			`${prefix}/models`,
			simple(() => jsonAnswer(200, { object: 'list', data: listModels(today) })),
		);
		app.get(
			`${prefix}/models/*`,
			simple(({ url }) => jsonAnswer(200, retrieveModel(lastSegment(url), today))),
		);
		app.post(`${prefix}/images/generations`, images('generate'));
		app.post(`${prefix}/images/edits`, images('edit'));
	}
	app.setNotFoundHandler(simple(unknownUrl));
	const origin = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
	return {
		url: `${origin}/v1`,
		apiKey,
		requests: traffic.requests,
		images: studio.images,
		misbehave: (...queued) => faults.add(queued),
		reset,
		openSockets: () => traffic.openSockets(),
		stats: () => traffic.stats(),
		close: async () => await app.close(),
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
