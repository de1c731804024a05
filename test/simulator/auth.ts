import { ApiError, apiError } from './apiError';
import type { http } from '../node';

const MISSING =
	"You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API from your browser and are prompted for a username and password. You can obtain an API key from https://platform.openai.com/account/api-keys.";

/**
 * Checks the key in `authorization` or, as for Azure, in `api-key`.
 * @throws ApiError 401
 */
export function authorise(headers: http.IncomingHttpHeaders, apiKey: string): void {
	const azure = headers['api-key'];
	const [, bearer] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
	const key = bearer ?? (typeof azure === 'string' ? azure : undefined);
	if (key === apiKey) return;
	if (key) {
		throw apiError('invalid_api_key', {
			message: `Incorrect API key provided: ${masked(key)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
		});
	}
	throw new ApiError(401, {
		error: { message: MISSING, type: 'invalid_request_error', param: null, code: null },
	});
}

/** OpenAI's own way to name a key without telling it. */
function masked(key: string): string {
	return key.length < 12 ? '*'.repeat(key.length) : `${key.slice(0, 8)}****${key.slice(-4)}`;
}
