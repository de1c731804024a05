import type { FastifyRequest } from 'fastify';

import { jsonAnswer, type Answer } from '../answer';
import { badRequest } from '../apiError';
import { RateWindow } from '../rateWindow';
import type { Endpoint } from '../endpoint';
import type { Ledger } from '../ledger';
import { pageOf, queryOf, toPage } from '../page';
import { describeFile, type FileStore, type StoredFile } from './store';
import { readUpload, storeUpload, type Upload } from './upload';

const PAGE = { usual: 10_000, max: 10_000 };

/** Purposes whose files OpenAI hands out again (public answers of the API, 2024 to 2026). */
const READABLE = new Set(['batch', 'batch_output', 'fine-tune']);

/** The endpoints of `/files`. */
export interface FileEndpoints {
	create: Endpoint<Upload>;
	list: Endpoint<undefined>;
	retrieve: Endpoint<undefined>;
	content: Endpoint<undefined>;
	remove: Endpoint<undefined>;
	/** Forgets how many uploads there were. */
	reset(): void;
}

export function fileEndpoints(
	store: FileStore,
	ledger: Ledger,
	uploadsPerMinute = 1000,
): FileEndpoints {
	const uploads = new RateWindow(uploadsPerMinute, 60_000, 'files per minute', store.clock);
	const nothing = async () => await Promise.resolve(undefined);
	const one = (request: FastifyRequest): StoredFile => store.find(idOf(request));
	return {
		create: {
			name: 'files.create',
			read: async (request, { received }) => await readUpload(request, received, store),
			act: async (upload) => {
				uploads.take();
				const file = await storeUpload(upload, store);
				ledger.filesUploaded += 1;
				return jsonAnswer(200, await describeFile(file));
			},
		},
		list: {
			name: 'files.list',
			read: nothing,
			act: async (_body, { url }) => {
				const query = queryOf(url);
				const purpose = query.get('purpose');
				const files = store.all().filter((file) => purpose === null || file.purpose === purpose);
				if (query.get('order') !== 'asc') files.reverse();
				const { items, hasMore } = pageOf(files, query, PAGE);
				return jsonAnswer(200, toPage(await Promise.all(items.map(describeFile)), hasMore));
			},
		},
		retrieve: {
			name: 'files.retrieve',
			read: nothing,
			act: async (_body, request) => jsonAnswer(200, await describeFile(one(request))),
		},
		content: {
			name: 'files.content',
			read: nothing,
			act: async (_body, request) => await Promise.resolve(contentOf(one(request))),
		},
		remove: {
			name: 'files.delete',
			read: nothing,
			act: async (_body, request) => {
				const { id } = one(request);
				store.delete(id);
				return await Promise.resolve(jsonAnswer(200, { id, object: 'file', deleted: true }));
			},
		},
		reset: () => uploads.reset(),
	};
}

/** The id in the path. */
export function idOf({ params }: FastifyRequest): string {
	return typeof params === 'object' && params !== null && 'id' in params ? String(params.id) : '';
}

function contentOf({ purpose, filename, content }: StoredFile): Answer {
	if (!READABLE.has(purpose)) {
		throw badRequest(`Not allowed to download files of purpose: ${purpose}`, null, null);
	}
	return {
		status: 200,
		headers: {
			'content-type': 'application/octet-stream',
			'content-disposition': `attachment; filename="${filename.replace(/[^ -~]|["\\]/g, '_')}"`,
		},
		body: content.read(),
	};
}
