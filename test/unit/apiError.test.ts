import { apiError, type RawError } from '../../nodes/GptImage/errors/apiError';
import { statesError } from '../../nodes/GptImage/errors/errorText';
import type { ApiErrorClass, ApiFailure } from '../../nodes/GptImage/errors/failure';
import { Redactor } from '../../nodes/GptImage/errors/redact';

function hear(raw: RawError, ownWords: string[] = [], secrets: string[] = []): ApiFailure {
	const { details } = apiError(raw, { redactor: new Redactor(secrets), ownWords });
	if (details.kind !== 'api') throw new TypeError(details.kind);
	return details;
}

const error = (body: object) => JSON.stringify({ error: body });

const ENQUEUED =
	'Enqueued token limit reached for gpt-image-2 in organization org-1. Limit: 2,000,000 enqueued tokens. Please try again once some in_progress batches have been completed.';

describe('what an error is about is told', () => {
	it.each<[ApiErrorClass, number | undefined, string]>([
		// LiteLLM names a field, but it is about the key.
		[
			'credential',
			401,
			error({
				message: 'Authentication Error, Invalid proxy server token passed.',
				type: 'token_not_found_in_db',
				param: 'key',
				code: '401',
			}),
		],
		[
			'model',
			401,
			error({
				message: 'key not allowed to access model. Tried to access gpt-image-2',
				type: 'key_model_access_denied',
				param: 'model',
				code: '401',
			}),
		],
		// A key that lacks a scope is a good one.
		[
			'permission',
			401,
			error({
				message:
					'You have insufficient permissions for this operation. Missing scopes: api.model.images.request.',
				type: 'invalid_request_error',
				param: null,
				code: 'missing_scope',
			}),
		],
		[
			'permission',
			403,
			error({ message: 'You have insufficient permissions for this operation.', code: null }),
		],
		// A firewall's page is about neither.
		[
			'unknown',
			403,
			'<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head></html>',
		],
		// By code, whatever the words are.
		[
			'badParameter',
			400,
			error({
				message: 'Could not load https://x/models/a.jpg: model not found.',
				code: 'invalid_value',
				param: 'images[0].image_url',
			}),
		],
		[
			'badImage',
			400,
			error({
				message: 'Could not access https://x/photo.gif',
				code: 'invalid_image_url',
				param: 'image',
			}),
		],
		[
			'badParameter',
			400,
			error({ message: 'Invalid prompt: a cake, tier 2', code: 'invalid_value', param: 'prompt' }),
		],
		[
			'badParameter',
			400,
			error({
				message: "The model 'gpt-image-2' does not support the 'input_fidelity' parameter.",
				type: 'image_generation_user_error',
				param: 'input_fidelity',
				code: 'invalid_input_fidelity_model',
			}),
		],
		[
			'badImage',
			400,
			error({ message: 'no', type: 'image_generation_user_error', code: 'invalid_image_file' }),
		],
		[
			'badParameter',
			400,
			error({ message: 'no', type: 'image_generation_user_error', param: 'size', code: null }),
		],
		[
			'badParameter',
			400,
			error({ message: 'no', type: 'image_generation_user_error', code: 'some_new_code' }),
		],
		[
			'safety',
			400,
			error({ message: 'no', type: 'image_generation_user_error', code: null, param: null }),
		],
		[
			'safety',
			400,
			error({ message: 'no', type: 'image_generation_user_error', code: 'moderation_blocked' }),
		],
		['safety', 400, error({ message: 'no', code: 'contentFilter' })],
		['model', 404, error({ message: 'no', code: 'DeploymentNotFound' })],
		[
			'model',
			503,
			error({
				message: 'No available channel for model x',
				code: 'model_not_found',
				type: 'new_api_error',
			}),
		],
		[
			'rateLimit',
			429,
			error({
				message:
					'Rate limit reached on input-images per min: Limit 4000, Used 4000. Please try again in 467ms.',
				code: 'rate_limit_exceeded',
				type: 'input-images',
			}),
		],
		[
			'tooMuchPerRequest',
			429,
			error({ message: 'Rate limit reached: Limit 5, Requested 10.', code: 'rate_limit_exceeded' }),
		],
		['tooMuchPerRequest', 429, 'limit: 4000, used: 0, requested: 4100'],
		// openai/openai-python issue 2084, and the same where a gateway drops the code.
		['batchQueue', 400, error({ message: ENQUEUED, code: 'token_limit_exceeded' })],
		['batchQueue', 400, error({ message: ENQUEUED })],
		['batchQueue', 429, error({ message: ENQUEUED })],
		['rateLimit', 429, 'limit: 4000, used: 3999, requested: 3'],
		// No credit, in the words of gateways.
		[
			'billing',
			429,
			error({
				message: 'gateway: You exceeded your current quota, please check your plan',
				type: 'None',
				param: 'None',
				code: '429',
			}),
		],
		['billing', 429, error({ message: 'You exceeded your current quota', code: 429 })],
		['billing', 402, error({ message: 'Insufficient credits. Add more.', code: 402 })],
		[
			'billing',
			403,
			error({
				message: 'user quota is not enough',
				code: 'insufficient_user_quota',
				type: 'new_api_error',
			}),
		],
		['billing', 200, '{"code":1001,"message":"insufficient balance"}'],
		[
			'billing',
			undefined,
			error({ message: 'Your credit balance is too low', type: 'invalid_request_error' }),
		],
		['billing', 500, error({ message: '用户额度不足', type: 'new_api_error' })],
		[
			'spendLimit',
			400,
			error({
				message: 'Budget has been exceeded! Current cost: 5, Max budget: 5',
				type: 'budget_exceeded',
				code: '400',
			}),
		],
		// Safety, in the words of gateways.
		[
			'safety',
			400,
			error({
				message: 'Your request was rejected by the safety system. safety_violations=[violence].',
				type: 'None',
				param: 'None',
				code: '400',
			}),
		],
		[
			'safety',
			400,
			error({
				message: 'litellm.ContentPolicyViolationError: content management policy',
				type: null,
				code: '400',
			}),
		],
		[
			'safety',
			403,
			error({
				message: 'Input was flagged',
				code: 403,
				metadata: { reasons: ['sexual'], flagged_input: 'x' },
			}),
		],
		[
			'safety',
			400,
			error({
				message: 'Provider returned error',
				code: 400,
				metadata: {
					raw: error({ message: 'no', code: 'moderation_blocked' }),
					provider_name: 'OpenAI',
				},
			}),
		],
		// By a code that nobody knows.
		['badImage', 400, error({ message: 'no', code: 'image_decoding_failed' })],
		['badImage', 400, error({ message: 'no', code: 'image_decoding_failed', param: 'image' })],
		['badParameter', 400, error({ message: 'no', code: 'image_count_too_high' })],
		// By the field, unless the words are about another.
		['model', 400, error({ message: 'The model does not exist', param: 'model' })],
		['badParameter', 400, error({ message: 'It is too long', param: 'model' })],
		// By type.
		['billing', 429, error({ message: 'no', type: 'insufficient_quota' })],
		['credential', 400, error({ message: 'no', type: 'authentication_error' })],
		['overloaded', 500, error({ message: 'Overloaded', type: 'overloaded_error' })],
		[
			'unverified',
			403,
			error({
				message: 'Your organization must be verified to use the model `gpt-image-2`.',
				type: 'invalid_request_error',
				param: null,
				code: null,
			}),
		],
		['lowTier', 403, error({ message: 'Your usage tier does not include this model.' })],
		['noPreview', 403, error({ message: 'This project is not in the GIF preview.' })],
		['model', 403, error({ message: 'Project `p` does not have access to model `m`' })],
		['model', 400, 'unknown model alias'],
		['badParameter', 400, '{"detail":"model does not support this size"}'],
		['badParameter', 422, '{"detail":[{"loc":["body","size"],"msg":"size must be 1024x1024"}]}'],
		// By status alone.
		['credential', 401, '{"error":[{"code":2009,"message":"Unauthorized"}]}'],
		['permission', 403, ''],
		['address', 404, '<html><title>404 Not Found</title></html>'],
		[
			'unsupported',
			404,
			error({ message: 'No endpoints found that support image input', code: 404 }),
		],
		['unsupported', 405, ''],
		['proxyCredential', 407, ''],
		['gatewayTimeout', 408, ''],
		['unsupported', 415, ''],
		['country', 451, ''],
		['proxy', 502, '<html><title>502 Bad Gateway</title></html>'],
		['gatewayTimeout', 504, error({ message: 'upstream timed out', code: 504 })],
		['gatewayTimeout', 524, '<!DOCTYPE html><title>api.example | 524: A timeout occurred</title>'],
		['proxy', 522, ''],
		['serverFault', 555, ''],
		['badParameter', 444, ''],
		['rateLimit', 500, error({ message: 'upstream said no', code: 429 })],
		['gatewayTimeout', undefined, error({ message: 'upstream timed out', code: 'timeout' })],
		['unknown', undefined, error({ message: 'no' })],
		['badParameter', 418, ''],
	])('%s of %s %s', (kind, status, said) => {
		expect(hear({ status, said }).class).toBe(kind);
	});
});

