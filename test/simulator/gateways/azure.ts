import { eachImage, says, type Gateway } from './gateway';

const SAFE = { filtered: false, severity: 'safe' };
const FILTERED = {
	hate: SAFE,
	jailbreak: { filtered: false, detected: false },
	self_harm: SAFE,
	sexual: SAFE,
	violence: { filtered: true, severity: 'high' },
};
const MANAGEMENT =
	"The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry. To learn more about our content filtering policies please read our documentation: https://go.microsoft.com/fwlink/?linkid=2198766";
const SYSTEM =
	'Your request was rejected as a result of our safety system. Your prompt may contain text that is not allowed by our safety system.';
const azured =
	(code: string, more: object = {}) =>
	(message: string) => ({
		error: { code, message, ...more },
	});

/** Azure OpenAI itself, with its content filter. */
export const azure: Gateway = {
	troubles: {
		validation: [
			says(
				400,
				"Invalid value: 'hd'. Supported values are: 'low', 'medium', 'high', and 'auto'.",
				azured('invalid_value', { param: 'quality', type: 'invalid_request_error' }),
			),
			says(400, 'API version not supported', azured('BadRequest')),
		],
		noKey: [
			says(
				401,
				'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
				azured('401'),
			),
		],
		noCredit: [
			says(
				429,
				'You exceeded your current quota, please check your plan and billing details.',
				azured('insufficient_quota', { type: 'insufficient_quota' }),
			),
		],
		rateLimit: [
			says(
				429,
				'Requests to the ImageGenerations_Create Operation under Azure OpenAI API version 2025-04-01-preview have exceeded call rate limit of your current OpenAI S0 pricing tier. Please retry after 1 second.',
				azured('429'),
				{ 'retry-after': '1' },
			),
			says(
				429,
				'Your requests to gpt-image-2 have exceeded the call rate limit.',
				azured('RateLimitReached'),
				{
					'retry-after': '1',
				},
			),
		],
		safety: [
			says(
				400,
				MANAGEMENT,
				azured('content_filter', {
					type: null,
					param: 'prompt',
					status: 400,
					innererror: {
						code: 'ResponsibleAIPolicyViolation',
						content_filter_result: FILTERED,
					},
				}),
			),
			says(
				400,
				SYSTEM,
				azured('content_policy_violation', {
					type: 'invalid_request_error',
					inner_error: {
						code: 'ResponsibleAIPolicyViolation',
						content_filter_results: FILTERED,
						revised_prompt: 'A fox',
					},
				}),
			),
			says(400, SYSTEM, azured('contentFilter')),
			says(
				403,
				'Your resource has been temporarily blocked because we detected behavior that may violate our content policy.',
				azured('Forbidden'),
			),
		],
		modelNotFound: [
			says(
				404,
				'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.',
				azured('DeploymentNotFound'),
			),
			says(404, 'Resource not found', azured('404')),
			says(400, 'The requested operation is unsupported.', azured('OperationNotSupported')),
		],
		tooLarge: [says(413, 'The request body is too large.', azured('RequestEntityTooLarge'))],
		timeout: [says(408, 'The operation was timeout.', azured('Timeout'))],
		down: [
			says(500, 'The server had an error processing your request.', azured('InternalServerError')),
			says(503, 'The service is temporarily unable to process your request.', azured('503')),
		],
	},
	success: (answer) => ({
		...answer,
		data: eachImage(answer, (image) => ({
			...image,
			content_filter_results: { ...FILTERED, violence: SAFE },
			prompt_filter_results: { ...FILTERED, violence: SAFE },
		})),
	}),
};
