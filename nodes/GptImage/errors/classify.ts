import type { ApiErrorClass, ApiFailure } from './failure';
import { classOfWords } from './classifyWords';

/** What an error is recognised by. */
export interface ErrorFacts {
	/** HTTP status, `undefined` inside an answer that began well. */
	status?: number;
	/** From the outside in. */
	codes: string[];
	type?: string;
	param?: string;
	/** What it says, without what the request itself had said; made only when it is needed. */
	words: () => string;
}

/**
 * Codes and types that tell by themselves, by their letters alone. Sources: OpenAI error codes guide and API reference
 * (2026-11-22), Azure OpenAI, LiteLLM, new-api, OpenRouter, and public reports of each.
 */
const NAMES: Array<[ApiErrorClass, string]> = [
	[
		'safety',
		'moderation_blocked content_policy_violation content_policy_violation_error content_filter image_content_policy_violation responsible_ai_policy_violation sensitive_words_detected prohibited_content data_inspection_failed prompt_blocked safety_violation',
	],
	[
		'billing',
		'insufficient_quota credit_balance_exhausted billing_not_active insufficient_user_quota insufficient_funds insufficient_credits insufficient_balance payment_required arrearage quota_not_enough pre_consume_token_quota_failed account_overdue',
	],
	[
		'spendLimit',
		'billing_hard_limit_reached organization_spend_limit_exceeded project_spend_limit_exceeded organization_usage_limit_exceeded spend_limit_exceeded budget_exceeded',
	],
	[
		'rateLimit',
		'rate_limit_exceeded rate_limit_error rate_limit_reached slow_down too_many_requests throttling_error throttling_exception throttled requests images tokens',
	],
	['batchQueue', 'token_limit_exceeded enqueued_token_limit_exceeded'],
	[
		'overloaded',
		'server_is_overloaded overloaded_error engine_overloaded model_overloaded service_unavailable service_unavailable_error capacity_exceeded no_available_key',
	],
	['serverFault', 'server_error internal_server_error internal_error'],
	[
		'gatewayTimeout',
		'timeout timeout_error request_timeout gateway_timeout upstream_timeout deadline_exceeded',
	],
	[
		'model',
		'model_not_found model_not_found_error deployment_not_found unknown_model model_not_available model_not_supported unavailable_model invalid_model model_deprecated no_such_model key_model_access_denied team_model_access_denied user_model_access_denied',
	],
	['unverified', 'organization_not_verified organization_must_be_verified'],
	[
		'credential',
		'invalid_api_key incorrect_api_key unauthorized unauthenticated authentication_error auth_error invalid_authentication expired_key token_expired account_deactivated invalid_subscription_key missing_api_key token_not_found_in_db invalid_token',
	],
	[
		'permission',
		'permission_denied permission_error forbidden insufficient_permissions access_denied missing_scope missing_scopes',
	],
	['country', 'unsupported_country_region_territory unsupported_region'],
	[
		'badImage',
		'unsupported_file_mimetype invalid_image_file invalid_image invalid_image_format image_parse_error unsupported_image unsupported_image_media_type image_too_large image_file_too_large image_too_small empty_image_file invalid_image_url invalid_base64_image failed_to_download_image',
	],
	['tooLarge', 'payload_too_large request_entity_too_large request_too_large'],
	[
		'badParameter',
		'invalid_value unknown_parameter duplicate_parameter missing_required_parameter invalid_type invalid_parameter invalid_argument unsupported_parameter unsupported_value invalid_size invalid_input_fidelity_model string_above_max_length integer_above_max_value context_length_exceeded',
	],
];

const lettersOf = (name: string) => name.toLowerCase().replace(/[^a-z\d]+/g, '');

const BY_NAME = new Map(
	NAMES.flatMap(([kind, names]) =>
		names.split(' ').map((name) => [lettersOf(name), kind] as const),
	),
);

/** OpenAI's type for what is wrong with the request itself: its content where nothing else is blamed. */
const USER_ERROR = 'image_generation_user_error';

/** By HTTP status, for answers that tell nothing else. */
const BY_STATUS: Record<number, ApiErrorClass> = {
	401: 'credential',
	402: 'billing',
	403: 'permission',
	404: 'address',
	405: 'unsupported',
	406: 'unsupported',
	407: 'proxyCredential',
	408: 'gatewayTimeout',
	409: 'overloaded',
	410: 'model',
	411: 'unsupported',
	413: 'tooLarge',
	415: 'unsupported',
	425: 'overloaded',
	426: 'unsupported',
	429: 'rateLimit',
	451: 'country',
	499: 'gatewayTimeout',
	500: 'serverFault',
	501: 'unsupported',
	502: 'proxy',
	503: 'overloaded',
	504: 'gatewayTimeout',
	505: 'unsupported',
	511: 'proxyCredential',
	520: 'proxy',
	521: 'proxy',
	522: 'proxy',
	523: 'proxy',
	524: 'gatewayTimeout',
	525: 'proxy',
	526: 'proxy',
	527: 'proxy',
	529: 'overloaded',
	530: 'proxy',
	598: 'gatewayTimeout',
	599: 'gatewayTimeout',
};

