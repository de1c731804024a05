import type { Fault } from '../../simulator';
import { alike, type FaultCase, type FaultGroup } from './faultCase';

export const STATUSES = [
	400, 401, 403, 404, 408, 409, 410, 413, 418, 422, 429, 500, 502, 503, 504, 520,
];

/** Rate limits wait until the API answers; other faults that pass are asked again once here. */
const RATE_LIMITS = [429, 503];

const PASSING = [408, 409, ...RATE_LIMITS, 500, 502, 504, 520];

const PAGE =
	'<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>cloudflare</h1></body></html>';

/** What stands in the answer of a refusal. */
export const BODIES: Array<[string, Pick<Fault, 'body'>]> = [
	["the API's own body", {}],
	['JSON of another kind', { body: { status: 'failure', id: 7 } }],
	['no body', { body: '' }],
	['a web page', { body: PAGE }],
];

const statusCase = (status: number, [name, body]: (typeof BODIES)[number]): FaultCase => ({
	name: `${status} with ${name}`,
	fault: { status, ...body, retryAfterMs: 1 },
	kind: RATE_LIMITS.includes(status) ? 'none' : 'api',
	requests: RATE_LIMITS.includes(status) ? 3 : PASSING.includes(status) ? 2 : 1,
});

const others: FaultCase[] = [
	...RATE_LIMITS.map(
		(status): FaultCase => ({
			name: `${status} that asks to wait longer than Timeout`,
			fault: { status, retryAfter: 3600 },
			kind: 'api',
		}),
	),
	{
		name: '401 before the request was read',
		fault: { status: 401, early: true },
		kind: 'api',
	},
	{
		name: '500 with x-should-retry: false',
		fault: { status: 500, shouldRetry: false },
		kind: 'api',
	},
	{
		name: '418 with x-should-retry: true',
		fault: { code: 'server_error', status: 418, shouldRetry: true, retryAfterMs: 1 },
		kind: 'api',
		requests: 2,
	},
	{
		name: '400 whose body breaks off',
		fault: { status: 400, truncateAfterBytes: 20 },
		kind: 'api',
	},
	{ name: '400 whose body is reset', fault: { status: 400, resetAfterBytes: 20 }, kind: 'api' },
	{
		name: '400 whose body falls silent',
		fault: { status: 400, stallAfterBytes: 20 },
		options: { idleTimeout: 0.2, timeout: 2 },
		kind: 'api',
	},
	{ name: '204 without a body', fault: { status: 204, body: '' }, kind: 'answer' },
];

export const statusGroup: FaultGroup = {
	title: 'Answers with an error status',
	cases: [
		...STATUSES.flatMap((status) => {
			const cases = BODIES.map((body) => statusCase(status, body));
			return RATE_LIMITS.includes(status) ? cases : alike(cases);
		}),
		...alike(others),
	],
};
