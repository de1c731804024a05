import type { IExecuteFunctions } from 'n8n-workflow';
import { isNotFound, RequestFailure } from '../errors/failure';
import { imageFileName } from '../images/output/fileName';
import type { IncomingImage } from '../images/output/store';
import { MAX_REQUESTS_PER_BATCH } from '../openai/batchRules';
import type { Batch } from '../openai/batches';
import type { ApiSession } from '../openai/callApi';
import { Download } from '../openai/download';
import { PATHS } from '../openai/request';
import { placeOf } from './customId';
import { hashOf } from './fingerprint';
import { readManifestLine, type ManifestEntry } from './manifest';
import { readMetadata } from './metadata';
import { readResults, type LineNames, type LineResult } from './results';
import { textLines } from './textLines';

/** A line of a batch with all that is known of it. */
export interface CollectedLine {
	customId: string;
	entry: ManifestEntry;
	/** `undefined` for a request the batch has not come to. */
	result?: LineResult;
}

/** What a batch has brought, in the order of the items it was made of. */
export interface Collected {
	lines: CollectedLine[];
	/** Requests nobody can name, since the manifest is gone: so many have no result. */
	unnamed: number;
}

/**
 * Fetches the results of a batch. Images are stored while they arrive, each once, whatever happens to the connection.
 *
 * @throws {RequestFailure} when a file cannot be had; the reason of the stop
 */
export async function collect(
	context: IExecuteFunctions,
	session: ApiSession,
	batch: Batch,
): Promise<Collected> {
	const manifest = await readManifest(session, batch);
	const unknown = (customId: string) => entryWithoutManifest(batch, customId);
	const entryOf = (customId: string) => manifest?.get(customId) ?? unknown(customId);
	const results = new Map<string, LineResult>();
	const isWanted = (customId: string) => {
		const before = results.get(customId);
		return before ? before.images.length === 0 : results.size < MAX_REQUESTS_PER_BATCH;
	};
	/** Requests that have a line in the output file. */
	let answered = 0;
	for (const fileId of [batch.outputFileId, batch.errorFileId]) {
		if (fileId === undefined) continue;
		const lines = readResults(context, session, fileId, namesBy(entryOf), isWanted);
		for await (const result of unlessGone(lines)) {
			// Of two lines for a request the one with images counts.
			const isFirst = !results.has(result.customId);
			if (isFirst || result.images.length > 0) results.set(result.customId, result);
		}
		if (fileId === batch.outputFileId) answered = results.size;
	}
	// A batch that is completed has a line for each request, and each that it counts as completed is paid for.
	const isLost = batch.status === 'completed' || answered < batch.counts.completed;
	const customIds = new Set([...(manifest?.keys() ?? []), ...results.keys()]);
	if (isLost && customIds.size === 0) throw lost();
	const lines = [...customIds].map((customId) => ({
		customId,
		entry: entryOf(customId),
		result: results.get(customId) ?? (isLost ? lostLine(customId) : undefined),
	}));
	lines.sort(
		(a, b) =>
			a.entry.item - b.entry.item ||
			a.entry.first - b.entry.first ||
			a.customId.localeCompare(b.customId, 'en', { numeric: true }),
	);
	return { lines, unnamed: Math.max(0, batch.counts.total - lines.length) };
}

/** Reads a file that may have been deleted: then it has no lines. */
async function* unlessGone(lines: AsyncGenerator<LineResult>): AsyncGenerator<LineResult> {
	for (;;) {
		const next = await lines.next().catch(async (error: unknown) => {
			return isNotFound(error) ? undefined : await Promise.reject(error);
		});
		if (!next || next.done) return;
		yield next.value;
	}
}

const lost = () =>
	new RequestFailure(
		{ kind: 'lost', reason: 'Neither file of the batch has a line of it' },
		'maybe',
	);

const lostLine = (customId: string): LineResult => ({
	customId,
	images: [],
	fields: {},
	failure: lost(),
});

/** @returns the number of an image among all of its item, from 0 */
export const indexInItem = ({ first }: ManifestEntry, position: number) => first + position;

/** @returns its entries by `custom_id`; `undefined` when the batch has none, or none any more */
async function readManifest(
	session: ApiSession,
	batch: Batch,
): Promise<Map<string, ManifestEntry> | undefined> {
	const fileId = readMetadata(batch)?.manifest;
	if (fileId === undefined || fileId === '') return undefined;
	const entries = new Map<string, ManifestEntry>();
	let problem: unknown;
	try {
		const download = new Download(session, fileId);
		await download.open();
		for await (const line of textLines(download.chunks())) {
			const entry = readManifestLine(line);
			if (entry && entries.size < MAX_REQUESTS_PER_BATCH) entries.set(...entry);
		}
		return entries;
	} catch (error) {
		problem = error;
	}
	// Somebody has deleted it: the images are worth having without it.
	if (isNotFound(problem)) return undefined;
	throw problem;
}

/** What can be told of a line without its manifest: a batch of another program, for example. */
function entryWithoutManifest(batch: Batch, customId: string): ManifestEntry {
	const place = placeOf(customId);
	return {
		isKnown: place !== undefined,
		// Those of unknown items come last.
		item: place?.item ?? MAX_REQUESTS_PER_BATCH,
		first: place?.first ?? 0,
		operation: batch.endpoint.endsWith(PATHS.edit) ? 'edit' : 'generate',
		// Nobody knows how many: then each has its number in its name.
		images: 2,
		id: hashOf(batch.id, String(place?.item ?? customId)).slice(0, 8),
		fileName: place ? '' : customId,
		oneItem: false,
		detail: 'simplified',
		rest: readMetadata(batch)?.keepRest && 'unknown',
		request: batch.model === undefined ? {} : { model: batch.model },
	};
}

function namesBy(entryOf: (customId: string) => ManifestEntry): LineNames {
	return {
		outputFormat: (customId) =>
			customId === undefined ? undefined : entryOf(customId).request.output_format,
		fileName: (customId, position, image) =>
			customId === undefined
				? `image.${image.format.extension}`
				: nameOf(entryOf(customId), position, image),
		rest: (customId) => (customId === undefined ? undefined : entryOf(customId).rest),
		ownWords: (customId) => {
			const { prompt, model } = entryOf(customId).request;
			return [prompt, model].filter((text) => typeof text === 'string');
		},
	};
}

function nameOf(entry: ManifestEntry, position: number, { format, dimensions }: IncomingImage) {
	const { request } = entry;
	return imageFileName(entry.fileName, {
		prompt: entry.prompt ?? '',
		item: entry.item,
		id: entry.id,
		index: indexInItem(entry, position),
		images: entry.images,
		dimensions,
		size: request.size,
		model: String(request.model ?? ''),
		now: Date.now(),
		extension: format.extension,
	});
}
