import { apiError } from '../../nodes/GptImage/errors/apiError';
import { apiFailure } from '../../nodes/GptImage/errors/classify';
import {
	RequestFailure,
	type ApiFailure,
	type FailureDetails,
} from '../../nodes/GptImage/errors/failure';
import { Redactor } from '../../nodes/GptImage/errors/redact';
import { billingOf } from '../../nodes/GptImage/openai/retry/billing';
import { retryDecision } from '../../nodes/GptImage/openai/retry/retryDecision';

const failure = (said: Partial<ApiFailure>) =>
	new RequestFailure(apiFailure({ reason: '', status: 500, ...said }));

/** What is done about a failure that cost nothing. */
function decide(problem: RequestFailure): 'never' | 'again' | 'slower' {
	const decision = retryDecision(problem, 'no', 0, 0);
	if (!decision.retry) return 'never';
	return decision.isRateLimit ? 'slower' : 'again';
}

describe('an answer with an error status', () => {
	const own = (message: string, type: string) =>
		JSON.stringify({ error: { message, type, code: null } });
	/** What stands in the answer. */
	const bodies = {
		"the API's own body": (status: number) =>
			status < 500 ? own('It is wrong', 'invalid_request_error') : own('It failed', 'server_error'),
		'JSON of another kind': () => '{"status":"failure","id":7}',
		'no body': () => '',
		'a web page': () => '<!DOCTYPE html><html><title>Bad gateway</title><h1>cloudflare</h1></html>',
	};
	const errorContext = { redactor: new Redactor([]), ownWords: [] };
	const statuses = {
		never: [400, 401, 403, 404, 410, 413, 418, 422],
		again: [408, 409, 500, 502, 503, 504, 520],
		slower: [429],
	};
	const table = Object.entries(statuses).flatMap(([decision, each]) =>
		each.flatMap((status) =>
			Object.entries(bodies).map(([name, body]) => [status, name, decision, body] as const),
		),
	);

	it.each(table)('%i with %s: %s', (status, _, decision, body) => {
		expect(decide(apiError({ status, said: body(status) }, errorContext))).toBe(decision);
	});

	it.each([
		[429, 'slower'],
		[503, 'slower'],
		[500, 'again'],
		[400, 'never'],
	])('%i that asks to wait: %s', (status, decision) => {
		expect(decide(failure({ status, headers: { 'retry-after': '3' } }))).toBe(decision);
	});

	it.each([
		['insufficient_quota', 429],
		['credit_balance_exhausted', 429],
		['billing_not_active', 429],
		['billing_hard_limit_reached', 400],
		['organization_spend_limit_exceeded', 429],
		['project_spend_limit_exceeded', 429],
		['organization_usage_limit_exceeded', 429],
		['moderation_blocked', 400],
		['content_policy_violation', 400],
		['content_policy_violation', 500],
		['model_not_found', 404],
	])('%s, %i: never, whatever x-should-retry says', (code, status) => {
		for (const wish of ['true', 'false']) {
			expect(decide(failure({ status, code, headers: { 'x-should-retry': wish } }))).toBe('never');
		}
	});

	it.each([500, 408])('%i with x-should-retry: false: never', (status) => {
		expect(decide(failure({ status, headers: { 'x-should-retry': 'false' } }))).toBe('never');
	});

	it('that asks for more than a minute ever grants: never', () => {
		const reason = 'Rate limit reached for images per minute. Limit 5, Requested 10.';
		expect(decide(failure({ status: 429, code: 'rate_limit_exceeded', reason }))).toBe('never');
	});
});

describe('the wait before a request is sent again', () => {
	const at = Date.UTC(2026, 10, 23, 12);

	it.each<[string, Record<string, string>, number]>([
		['retry-after-ms', { 'retry-after-ms': '250' }, 250],
		['retry-after-ms before retry-after', { 'retry-after-ms': '1.5', 'retry-after': '9' }, 1.5],
		['retry-after in seconds', { 'retry-after': '3' }, 3000],
		['retry-after as a date', { 'retry-after': 'Mon, 23 Nov 2026 12:00:07 GMT' }, 7000],
	])('is what %s says', (_, headers, delayMs) => {
		expect(retryDecision(failure({ headers }), 'no', 0, at)).toEqual({
			retry: true,
			delayMs,
			isRateLimit: false,
		});
	});

	it.each([
		[0, 500],
		[1, 1000],
		[2, 2000],
		[3, 4000],
		[4, 8000],
		[9, 8000],
	])('after %i earlier ones is up to a quarter less than %i ms', (attempt, most) => {
		const none: Array<Record<string, string>> = [
			{},
			{ 'retry-after': 'soon' },
			{ 'retry-after': '0' },
			{ 'retry-after': new Date(0).toUTCString() },
			{ 'retry-after-ms': 'x' },
			{ 'retry-after-ms': '0' },
		];
		const random = jest.spyOn(Math, 'random');
		for (const headers of none) {
			for (const chance of [0, 0.5, 1]) {
				random.mockReturnValue(chance);
				expect(retryDecision(failure({ headers }), 'no', attempt, at)).toEqual({
					retry: true,
					delayMs: most * (1 - chance / 4),
					isRateLimit: false,
				});
			}
		}
		random.mockRestore();
	});
});

describe('a request without a word from the API', () => {
	const lost = (code: string): FailureDetails => ({
		kind: 'connection',
		reason: 'socket hang up',
		code,
	});
	const page = { status: 504, reason: '' };
	const fault = apiFailure({ ...page, reason: 'The server had an error' });

	it.each<[string, FailureDetails, number, boolean]>([
		['is sent again when it broke at once', lost('ECONNRESET'), 200, true],
		['is not when the image may be in the making', lost('ECONNRESET'), 60_000, false],
		['is sent again when nobody was reached, however late', lost('ECONNREFUSED'), 60_000, true],
		['is not when the certificate is wrong', lost('CERT_HAS_EXPIRED'), 200, false],
		["is sent again after a proxy's page at once", apiFailure(page), 200, true],
		["is not after a proxy's page that took its time", apiFailure(page), 60_000, false],
		['is sent again when the API itself reports a fault at once', fault, 9_000, true],
		['is not when the API reports a fault late', fault, 11_000, false],
		[
			'is not when it is late, whatever x-should-retry says',
			apiFailure({ ...page, headers: { 'x-should-retry': 'true' } }),
			60_000,
			false,
		],
	])('%s', (_, details, sentMs, retry) => {
		const lostRequest = new RequestFailure(details);
		const end = { failure: lostRequest, hasAnswer: false, hasImage: false, sentMs };
		expect(retryDecision(lostRequest, billingOf(end), 0, 0).retry).toBe(retry);
	});

	it.each(['maybe', 'yes'] as const)('is not when it is on the bill: %s', (billing) => {
		expect(retryDecision(failure({}), billing, 0, 0)).toEqual({ retry: false });
	});
});