describe('the words of other servers are shown', () => {
	it.each<[string, string, string, object?]>([
		[
			'FastAPI',
			'{"detail":[{"loc":["body","size"],"msg":"size must be 1024x1024"}]}',
			'size must be 1024x1024',
			{ param: 'size' },
		],
		[
			'FastAPI, many',
			'{"detail":[{"loc":["body","a"],"msg":"1"},{"loc":["body","b",0],"msg":"2"}]}',
			'1; 2',
			{ param: 'a' },
		],
		['FastAPI, a text', '{"detail":"no such size"}', 'no such size'],
		['Deep Infra', '{"detail":{"error":"no such size"}}', 'no such size'],
		['APIM', '{"statusCode":401,"message":"missing subscription key"}', 'missing subscription key'],
		[
			'Cloudflare',
			'{"success":false,"errors":[{"code":7003,"message":"no route"}],"messages":[]}',
			'no route',
			{ code: '7003' },
		],
		[
			'a list',
			'{"error":[{"code":2009,"message":"Unauthorized"}]}',
			'Unauthorized',
			{ code: '2009' },
		],
		['an outer list', '[{"error":{"code":401,"message":"no","status":"INVALID_ARGUMENT"}}]', 'no'],
		['a text in place of the object', '{"error":"no"}', 'no'],
		['xAI', '{"code":"Client error","error":"no"}', 'no', { code: 'Client error' }],
		['a list of texts', '{"id":"1","name":"bad_request","errors":["no","nor"]}', 'no; nor'],
		[
			'OpenRouter',
			'{"error":{"code":401,"message":"Provider returned error","metadata":{"raw":"Invalid size 512x512","provider_name":"X"}}}',
			'Provider returned error: Invalid size 512x512',
		],
		[
			'JSON in a text',
			'{"error":{"message":"OpenAIException - {\\"error\\":{\\"message\\":\\"no\\",\\"code\\":\\"invalid_value\\",\\"param\\":\\"size\\"}}","code":"401","type":"None","param":"None"}}',
			'OpenAIException - no',
			{ code: 'invalid_value', param: 'size' },
		],
		['RFC 9457', '{"type":"about:blank","title":"Forbidden","status":403,"detail":"no"}', 'no'],
		[
			'Apigee',
			'{"fault":{"faultstring":"no","detail":{"errorcode":"x.y"}}}',
			'no',
			{ code: 'x.y' },
		],
		['AWS', '{"Message":"no"}', 'no'],
		['Spring', '{"timestamp":1,"status":404,"error":"Not Found","path":"/v1"}', 'Not Found'],
		['plain text', 'unknown model alias', 'unknown model alias'],
		[
			'a page',
			'<html>\n<head><title>504 Gateway\n Time-out</title></head><body>nginx</body>',
			'504 Gateway Time-out',
		],
		['a page without title', '<html><body><h1>Bad Gateway</h1>', 'Bad Gateway'],
		['XML', '<?xml version="1.0"?><Error><Code>X</Code><Message>no</Message></Error>', 'no'],
		[
			'an event',
			'event: error\ndata: {"error":{"message":"no","code":"x"}}\n\n',
			'no',
			{ code: 'x' },
		],
		[
			'an event without a name',
			'data: {"error":{"message":"no","code":"x"}}\n\nid: 5',
			'no',
			{ code: 'x' },
		],
		['FastAPI, of all of it', '{"detail":[{"loc":["body"],"msg":"no"}]}', 'no'],
		['a byte order mark', '\uFEFF{"error":{"message":"no"}}', 'no'],
		['nothing', '{"error":{"message":null,"type":"None","param":"None","code":"None"}}', ''],
		['bytes', '\u0000\u0001\uFFFD\uFFFD\uFFFDJFIF', ''],
	])('%s', (_, said, reason, more = {}) => {
		const { reason: shown, code, param, type } = hear({ status: 401, said });
		expect({ reason: shown, code, param }).toEqual({
			reason,
			code: undefined,
			param: undefined,
			...more,
		});
		expect(type).not.toBe('None');
	});

	it('wherever the text is cut off', () => {
		const whole = error({ message: 'a "long" text \\ with all\tsorts', code: 'x', param: 'size' });
		for (let end = whole.indexOf('long'); end < whole.length; end++) {
			const { reason } = hear({ status: 400, said: whole.slice(0, end) });
			expect('a "long" text \\ with all sorts').toContain(reason);
		}
		expect(hear({ status: 400, said: whole.slice(0, -1) })).toMatchObject({
			code: 'x',
			param: 'size',
		});
	});
});

