import { badRequest } from './apiError';

/** Items of a list that fit one page, as every list of the API pages. */
export interface Page<Item> {
	object: 'list';
	data: Item[];
	first_id: string | null;
	last_id: string | null;
	has_more: boolean;
}

/** The query of a request. */
export function queryOf(url: string): URLSearchParams {
	return new URL(url, 'http://simulator').searchParams;
}

/**
 * The page that a query asks for with `limit` and `after`.
 * @param items in the order of the list
 * @throws ApiError 400 for a limit out of range, 404 for an `after` that is not in the list
 */
export function pageOf<Item extends { id: string }>(
	items: readonly Item[],
	query: URLSearchParams,
	{ usual, max }: { usual: number; max: number },
): { items: Item[]; hasMore: boolean } {
	const text = query.get('limit') ?? String(usual);
	const limit = Number(text);
	if (!Number.isInteger(limit) || limit < 1 || limit > max) {
		throw badRequest(
			`Invalid 'limit': expected an integer between 1 and ${max}, but got '${text}' instead.`,
			'limit',
			'invalid_value',
		);
	}
	const after = query.get('after');
	const start = after === null ? 0 : items.findIndex(({ id }) => id === after) + 1;
	if (after !== null && start === 0) {
		throw badRequest(`Invalid 'after': no object with id '${after}'.`, 'after', 'invalid_value');
	}
	return { items: items.slice(start, start + limit), hasMore: items.length > start + limit };
}

/** The page in the API's words. */
export function toPage<Item extends { id: string }>(data: Item[], hasMore: boolean): Page<Item> {
	return {
		object: 'list',
		data,
		first_id: data[0]?.id ?? null,
		last_id: data.at(-1)?.id ?? null,
		has_more: hasMore,
	};
}
