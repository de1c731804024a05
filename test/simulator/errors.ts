/** One error of the API. */
export interface ErrorRow {
	status: number;
	type: string;
	code: string | null;
	message: string;
	param?: string;
	moderation_details?: { moderation_stage: string; categories: string[] };
}

const invalid = 'invalid_request_error';
const quota = (code: string, message: string): ErrorRow => ({
	status: 429,
	type: 'insufficient_quota',
	code,
	message,
});

/** The API's errors by name, for faults. Names are the codes, except where the API sends none. */
const ERRORS = {
	moderation_blocked: {
		status: 400,
		type: 'image_generation_user_error',
		code: 'moderation_blocked',
		message:
			'Your request was rejected by the safety system. If you believe this is an error, contact us at help.openai.com and include the request ID. safety_violations=[violence].',
		moderation_details: { moderation_stage: 'input', categories: ['violence'] },
	},
	image_generation_user_error: {
		status: 400,
		type: 'image_generation_user_error',
		code: 'image_generation_user_error',
		message: 'The image could not be generated from this request.',
	},
	unsupported_file_mimetype: {
		status: 400,
		type: invalid,
		code: 'unsupported_file_mimetype',
		param: 'image',
		message:
			"Invalid file 'image': unsupported mimetype ('application/octet-stream'). Supported file formats are 'image/jpeg', 'image/png', and 'image/webp'.",
	},
	invalid_image_file: {
		status: 400,
		type: 'image_generation_user_error',
		code: 'invalid_image_file',
		param: 'image',
		message: 'Invalid image file or mode for image 1, please check your image file.',
	},
	invalid_input_fidelity_model: {
		status: 400,
		type: 'image_generation_user_error',
		code: 'invalid_input_fidelity_model',
		param: 'input_fidelity',
		message: "The model 'gpt-image-2' does not support the 'input_fidelity' parameter.",
	},
	invalid_value: {
		status: 400,
		type: invalid,
		code: 'invalid_value',
		param: 'quality',
		message:
			"Invalid value: 'hd'. Supported values are: 'low', 'medium', 'high', 'xhigh', 'max', and 'auto'.",
	},
	unknown_parameter: {
		status: 400,
		type: invalid,
		code: 'unknown_parameter',
		param: 'response_format',
		message: "Unknown parameter: 'response_format'.",
	},
	content_policy_violation: {
		status: 400,
		type: invalid,
		code: 'content_policy_violation',
		message: 'Your request was rejected as a result of our safety system.',
	},
	billing_hard_limit_reached: {
		status: 400,
		type: invalid,
		code: 'billing_hard_limit_reached',
		message: 'Billing hard limit has been reached.',
	},
	invalid_api_key: {
		status: 401,
		type: invalid,
		code: 'invalid_api_key',
		message:
			'Incorrect API key provided: sk-wrong. You can find your API key at https://platform.openai.com/account/api-keys.',
	},
	organization_not_verified: {
		status: 403,
		type: invalid,
		code: null,
		message:
			'Your organization must be verified to use the model `gpt-image-2.6-sunburst`. Please go to: https://platform.openai.com/settings/organization/general and click on Verify Organization. If you just verified, it can take up to 15 minutes for access to propagate.',
	},
	project_lacks_model: {
		status: 403,
		type: invalid,
		code: 'model_not_found',
		message: 'Project `proj_simulator` does not have access to model `gpt-image-2.6-sunburst`.',
	},
	unsupported_country_region_territory: {
		status: 403,
		type: 'request_forbidden',
		code: 'unsupported_country_region_territory',
		message: 'Country, region, or territory not supported',
	},
	model_not_found: {
		status: 404,
		type: invalid,
		code: 'model_not_found',
		message: 'The model `gpt-image-9` does not exist or you do not have access to it.',
	},
	model_retired: {
		status: 410,
		type: invalid,
		code: 'model_not_found',
		param: 'model',
		message: 'The model `dall-e-3` has been retired. Use a GPT image model instead.',
	},
	payload_too_large: {
		status: 413,
		type: invalid,
		code: null,
		message: 'The request body is too large.',
	},
	rate_limit_exceeded: {
		status: 429,
		type: 'images',
		code: 'rate_limit_exceeded',
		message:
			'Rate limit reached for gpt-image-2.6-sunburst (for limit gpt-image) in organization org-simulator on images per min: Limit 5, Used 5, Requested 1. Please try again in 12s. Visit https://platform.openai.com/account/rate-limits to learn more.',
	},
	slow_down: {
		status: 429,
		type: 'rate_limit_error',
		code: 'slow_down',
		message: 'Requests are increasing too quickly. Slow down and try again.',
	},
	insufficient_quota: quota(
		'insufficient_quota',
		'You exceeded your current quota, please check your plan and billing details.',
	),
	credit_balance_exhausted: quota(
		'credit_balance_exhausted',
		'Your credit balance is exhausted. Add credits to continue.',
	),
	organization_spend_limit_exceeded: quota(
		'organization_spend_limit_exceeded',
		'Your organization has reached its spend limit.',
	),
	project_spend_limit_exceeded: quota(
		'project_spend_limit_exceeded',
		'Your project has reached its spend limit.',
	),
	organization_usage_limit_exceeded: quota(
		'organization_usage_limit_exceeded',
		'Your organization has reached its usage limit.',
	),
	server_error: {
		status: 500,
		type: 'server_error',
		code: 'server_error',
		message:
			'The server had an error while processing your request. You can retry your request, or contact us through our help center at help.openai.com if the error persists.',
	},
	server_is_overloaded: {
		status: 503,
		type: 'service_unavailable_error',
		code: 'server_is_overloaded',
		message: 'Our servers are currently overloaded. Please try again later.',
	},
} satisfies Record<string, ErrorRow>;

/** Names of the errors a fault can ask for. */
export type FaultCode = keyof typeof ERRORS;

/** The errors by name. */
export const FAULT_TABLE: Readonly<Record<FaultCode, ErrorRow>> = ERRORS;

/** All names of the table. */
export const FAULT_CODES = Object.keys(ERRORS).filter(isFaultCode);

/** True for a name of the table. */
export function isFaultCode(code: unknown): code is FaultCode {
	return typeof code === 'string' && code in ERRORS;
}