describe('categories of a safety refusal', () => {
	it.each<[string, object]>([
		["OpenAI's", { moderation_details: { moderation_stage: 'input', categories: ['violence'] } }],
		[
			"Azure's",
			{
				innererror: {
					code: 'ResponsibleAIPolicyViolation',
					content_filter_result: {
						hate: { filtered: false },
						violence: { filtered: true, severity: 'high' },
					},
				},
			},
		],
		["OpenRouter's", { metadata: { reasons: ['violence'] } }],
		['in words', { message: 'safety_violations=[violence].' }],
	])('%s', (_, body) => {
		const failure = hear({
			status: 400,
			said: error({ code: 'content_filter', message: 'no', ...body }),
		});
		expect(failure).toMatchObject({ class: 'safety', moderation: { categories: ['violence'] } });
	});
});

describe("the user's own words, repeated by a server,", () => {
	const prompt =
		'A poster that says: you exceeded your current quota, insufficient credits, the model does not exist, usage tier 2, blocked by the safety system';
	it.each([
		['the prompt', `Bad request: "${prompt}"`],
		['a part of the prompt', `Bad request: ${prompt.slice(20, 110)}...`],
		['the prompt in capitals', `BAD REQUEST: ${prompt.toUpperCase()}`],
		[
			'an address',
			'Could not load https://shop.example/insufficient-credits/model-not-found/usage tier',
		],
	])('are not the reason: %s', (_, message) => {
		expect(hear({ status: 400, said: error({ message }) }, [prompt]).class).toBe('badParameter');
		expect(hear({ status: 429, said: error({ message }) }, [prompt]).class).toBe('rateLimit');
	});

	it('do not hide what the server says beside them', () => {
		const long = 'lorem ipsum dolor sit amet '.repeat(1185);
		const said = error({ message: `Prompt ${long} was rejected by our safety system` });
		expect(hear({ status: 400, said }, [long]).class).toBe('safety');
	});
});

