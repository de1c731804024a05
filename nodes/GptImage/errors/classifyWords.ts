import type { ApiErrorClass } from './failure';

/** Words of known servers for one thing, and the statuses they count with. */
interface Wording {
	class: ApiErrorClass;
	/** All words of one of these must be there; `|` stands between words for the same. */
	words: string[][];
	/** HTTP statuses; an error without a status may be any of them. `undefined`: with every status. */
	statuses?: number[];
}

const REFUSALS = [400, 403, 404, 410, 422];

/**
 * In this order. Sources: OpenAI, Azure, Gemini, OpenRouter, LiteLLM, new-api and vLLM, by their source code and
 * public reports.
 */
const WORDINGS: Wording[] = [
	{
		class: 'unverified',
		words: [['must be verified'], ['verify organization'], ['organization', 'not verified']],
		statuses: REFUSALS,
	},
	{
		class: 'spendLimit',
		words: [
			['budget', 'exceeded|reached'],
			['spend limit|spending limit|hard limit|monthly limit', 'exceeded|reached'],
		],
	},
	{
		class: 'billing',
		words: [
			['exceeded your current quota'],
			['insufficient', 'credit|balance|quota|funds'],
			[
				'not enough|not sufficient|too low|exhausted|depleted|out of|run out',
				'credit|balance|quota|funds',
			],
			['payment required'],
			['billing', 'not active|inactive|overdue'],
			['余额不足'],
			['额度不足'],
		],
	},
	{
		class: 'safety',
		words: [
			[
				'safety system|safety_violations|content policy|content management policy|content filter|content_filter',
			],
			['policy|policies|guidelines|terms', 'violat'],
			[
				'moderation|prompt|image|input|output',
				'flagged|was blocked|were blocked|nsfw|inappropriate',
			],
			['moderation', 'refused|rejected|blocked|failed'],
			['sensitive words|prohibited content|敏感'],
		],
		statuses: [400, 403, 422, 451, 500],
	},
	{
		class: 'country',
		words: [['country|region|territory', 'not supported|not available|unsupported']],
		statuses: [400, 403, 451],
	},
	{
		class: 'lowTier',
		words: [
			['usage tier'],
			['tier 1|tier 2|tier 3|tier 4|tier 5', 'requires|required|account|upgrade|available'],
		],
		statuses: [400, 403, 404],
	},
	{
		class: 'noPreview',
		words: [['gif|svg', 'preview|access|not enabled']],
		statuses: [400, 403, 404],
	},
	{
		class: 'model',
		words: [
			[
				'model|deployment',
				'does not exist|not exist|not found|access to|no available channel|deprecated|been shut down',
			],
			['unknown model|no such model|invalid model|unsupported model'],
			['no endpoints found for'],
		],
		statuses: [...REFUSALS, 503],
	},
	{
		class: 'permission',
		words: [['missing scopes'], ['insufficient permissions']],
		statuses: [401, 403],
	},
	{
		// A firewall's page is not about the key.
		class: 'unknown',
		words: [['attention required'], ['just a moment'], ['cloudflare'], ['request blocked']],
		statuses: [403],
	},
	{
		class: 'credential',
		words: [
			[
				'invalid|incorrect|missing|wrong|expired|not valid',
				'api key|api-key|apikey|access token|subscription key',
			],
			['unauthorized|unauthenticated|authentication failed'],
		],
		statuses: [400, 401, 403],
	},
	{
		class: 'tooLarge',
		words: [['request|body|payload|entity', 'too large|exceeds the maximum size']],
		statuses: [400, 413, 422, 500],
	},
	{
		class: 'badImage',
		words: [
			[
				'invalid image|unsupported image|not a valid image|cannot identify image|unsupported mimetype',
			],
			['image', 'downloading|could not be decoded|could not be parsed|corrupt'],
		],
		statuses: [400, 415, 422],
	},
	{
		class: 'unsupported',
		words: [
			['no endpoints found'],
			['not support', 'image generation|image edit|images api|endpoint|operation'],
		],
		statuses: [...REFUSALS, 501],
	},
	{
		class: 'batchQueue',
		words: [['enqueued token']],
		statuses: [400, 429],
	},
	{
		class: 'rateLimit',
		words: [['rate limit|ratelimit|too many requests|throttl']],
		statuses: [403, 429, 500, 503],
	},
	{
		class: 'gatewayTimeout',
		words: [['timed out|timeout|time-out|time out|deadline exceeded']],
		statuses: [408, 500, 502, 503, 504],
	},
	{
		class: 'overloaded',
		words: [['overloaded|at capacity|no capacity|temporarily unavailable|负载']],
		statuses: [429, 500, 502, 503],
	},
];

const COMPILED = WORDINGS.map(({ words, ...wording }) => ({
	...wording,
	words: words.map((all) => all.map((any) => any.split('|'))),
}));

/**
 * @param words what an error says: short, in lower case, without what the request had said
 * @param status HTTP status; `undefined` inside an answer that began well
 */
export function classOfWords(words: string, status: number | undefined): ApiErrorClass | undefined {
	if (words === '') return undefined;
	return COMPILED.find(
		({ words: ways, statuses }) =>
			(status === undefined || statuses === undefined || statuses.includes(status)) &&
			ways.some((all) => all.every((any) => any.some((word) => words.includes(word)))),
	)?.class;
}
