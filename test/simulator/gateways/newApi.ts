import { eachImage, says, type Gateway } from './gateway';

const REQUEST = ' (request id: 20261125231200123456789AbCdEfGh)';
const relayed =
	(code: string | null, type = 'new_api_error', param = '') =>
	(message: string) => ({ error: { message: message + REQUEST, type, param, code } });

/** new-api and its relatives (one-api): many relays run it, some in Chinese. */
export const newApi: Gateway = {
	troubles: {
		validation: [
			says(400, 'size must be one of 1024x1024, 1536x1024, 1024x1536', relayed('invalid_request')),
			says(
				400,
				"Unknown parameter: 'style'.",
				relayed('unknown_parameter', 'invalid_request_error', 'style'),
			),
		],
		noKey: [says(401, '无效的令牌', relayed(''))],
		noCredit: [
			says(403, 'user quota is not enough', relayed('insufficient_user_quota')),
			says(403, '用户额度不足, 剩余额度: ＄0.000000', relayed('insufficient_user_quota')),
			says(
				403,
				'预扣费额度失败, 用户剩余额度: ＄0.010000, 需要预扣费额度: ＄0.053000',
				relayed('pre_consume_token_quota_failed'),
			),
			says(
				429,
				'gateway: You exceeded your current quota, please check your plan and billing details.',
				relayed('429', 'None', 'None'),
			),
		],
		rateLimit: [
			says(429, '当前分组上游负载已饱和，请稍后再试', relayed(null, 'upstream_error', '429')),
			says(
				429,
				'您已达到请求数限制：1分钟内最多请求5次',
				relayed('rate_limit_exceeded', 'new_api_error'),
			),
		],
		safety: [
			says(
				400,
				'Your request was rejected by the safety system. safety_violations=[violence].',
				relayed('400', 'None', 'None'),
			),
			says(400, '用户输入包含敏感词', relayed('sensitive_words_detected')),
		],
		modelNotFound: [
			says(
				503,
				'No available channel for model gpt-image-9 under group default (distributor)',
				relayed('model_not_found'),
			),
			says(503, '分组 default 下模型 gpt-image-9 无可用渠道', relayed('model_not_found')),
		],
		tooLarge: [says(413, 'request body too large', relayed('read_request_body_failed'))],
		timeout: [
			says(504, 'openai_error', relayed('bad_response_status_code', 'openai_error', '504')),
			says(500, 'do request failed', relayed('do_request_failed')),
		],
		down: [
			says(
				502,
				'bad response status code 502',
				relayed('bad_response_status_code', 'upstream_error', '502'),
			),
		],
	},
	success: (answer) => ({
		...answer,
		data: eachImage(answer, (image) => ({ url: '', revised_prompt: '', ...image })),
	}),
};
