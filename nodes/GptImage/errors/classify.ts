import type { ApiErrorClass, ApiFailure } from './failure';

/** By the API's error code or type. Source: OpenAI error codes guide and API reference, 2026-11-22. */
const BY_CODE: Record<string, ApiErrorClass> = {
	moderation_blocked: 'safety',
	content_policy_violation: 'safety',
	contentFilter: 'safety',
	image_generation_user_error: 'safety',
	insufficient_quota: 'billing',
	credit_balance_exhausted: 'billing',
	billing_not_active: 'billing',
	billing_hard_limit_reached: 'spendLimit',
	organization_spend_limit_exceeded: 'spendLimit',
	project_spend_limit_exceeded: 'spendLimit',
	organization_usage_limit_exceeded: 'spendLimit',
	rate_limit_exceeded: 'rateLimit',
	slow_down: 'rateLimit',
	server_is_overloaded: 'overloaded',
	server_error: 'serverFault',
	model_not_found: 'model',
	unsupported_file_mimetype: 'badImage',
	invalid_image_file: 'badImage',
	unsupported_country_region_territory: 'country',
};

/** By HTTP status, for answers without a known code. */
const BY_STATUS: Record<number, ApiErrorClass> = {
	400: 'badParameter',
	401: 'credential',
	403: 'permission',
	404: 'address',
	408: 'overloaded',
	409: 'overloaded',
	410: 'model',
	413: 'tooLarge',
	429: 'rateLimit',
	503: 'overloaded',
};

/** By their words, before any code: refusals that come without a telling code. */
const BY_WORDS: Array<[RegExp, ApiErrorClass]> = [
	[/organization must be verified/i, 'unverified'],
	[/usage tier|tier \d/i, 'lowTier'],
	[/\b(gif|svg)\b.*(preview|access|not enabled)|(preview|access).*\b(gif|svg)\b/i, 'noPreview'],
	[/access to.*model|model.*(does not exist|not found)/i, 'model'],
];

/** @returns the failure that an error of the API means, with its class */
export function apiFailure(said: Omit<ApiFailure, 'kind' | 'class'>): ApiFailure {
	return { kind: 'api', class: classify(said), ...said };
}

function classify({
	status = 500,
	code,
	type,
	reason,
}: Omit<ApiFailure, 'kind' | 'class'>): ApiErrorClass {
	if (asksForTooMuch(reason)) return 'tooMuchPerRequest';
	const worded = status === 429 ? undefined : BY_WORDS.find(([words]) => words.test(reason));
	if (worded) return worded[1];
	for (const name of [code, type]) {
		const known = name !== undefined && Object.hasOwn(BY_CODE, name) ? BY_CODE[name] : undefined;
		if (known) return known;
	}
	return BY_STATUS[status] ?? (status >= 500 ? 'serverFault' : 'badParameter');
}

/** "Limit 5, Requested 10": no waiting makes room for it. */
function asksForTooMuch(reason: string): boolean {
	const [, limit, requested] = /limit:? (\d+)\b.*requested:? (\d+)/i.exec(reason) ?? [];
	return Number(requested) > Number(limit);
}
