import multipart from '@fastify/multipart';
import fastify, { type FastifyRequest } from 'fastify';

import { authorise } from './auth';
import { batchesControl } from './batches/control';
import { BatchStore } from './batches/store';
import { Clock } from './clock';
import { addControl } from './control';
import { drawSample } from './draw';
import type { EndpointContext } from './endpoint';
import { FaultQueue } from './faults';
import { GeneratedContent } from './files/content';
import { filesControl } from './files/control';
import { fileEndpoints } from './files/endpoints';
import { FileStore } from './files/store';
import type { ImagesContext } from './images';
import { Ledger } from './ledger';
import { Limits } from './limits';
import { addRoutes } from './routes';
import { parseSize } from './sizes';
import { Studio } from './studio';
import { Traffic } from './traffic';
import type { Simulator, SimulatorOptions } from './types';

const DEFAULT_IMAGE_BYTES = 1_000_000;

const STAGES = {
	validatingMs: 60_000,
	workMs: 600_000,
	finalizingMs: 60_000,
	cancellingMs: 600_000,
};

/**
 * Starts a local OpenAI Images API, with files and batches, on 127.0.0.1.
 * @returns its address and everything it received and made
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const { apiKey = 'sk-simulator', draw = 'picture', imageBytes = DEFAULT_IMAGE_BYTES } = options;
	const today = options.today ?? new Date().toISOString().slice(0, 10);
	const ledger = new Ledger();
	const clock = new Clock(options.clockSpeed ?? 1);
	const store = new FileStore(clock, ledger, options.filesFolder);
	const traffic = new Traffic(ledger);
	const faults = new FaultQueue();
	const context: ImagesContext = {
		studio: new Studio(draw === 'noise' ? imageBytes : undefined),
		limits: new Limits(options, clock),
		ledger,
		rules: { today, autoSize: parseSize(options.autoSize ?? '1024x1024') },
		keepAll: draw === 'picture',
		delayMs: options.delayMs ?? 0,
		partialPauseMs: options.partialPauseMs ?? 0,
		readFile: async (id) => await store.read(store.find(id).id),
	};
	const batchContext = {
		...context,
		readGoneFile: async (id: string) => await store.read(id),
		store,
		stages: { ...STAGES, ...options.batchStages },
		everyModel: options.batchEveryModel ?? false,
	};
	const batches = new BatchStore(batchContext, options.batchesPerHour);
	const files = fileEndpoints(store, ledger, options.uploadsPerMinute);
	const { studio, limits } = context;
	const reset = () => {
		traffic.reset();
		faults.clear();
		limits.reset();
		ledger.reset();
		clock.reset();
		batches.reset();
		files.reset();
		store.reset();
		studio.images.length = 0;
		for (const id of options.sampleFiles ?? []) addSample(store, id);
	};
	reset();

	const app = fastify({ forceCloseConnections: true, bodyLimit: Number.MAX_SAFE_INTEGER });
	app.server.on('connection', (socket) => traffic.connected(socket));
	app.removeAllContentTypeParsers();
	// Bodies are read by the handlers, piece by piece.
	app.addContentTypeParser('*', (_request, _payload, done) => done(null));
	await app.register(multipart, {
		limits: { fileSize: Infinity, fieldSize: Infinity, parts: 1000 },
	});
	const control = {
		files: filesControl(store),
		batches: batchesControl(batches),
		advance: (ms: number) => clock.advance(ms),
	};
	addControl(app, { ...control, traffic, faults, studio, ledger, reset });
	const shared: EndpointContext = {
		traffic,
		faults,
		authorise: (headers: FastifyRequest['headers']) => authorise(headers, apiKey),
	};
	addRoutes(app, shared, { context, files, batches, today });
	const origin = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
	return {
		url: `${origin}/v1`,
		apiKey,
		requests: traffic.requests,
		images: studio.images,
		paid: ledger.paid,
		...control,
		misbehave: (...queued) => faults.add(queued),
		reset,
		openSockets: () => traffic.openSockets(),
		stats: () => traffic.stats(),
		close: async () => {
			await app.close();
			store.reset();
		},
	};
}

/** A file that stands for a picture of its id; for a mask, if the id says so. */
function addSample(store: FileStore, id: string): void {
	const content = new GeneratedContent(async function* () {
		yield await drawSample(id, id.includes('mask'));
	});
	store.add({ id, filename: `${id}.png`, purpose: 'vision', content }, undefined);
}
