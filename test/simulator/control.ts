import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Batches } from './batches/control';
import { isRecord } from './body';
import { isFaultCode } from './errors';
import type { FaultQueue } from './faults';
import { isGatewayName } from './gateways';
import type { Files } from './files/control';
import type { Ledger } from './ledger';
import { queryOf } from './page';
import type { Studio } from './studio';
import type { Traffic } from './traffic';
import type { Fault, ReceivedRequest } from './types';

/** What the control endpoints steer. */
export interface Controlled {
	traffic: Traffic;
	faults: FaultQueue;
	studio: Studio;
	ledger: Ledger;
	files: Files;
	batches: Batches;
	advance(ms: number): void;
	reset(): void;
}

/**
 * Adds `/control/…`, by which another process steers the simulator, and `/files/…`, where made
 * images can be fetched. Neither needs a key or is recorded.
 */
export function addControl(
	app: FastifyInstance,
	{ traffic, faults, studio, ledger, files, batches, advance, reset }: Controlled,
): void {
	app.post('/control/misbehave', async (request, reply) => {
		const queued = await readJson(request).catch(() => undefined);
		if (!Array.isArray(queued) || !queued.every(isFault)) {
			return await reply.code(400).send({ error: 'Expected a JSON array of faults.' });
		}
		faults.add(queued);
		return { queued: queued.length };
	});
	app.post('/control/reset', () => {
		reset();
		return { reset: true };
	});
	app.get('/control/requests', () => traffic.requests.map(withoutBytes));
	app.get('/control/stats', () => traffic.stats());
	app.get('/control/paid', () => ledger.paid);
	app.get('/control/files', async () => await files.existing());
	app.get('/control/batches', async () => await batches.all());
	app.post('/control/advance', ({ url }) => {
		advance(Number(queryOf(url).get('ms')));
		return { advanced: true };
	});
	app.post('/control/batches/progress', async ({ url }) => {
		const query = queryOf(url);
		await batches.progress(Number(query.get('finished')), query.get('id') ?? undefined);
		return await batches.all();
	});
	app.post('/control/batches/finish', async ({ url }) => {
		await batches.finish(queryOf(url).get('id') ?? undefined);
		return await batches.all();
	});
	app.post('/control/batches/fail', async ({ url }) => {
		await batches.fail({}, queryOf(url).get('id') ?? undefined);
		return await batches.all();
	});
	app.post('/control/batches/expire', async ({ url }) => {
		await batches.expire(queryOf(url).get('id') ?? undefined);
		return await batches.all();
	});
	app.get('/files/*', async ({ url }, reply: FastifyReply) => {
		const image = studio.images.find(({ sha256 }) => url.endsWith(sha256));
		if (!image?.bytes) return await reply.code(404).send();
		const type = image.format === 'svg' ? 'svg+xml' : image.format;
		return await reply.type(`image/${type}`).send(image.bytes);
	});
}

async function readJson({ raw }: FastifyRequest): Promise<unknown> {
	const chunks: Buffer[] = [];
	for await (const chunk of raw) chunks.push(chunk);
	return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/** A promise cannot come from another process. */
const FAULT_KEYS: Record<Exclude<keyof Fault, 'until'>, true> = {
	times: true,
	on: true,
	effect: true,
	resetAfterRequestBytes: true,
	answerDelayMs: true,
	status: true,
	headers: true,
	body: true,
	code: true,
	retryAfter: true,
	retryAfterMs: true,
	shouldRetry: true,
	redirect: true,
	early: true,
	delayMs: true,
	stallAfterBytes: true,
	resetAfterBytes: true,
	truncateAfterBytes: true,
	wrongContentLength: true,
	chunkBytes: true,
	pauseMs: true,
	garbage: true,
	escapeSlashes: true,
	dataUrlPrefix: true,
	whitespace: true,
	usageFirst: true,
	as: true,
	encoding: true,
	errorEvent: true,
	omitCompleted: true,
	done: true,
};

function isFault(value: unknown): value is Fault {
	if (!isRecord(value) || !Object.keys(value).every((key) => key in FAULT_KEYS)) return false;
	if (value.as !== undefined && !isGatewayName(value.as)) return false;
	return [value.code, value.errorEvent].every((code) => code === undefined || isFaultCode(code));
}

function withoutBytes({ files, ...request }: ReceivedRequest) {
	return { ...request, files: files.map((file) => ({ ...file, bytes: undefined })) };
}
