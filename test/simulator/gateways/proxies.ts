import { page, says, text, unchanged, type Gateway } from './gateway';

/** A reverse proxy that answers with its own pages. */
export const nginx: Gateway = {
	troubles: {
		validation: [page(400, '400 Bad Request', 'nginx/1.27.2')],
		noKey: [page(401, '401 Authorization Required', 'nginx')],
		noCredit: [page(402, '402 Payment Required', 'nginx')],
		rateLimit: [
			page(429, '429 Too Many Requests', 'nginx'),
			page(503, '503 Service Temporarily Unavailable', 'nginx'),
		],
		safety: [page(451, '451 Unavailable For Legal Reasons', 'nginx')],
		modelNotFound: [page(404, '404 Not Found', 'nginx/1.27.2')],
		tooLarge: [page(413, '413 Request Entity Too Large', 'nginx/1.27.2')],
		timeout: [
			page(504, '504 Gateway Time-out', 'nginx'),
			page(408, '408 Request Time-out', 'nginx'),
		],
		down: [page(502, '502 Bad Gateway', 'nginx/1.27.2')],
	},
	success: unchanged,
};

/** Proxies that answer with a line of text: Envoy, Go's own server, small relays. */
export const plain: Gateway = {
	troubles: {
		validation: [text(400, 'unknown model alias'), text(415, 'unsupported media type')],
		noKey: [text(401, 'Unauthorized'), text(407, 'Proxy Authentication Required')],
		noCredit: [text(402, 'Payment required: your balance is 0')],
		rateLimit: [
			text(429, 'Too many requests, please try again later.', { 'retry-after': '1' }),
			text(429, 'local_rate_limited', { server: 'envoy' }),
		],
		safety: [text(400, 'prompt rejected by content policy')],
		modelNotFound: [text(404, '404 page not found'), text(404, 'no such model: gpt-image-9')],
		tooLarge: [text(413, 'http: request body too large'), text(413, 'Payload Too Large')],
		timeout: [
			text(504, 'upstream request timeout', { server: 'envoy' }),
			text(408, 'stream timeout', { server: 'envoy' }),
		],
		down: [
			text(503, 'no healthy upstream', { server: 'envoy' }),
			text(
				503,
				'upstream connect error or disconnect/reset before headers. reset reason: connection timeout',
				{ server: 'envoy' },
			),
		],
	},
	success: unchanged,
};

const cf = { server: 'cloudflare', 'cf-ray': '9a1b2c3d4e5f6789-FRA' };

/** A site behind Cloudflare: pages and `error code: NNN`. */
export const cloudflarePage: Gateway = {
	troubles: {
		validation: [page(400, '400 Bad Request', 'cloudflare', cf)],
		noKey: [page(403, 'Attention Required! | Cloudflare', 'cloudflare', cf)],
		noCredit: [page(402, '402 Payment Required', 'cloudflare', cf)],
		rateLimit: [
			{ status: 429, body: 'error code: 1015', headers: cf, words: 'error code: 1015' },
			page(
				429,
				'Access denied | Cloudflare used by this site to restrict access',
				'cloudflare',
				cf,
			),
		],
		safety: [page(403, 'Sorry, you have been blocked', 'cloudflare', cf)],
		modelNotFound: [page(404, '404 Not Found', 'cloudflare', cf)],
		tooLarge: [page(413, '413 Payload Too Large', 'cloudflare', cf)],
		timeout: [
			{ status: 524, body: 'error code: 524', headers: cf, words: 'error code: 524' },
			page(524, 'api.example.com | 524: A timeout occurred', 'cloudflare', cf),
			page(522, 'api.example.com | 522: Connection timed out', 'cloudflare', cf),
		],
		down: [
			{ status: 502, body: 'error code: 502', headers: cf, words: 'error code: 502' },
			page(521, 'api.example.com | 521: Web server is down', 'cloudflare', cf),
			page(503, 'Just a moment...', 'cloudflare', cf),
		],
	},
	success: unchanged,
};

const errors = (code: number) => (message: string) => ({
	success: false,
	errors: [{ code, message }],
	messages: [],
	result: null,
});
/** Cloudflare's AI Gateway spells it so. */
const error = (code: number) => (message: string) => ({
	success: false,
	result: [],
	messages: [],
	error: [{ code, message }],
});

/** Cloudflare's own API and its AI Gateway. */
export const cloudflareJson: Gateway = {
	troubles: {
		validation: [
			says(
				400,
				'AiError: Bad input: Valid fields: prompt, images, quality, size, background, output_format',
				errors(5006),
				cf,
			),
		],
		noKey: [
			says(401, 'Unauthorized', error(2009), cf),
			says(403, 'Authentication error', errors(10000), cf),
		],
		noCredit: [
			says(
				429,
				'you have used up your daily free allocation of 10,000 neurons, please upgrade to a paid plan',
				errors(4006),
				cf,
			),
		],
		rateLimit: [
			says(429, 'Rate limited', error(2003), cf),
			says(
				429,
				'More than 1200 requests per 300 seconds reached. Please wait and consider throttling your request speed',
				errors(971),
				cf,
			),
		],
		safety: [says(424, 'Prompt blocked due to security configurations', error(2016), cf)],
		modelNotFound: [
			says(400, 'No such model gpt-image-9 or task', errors(5007), cf),
			says(
				400,
				'Could not route to /v1/images/generations, perhaps your object identifier is invalid?',
				errors(7003),
				cf,
			),
		],
		tooLarge: [says(413, 'request is too large', errors(3006), cf)],
		timeout: [says(408, 'AiError: Request timeout', errors(3007), cf)],
		down: [says(500, 'internal server error', errors(3001), cf)],
	},
	success: unchanged,
};
