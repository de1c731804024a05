import { eachImage, says, type Gateway } from './gateway';

const routed = (code: number, metadata?: object) => (message: string) => ({
	error: { message, code, ...(metadata && { metadata }) },
	user_id: 'user_2simulator',
});

/** OpenRouter: what the provider said stands as text in `metadata.raw`. */
export const openRouter: Gateway = {
	troubles: {
		validation: [
			{
				...says(
					400,
					'Provider returned error',
					routed(400, { raw: 'Invalid size 512x512', provider_name: 'OpenAI' }),
				),
				words: 'Invalid size 512x512',
			},
			{
				...says(
					400,
					'Provider returned error',
					routed(400, {
						raw: '{"error":{"message":"Unknown parameter: \'style\'.","type":"invalid_request_error","param":"style","code":"unknown_parameter"}}',
						provider_name: 'OpenAI',
					}),
				),
				words: "Unknown parameter: 'style'.",
			},
		],
		noKey: [
			says(401, 'No auth credentials found', routed(401)),
			says(401, 'User not found.', routed(401)),
		],
		noCredit: [
			says(
				402,
				'Insufficient credits. Add more using https://openrouter.ai/settings/credits',
				routed(402),
			),
			says(
				402,
				'This request requires more credits, or fewer max_tokens. To increase, visit https://openrouter.ai/settings/credits and add more credits',
				routed(402),
			),
			says(
				403,
				'Key limit exceeded (total limit). Manage it using https://openrouter.ai/settings/keys',
				routed(403),
			),
		],
		rateLimit: [
			says(
				429,
				'Rate limit exceeded: limit_rpm/openai/gpt-image-2',
				routed(429, {
					headers: { 'X-RateLimit-Limit': '20', 'X-RateLimit-Remaining': '0' },
					provider_name: null,
				}),
			),
		],
		safety: [
			says(
				403,
				'openai/gpt-image-2 requires moderation on OpenAI. Your input was flagged for "violence". No credits were charged.',
				routed(403, {
					reasons: ['violence'],
					flagged_input: 'A fox',
					provider_name: 'OpenAI',
					model_slug: 'openai/gpt-image-2',
				}),
			),
		],
		modelNotFound: [
			says(404, 'No endpoints found for openai/gpt-image-9.', routed(404)),
			says(404, 'No endpoints found that support image input', routed(404)),
			says(400, 'openai/gpt-image-9 is not a valid model ID', routed(400)),
		],
		tooLarge: [says(413, 'Request Entity Too Large', routed(413))],
		timeout: [
			says(408, 'Request timed out', routed(408)),
			says(200, 'Upstream idle timeout exceeded', routed(504)),
		],
		down: [
			says(502, 'Provider returned error', routed(502, { raw: 'error code: 502' })),
			says(200, 'Internal Server Error', routed(500)),
		],
	},
	success: ({ created, usage, ...answer }) => ({
		created,
		data: eachImage(answer, (image) => ({ ...image, media_type: 'image/png' })),
		usage: { ...(typeof usage === 'object' && usage), cost: 0.0529, is_byok: false },
	}),
};

const lite =
	(code: string, type: string | null = null, more: object = {}) =>
	(message: string) => ({
		error: { message, type, param: type === 'None' ? type : null, code, ...more },
	});
const GROUP = ' Received Model Group=gpt-image-2\nAvailable Model Group Fallbacks=None';

/** The proxy of LiteLLM: status as text in `code`, `None` as text, its exceptions' names in front. */
export const liteLlm: Gateway = {
	troubles: {
		validation: [
			says(
				400,
				`litellm.BadRequestError: OpenAIException - Invalid value: 'hd'. Supported values are: 'low', 'medium', 'high', and 'auto'.${GROUP}`,
				lite('400'),
			),
			says(
				400,
				"litellm.UnsupportedParamsError: Setting {'response_format': 'url'} is not supported by openai, gpt-image-2.",
				lite('400', 'None'),
			),
		],
		noKey: [
			says(
				401,
				'Authentication Error, Invalid proxy server token passed. Received API Key = sk-...long, Unable to find token in cache or `LiteLLM_VerificationTable`',
				lite('401', 'token_not_found_in_db', { param: 'key' }),
			),
		],
		noCredit: [
			says(
				400,
				'Budget has been exceeded! Current cost: 0.3759, Max budget: 0.35',
				lite('400', 'budget_exceeded'),
			),
			says(
				429,
				`litellm.RateLimitError: RateLimitError: OpenAIException - You exceeded your current quota, please check your plan and billing details.${GROUP}`,
				lite('429', 'None'),
			),
			says(429, 'LiteLLM User: engineer-1, exceeded budget for model=gpt-image-2', (message) => ({
				error: { message, type: 'budget_exceeded', param: null, code: '429' },
			})),
		],
		rateLimit: [
			says(
				429,
				`litellm.RateLimitError: RateLimitError: OpenAIException - Rate limit reached for gpt-image-2 (for limit gpt-image) in organization org-simulator on images per min: Limit 5, Used 5, Requested 1. Please try again in 12s.${GROUP}`,
				lite('429', 'throttling_error'),
			),
			says(
				429,
				"No deployments available for selected model, Try again in 5 seconds. Passed model=gpt-image-2. pre-call-checks=False, cooldown_list=['simulator']",
				lite('429', 'None'),
				{ 'retry-after': '5' },
			),
		],
		safety: [
			says(
				400,
				`litellm.BadRequestError: litellm.ContentPolicyViolationError: litellm.ContentPolicyViolationError: OpenAIException - Your request was rejected by the safety system. safety_violations=[violence].${GROUP}`,
				lite('400', null, { provider_specific_fields: null }),
			),
			says(
				400,
				`litellm.BadRequestError: litellm.ContentPolicyViolationError: AzureException - The response was filtered due to the prompt triggering Azure OpenAI's content management policy.${GROUP}`,
				lite('400', null, {
					provider_specific_fields: {
						innererror: {
							code: 'ResponsibleAIPolicyViolation',
							content_filter_result: { violence: { filtered: true, severity: 'high' } },
						},
					},
				}),
			),
		],
		modelNotFound: [
			says(
				400,
				'/images/generations: Invalid model name passed in model=gpt-image-9. Call `/v1/models` to view available models for your key.',
				lite('400', 'None'),
			),
			says(
				401,
				"key not allowed to access model. This key can only access models=['gpt-4.1']. Tried to access gpt-image-2",
				lite('401', 'key_model_access_denied', { param: 'model' }),
			),
		],
		tooLarge: [
			says(
				413,
				'Request size is too large. Request size is 60.0 MB. Max size is 50 MB',
				lite('413', 'bad_request_error', { param: 'content-length' }),
			),
		],
		timeout: [
			says(
				408,
				`litellm.Timeout: APITimeoutError - Request timed out. Error_str: Request timed out.${GROUP}`,
				lite('408'),
			),
			says(504, 'litellm.Timeout: Connection timed out after 600.0 seconds.', lite('504', 'None')),
		],
		down: [
			says(
				500,
				`litellm.InternalServerError: InternalServerError: OpenAIException - Connection error.${GROUP}`,
				lite('500'),
			),
			says(
				503,
				`litellm.ServiceUnavailableError: OpenAIException - Our servers are currently overloaded.${GROUP}`,
				lite('503'),
			),
		],
	},
	success: (answer) => ({
		...answer,
		background: null,
		output_format: null,
		quality: null,
		size: null,
		data: eachImage(answer, (image) => ({ ...image, revised_prompt: null, url: null })),
	}),
};
