import { jsonAnswer } from '../answer';
import { readBody } from '../body';
import type { Endpoint } from '../endpoint';
import { idOf } from '../files/endpoints';
import { pageOf, queryOf, toPage } from '../page';
import type { RawParameters } from '../parameters';
import { describeBatch } from './describe';
import { batchParameters } from './parameters';
import type { BatchStore } from './store';

const PAGE = { usual: 20, max: 100 };

/** The endpoints of `/batches`. */
export interface BatchEndpoints {
	create: Endpoint<RawParameters>;
	list: Endpoint<undefined>;
	retrieve: Endpoint<undefined>;
	cancel: Endpoint<undefined>;
}

export function batchEndpoints(store: BatchStore): BatchEndpoints {
	const nothing = async () => await Promise.resolve(undefined);
	return {
		create: {
			name: 'batches.create',
			read: async (request, { received }) => await readBody(request, received, true),
			act: async (raw) => {
				const job = store.create(batchParameters(raw));
				return await Promise.resolve(jsonAnswer(200, describeBatch(job)));
			},
		},
		list: {
			name: 'batches.list',
			read: nothing,
			act: async (_body, { url }) => {
				const { items, hasMore } = pageOf(await store.all(), queryOf(url), PAGE);
				return jsonAnswer(200, toPage(items.map(describeBatch), hasMore));
			},
		},
		retrieve: {
			name: 'batches.retrieve',
			read: nothing,
			act: async (_body, request) =>
				jsonAnswer(200, describeBatch(await store.find(idOf(request)))),
		},
		cancel: {
			name: 'batches.cancel',
			read: nothing,
			act: async (_body, request) => {
				const job = await store.find(idOf(request));
				await job.cancel();
				return jsonAnswer(200, describeBatch(job));
			},
		},
	};
}