// One quadratic expression, and this would take minutes.
it('a long text is read in one go, whatever it repeats', () => {
	const units = [
		'limit 1 ',
		'gif ',
		'preview ',
		'model ',
		'tier ',
		'requested: 1',
		'https://',
		'<title',
		'{"a":',
		'\\',
		'[',
		'%25',
		'&amp;',
		'sk-',
	];
	for (const unit of units) {
		const said = unit.repeat(Math.ceil((256 * 1024) / unit.length));
		const secrets = ['sk-proj-0123456789', 'gif gif gif gif', '%25%25%25'];
		const own = [said.slice(0, 32_000)];
		const texts = [
			said,
			error({ message: said }),
			error({ message: 'no', code: said, param: said }),
		];
		for (const text of texts) {
			const { reason, code = '', param = '' } = hear({ status: 400, said: text }, own, secrets);
			expect(reason.length).toBeLessThanOrEqual(500);
			expect(code.length + param.length).toBeLessThanOrEqual(200);
		}
	}
});

describe('an answer that came as a success', () => {
	it.each<Record<string, unknown>>([
		{ error: 'no' },
		{ error: { code: 'x' } },
		{ errors: ['no'] },
		{ success: false },
		{ detail: 'no' },
		{ code: 1, message: 'no' },
		{ code: 'InvalidParameter', message: 'no' },
	])('states an error: %j', (body) => {
		expect(statesError(body)).toBe(true);
	});

	it.each<Record<string, unknown>>([
		{ data: [] },
		{ error: null, data: [] },
		{ error: {}, errors: [], success: true },
		{ detail: 'high', data: [] },
		{ code: 0, message: 'done' },
		{ code: 200, message: 'done' },
		{ code: 'Success', message: 'done' },
		{ code: '0', message: 'done' },
		{ code: 7 },
	])('states none: %j', (body) => {
		expect(statesError(body)).toBe(false);
	});
});