/**
 * Makes the failure that an error of the API means, with its class.
 *
 * @param told what may be shown of it
 * @param facts what it is recognised by, where that is more
 */
export function apiFailure(
	told: Omit<ApiFailure, 'kind' | 'class'>,
	facts: ErrorFacts = {
		...told,
		codes: told.code === undefined ? [] : [told.code],
		words: () => told.reason.toLowerCase(),
	},
): ApiFailure {
	return { kind: 'api', class: classify(facts), ...told };
}

/**
 * Finds out what an error is about: by its code and the field it blames, then by its type, then by its status,
 * refined by words that known servers use with that status.
 */
function classify(facts: ErrorFacts): ApiErrorClass {
	const { type, param, words } = facts;
	// As a code the name says no more than as a type.
	const codes = facts.codes.filter((code) => !isUserErrorName(code));
	const status = statusOf(facts);
	const named = firstKnown(codes);
	// "Limit 5, Requested 10": no waiting makes room for it.
	if (named === 'rateLimit' || (!named && status === 429)) {
		return asksForTooMuch(words()) ? 'tooMuchPerRequest' : (named ?? rateOrMoney(words(), type));
	}
	if (named) return named;
	const isUserError = [type, ...facts.codes].some(isUserErrorName);
	const byType = firstKnown([type]);
	const isGeneral = byType === 'serverFault' || byType === 'permission' || byType === undefined;
	// LiteLLM blames a field for a key that it does not know, or that may not use a model.
	if (byType && !isGeneral) return byType;
	if (param !== undefined) {
		return isParam(param, 'model') && classOfWords(words(), status) === 'model'
			? 'model'
			: (imageCode(codes) ?? 'badParameter');
	}
	if (isUserError) {
		const told = classOfWords(words(), status);
		return told ?? (codes.some((code) => !isStatus(code)) ? 'badParameter' : 'safety');
	}
	return classOfWords(words(), status) ?? byType ?? imageCode(codes) ?? byStatus(status);
}

const isUserErrorName = (name: string | undefined) =>
	name !== undefined && lettersOf(name) === lettersOf(USER_ERROR);

function byStatus(status: number | undefined): ApiErrorClass {
	if (status === undefined) return 'unknown';
	const known = BY_STATUS[status];
	if (known) return known;
	if (status >= 500) return 'serverFault';
	return status >= 400 ? 'badParameter' : 'unknown';
}

/** A gateway may put the status of the server behind it into the code. */
function statusOf({ status, codes }: ErrorFacts): number | undefined {
	const [inner] = codes.filter(isStatus).map(Number);
	const isTelling = status !== undefined && status >= 400 && status < 500;
	return isTelling
		? status
		: (inner ?? (status !== undefined && status < 300 ? undefined : status));
}

const isStatus = (code: string) => /^[45]\d\d$/.test(code);

const isParam = (param: string, name: string) => param === name || param.endsWith(`.${name}`);

function firstKnown(names: Array<string | undefined>): ApiErrorClass | undefined {
	for (const name of names) {
		const known = name === undefined ? undefined : BY_NAME.get(lettersOf(name));
		if (known) return known;
	}
	return undefined;
}

/** A code this version does not know that is about an image, e.g. `image_decoding_failed`. */
const imageCode = (codes: string[]): ApiErrorClass | undefined =>
	codes.some((code) => /image/i.test(code) && !/generation|quality|count/i.test(code))
		? 'badImage'
		: undefined;

/** What servers say with 429, too, beside that it was too much for the moment. */
const SAID_AS_429: ApiErrorClass[] = ['billing', 'spendLimit', 'overloaded', 'batchQueue'];

/** A 429 without a telling code is about money where type or words say so. */
function rateOrMoney(words: string, type: string | undefined): ApiErrorClass {
	const byType = firstKnown([type]);
	if (byType) return byType;
	const told = classOfWords(words, 429);
	return told !== undefined && SAID_AS_429.includes(told) ? told : 'rateLimit';
}

/** The API's "Limit 5, Requested 10", or its "Limit 4000, Used 10, Requested 4100". */
function asksForTooMuch(words: string): boolean {
	const limit = /\blimit:? (\d{1,12})\b/i.exec(words)?.[1];
	const requested = /\brequested:? (\d{1,12})\b/i.exec(words)?.[1];
	return limit !== undefined && requested !== undefined && Number(requested) > Number(limit);
}
