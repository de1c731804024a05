import { eachImage, page, says, text, unchanged, type Gateway } from './gateway';

const detail = (words: string) => ({ detail: words });

/** Servers made with FastAPI: vLLM, SGLang, LocalAI's kin, small wrappers. */
export const fastApi: Gateway = {
	troubles: {
		validation: [
			says(422, 'size must be 1024x1024', (msg) => ({
				detail: [{ type: 'value_error', loc: ['body', 'size'], msg, input: '512x512' }],
			})),
			says(422, 'Field required', (msg) => ({
				detail: [
					{ type: 'missing', loc: ['body', 'prompt'], msg, input: { model: 'gpt-image-2' } },
				],
			})),
			says(400, 'model does not support this size', detail),
			says(400, "'n' must be 1", (message) => ({
				object: 'error',
				message,
				type: 'BadRequestError',
				param: null,
				code: 400,
			})),
		],
		noKey: [says(401, 'Not authenticated', detail), says(403, 'Invalid API key', detail)],
		noCredit: [
			says(402, 'Insufficient credits', detail),
			says(403, 'Insufficient credits. A credit balance > 0 is required.', detail),
		],
		rateLimit: [
			says(429, 'Rate limit exceeded: 5 per 1 minute', (error) => ({ error })),
			says(429, 'Too Many Requests', detail, { 'retry-after': '1' }),
		],
		safety: [says(400, 'Prompt rejected by content moderation', detail)],
		modelNotFound: [
			says(404, 'Model gpt-image-9 not found', detail),
			says(404, 'The model `gpt-image-9` does not exist.', (message) => ({
				object: 'error',
				message,
				type: 'NotFoundError',
				param: 'model',
				code: 404,
			})),
			says(404, 'Not Found', detail),
		],
		tooLarge: [says(413, 'Request body too large', detail)],
		timeout: [says(504, 'Upstream timed out', detail), says(408, 'Request timeout', detail)],
		down: [text(500, 'Internal Server Error'), says(503, 'Model is loading', detail)],
	},
	success: ({ created, ...answer }) => ({
		created,
		data: eachImage(answer, (image) => ({ ...image, url: null, revised_prompt: null })),
	}),
};

const managed = (statusCode: number) => (message: string) => ({ statusCode, message });

/** Azure API Management in front of an API. */
export const apim: Gateway = {
	troubles: {
		validation: [
			says(
				400,
				'Body of the request does not conform to the definition which is associated with the content type application/json.',
				managed(400),
			),
		],
		noKey: [
			says(
				401,
				'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
				managed(401),
			),
		],
		noCredit: [
			says(
				403,
				'Out of call volume quota. Quota will be replenished in 12.05:30:00.',
				managed(403),
			),
		],
		rateLimit: [
			says(429, 'Rate limit is exceeded. Try again in 1 seconds.', managed(429), {
				'retry-after': '1',
			}),
			says(429, 'Token limit is exceeded. Try again in 1 seconds.', managed(429), {
				'retry-after': '1',
			}),
		],
		safety: [says(403, 'Request failed content safety check.', managed(403))],
		modelNotFound: [says(404, 'Resource not found', managed(404))],
		tooLarge: [says(413, 'Request body exceeds the allowed size.', managed(413))],
		timeout: [
			says(504, 'Backend timed out', managed(504)),
			says(500, 'Internal server error', (message) => ({
				statusCode: 500,
				message,
				activityId: '3f6b1c1e-0000-4000-8000-000000000001',
			})),
		],
		down: [
			says(503, 'Backend service is not available', managed(503)),
			page(
				503,
				'Our services aren&#39;t available right now',
				'Microsoft-Azure-Application-Gateway/v2',
			),
		],
	},
	success: unchanged,
};

const coded = (code: number) => (message: string) => ({ code, message, data: null });

/** Servers that answer 200 whatever happened, and say in the body what it was. */
export const wrapped: Gateway = {
	troubles: {
		validation: [says(200, 'parameter size is invalid', coded(1002))],
		noKey: [says(200, 'api key is invalid', coded(401))],
		noCredit: [
			says(200, 'insufficient balance', coded(1001)),
			says(400, 'Insufficient credits. Please top up.', coded(400)),
		],
		rateLimit: [says(200, 'too many requests', coded(429))],
		safety: [says(200, 'content is not compliant', coded(1301))],
		modelNotFound: [says(200, 'model gpt-image-9 does not exist', coded(1211))],
		tooLarge: [says(200, 'file is too large', coded(413))],
		timeout: [
			says(200, 'task timed out', coded(504)),
			says(200, 'generation timed out', (msg) => ({ code: 504, msg, request_id: 'a1' })),
		],
		down: [says(200, 'system busy', coded(500))],
	},
	success: unchanged,
};
