import { FAULT_TABLE, type ErrorRow, type FaultCode } from './errors';

/** The body OpenAI sends with every failure. */
export interface ErrorBody {
	error: {
		message: string;
		type: string;
		param: string | null;
		code: string | null;
		moderation_details?: { moderation_stage: string; categories: string[] };
	};
}

/** A failure the API answers with its own status and body. */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		readonly body: ErrorBody,
		readonly headers: Record<string, string> = {},
	) {
		super(body.error.message);
	}
}

/** The API's own error of that name, with other details if given. */
export function apiError(code: FaultCode, details: Partial<ErrorRow> = {}): ApiError {
	const { status, message, type, param, ...row } = { ...FAULT_TABLE[code], ...details };
	const { moderation_details } = row;
	return new ApiError(status, {
		error: {
			message,
			type,
			param: param ?? null,
			code: row.code,
			...(moderation_details && { moderation_details }),
		},
	});
}

/** A 400 about one parameter of the request. */
export function badRequest(message: string, param: string | null, code: string | null): ApiError {
	return new ApiError(400, { error: { message, type: 'invalid_request_error', param, code } });
}

/** A 400 about what an image model can make of the request; told by another type than the others. */
export function badImageRequest(message: string, param: string | null, code: string): ApiError {
	return new ApiError(400, {
		error: { message, type: 'image_generation_user_error', param, code },
	});
}

/** The body for a status nobody gave a body for. */
export function bodyForStatus(status: number): ErrorBody {
	const row = Object.values(FAULT_TABLE).find((candidate) => candidate.status === status);
	const isRefusal = status > 400 && status < 500 && status !== 408 && status !== 409;
	if (status === 400 || (!row && isRefusal)) {
		return badRequest('The request is invalid.', null, null).body;
	}
	const { message, type, code } = row ?? FAULT_TABLE.server_error;
	return { error: { message, type, param: null, code } };
}
