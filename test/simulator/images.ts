import type { FastifyRequest } from 'fastify';

import { delay } from '../node';
import { imagesAnswer, jsonAnswer, type Answer } from './answer';
import { readBody } from './body';
import type { Endpoint } from './endpoint';
import { garbageAnswer } from './garbage';
import type { FileReader } from './inputs';
import type { Ledger } from './ledger';
import type { Limits } from './limits';
import { queryOf } from './page';
import type { RawParameters } from './parameters';
import type { Exchange } from './exchange';
import { streamAnswer } from './stream';
import type { Made, Studio } from './studio';
import type { Fault } from './types';
import { understand, type Asked } from './understand';
import type { Operation, Rules } from './validate';

/** What the image endpoints and batches share. */
export interface ImagesContext {
	studio: Studio;
	limits: Limits;
	ledger: Ledger;
	rules: Rules;
	/** Whether request bytes are kept. */
	keepAll: boolean;
	delayMs: number;
	partialPauseMs: number;
	/** The bytes of a file of the account. */
	readFile: FileReader;
}

/** The endpoint of an operation. `model` in the path, as of an Azure deployment, is the default. */
export function imageEndpoint(
	operation: Operation,
	context: ImagesContext,
): Endpoint<RawParameters> {
	return {
		name: `images.${operation}`,
		read: async (request, { received }) => {
			const raw = await readBody(request, received, context.keepAll);
			const deployment = deploymentOf(request);
			return deployment === undefined ? raw : { model: deployment, ...raw };
		},
		act: async (raw, request, exchange, fault) => {
			if (deploymentOf(request) !== undefined && !queryOf(request.url).has('api-version')) {
				return jsonAnswer(404, { error: { code: '404', message: 'Resource not found' } });
			}
			const { rules, limits, ledger, readFile } = context;
			const { fields, files } = exchange.received;
			const form = fields && files;
			const asked = await understand(operation, raw, form, rules, readFile);
			const { prompt, n: images, model } = asked.request;
			const limitHeaders = limits.take({
				model: model.id,
				images,
				inputImages: asked.inputs.images.length,
			});
			// Where made images can be fetched.
			const filesUrl = `http://${request.host}/files`;
			const answer = await fulfil(asked, exchange, fault, { ...context, filesUrl });
			ledger.paid.push({ operation, model: model.id, prompt, images });
			return { ...answer, headers: { ...limitHeaders, ...answer.headers } };
		},
	};
}

function deploymentOf({ params }: FastifyRequest): string | undefined {
	if (typeof params !== 'object' || params === null || !('deployment' in params)) return undefined;
	return String(params.deployment);
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
