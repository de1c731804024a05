import { RequestFailure } from '../errors/failure';
import { callJson, type ApiSession } from './callApi';
import { isRecord } from '../values';

/** The API's limit for one page of batches; files have higher ones. */
const PAGE_SIZE = 100;

/** No account has so many files or batches: a server that goes on has no end. */
const MOST_PAGES = 1000;

/**
 * Reads a list of the API page by page, newest first (`openai` 7.57.0, `CursorPage`), as far as its reader goes.
 *
 * @param path of the list
 * @param query besides the paging
 * @throws {RequestFailure} when a page cannot be had; the reason of the stop
 */
export async function* listAll(
	session: ApiSession,
	path: string,
	query: Record<string, string> = {},
): AsyncGenerator<Record<string, unknown>> {
	let after: string | undefined;
	for (let page = 0; page < MOST_PAGES; page++) {
		const search = new URLSearchParams({
			...query,
			limit: String(PAGE_SIZE),
			...(after !== undefined && { after }),
		});
		const call = { method: 'GET' as const, path: `${path}?${search.toString()}` };
		const answer = await callJson(session, call, { isRepeatable: true });
		const entries: unknown[] = Array.isArray(answer.data) ? answer.data : [];
		const records = entries.filter(isRecord);
		const last = records.at(-1)?.id;
		// A server that ignores `after` sends the same page for ever.
		if (after !== undefined && last === after) return;
		yield* records;
		if (answer.has_more !== true || typeof last !== 'string') return;
		after = last;
	}
	const reason = `The list has more than ${MOST_PAGES * PAGE_SIZE} entries, or no end`;
	throw new RequestFailure({ kind: 'answer', reason });
}
