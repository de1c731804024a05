import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type JsonObject,
} from 'n8n-workflow';
import { adviseOn } from './advice';
import { RequestFailure, type FailureDetails } from './failure';

/** Longest text of the API that is passed on, in characters. */
const MAX_REASON = 500;

/**
 * Makes the error for a parameter or input that cannot be right; found before anything is sent.
 *
 * @param problem what is wrong, beginning with the field's name in the panel
 * @param remedy what to do about it
 */
export function badInput(
	context: Pick<IExecuteFunctions, 'getNode'>,
	itemIndex: number,
	problem: string,
	remedy: string,
): NodeOperationError {
	const message = `${problem} [item ${itemIndex}]`;
	const error = new NodeOperationError(context.getNode(), message, {
		itemIndex,
		description: remedy,
		failure: { cause: 'configuration-invalid' },
	});
	// n8n rewrites messages that happen to contain an error code, such as "eexist" in "preexisting".
	error.message = message;
	return error;
}

/**
 * Makes n8n's error of anything that ended an item: message says what happened, description what to do.
 *
 * @param problem what was thrown
 * @param itemIndex the item it belongs to
 */
export function toNodeError(
	context: IExecuteFunctions,
	problem: unknown,
	itemIndex: number,
): NodeApiError | NodeOperationError {
	if (problem instanceof NodeApiError || problem instanceof NodeOperationError) {
		problem.context.itemIndex ??= itemIndex;
		return problem;
	}
	if (problem instanceof RequestFailure) return fromFailure(context, problem.details, itemIndex);
	const error = problem instanceof Error ? problem : new Error(String(problem));
	return new NodeOperationError(context.getNode(), error, { itemIndex });
}

/** What a workflow can branch on: `details` of an item on the error output. */
export function errorDetails(error: NodeApiError | NodeOperationError): IDataObject {
	const data = error.context.data;
	const details = typeof data === 'object' && data !== null ? { ...data } : {};
	return { ...details, description: error.description ?? '' };
}

function fromFailure(
	context: IExecuteFunctions,
	failure: FailureDetails,
	itemIndex: number,
): NodeApiError {
	const { message, remedy, cause } = adviseOn(failure);
	const { status, code, type, param, requestId, moderation, kind } = failure;
	const reason = clean(failure.reason);
	const data: JsonObject = JSON.parse(
		JSON.stringify({ kind, status, code, type, param, requestId, moderation, reason }),
	);
	const facts = [
		param !== undefined && `field: ${clean(param)}`,
		code !== undefined && `code: ${clean(code)}`,
		requestId !== undefined && `request: ${clean(requestId)}`,
	].filter((fact) => fact !== false);
	const said = reason === '' ? '' : ` ${kind === 'api' ? 'The API says' : 'Details'}: "${reason}"`;
	const factual = facts.length > 0 ? ` (${facts.join(', ')})` : '';
	const title = `${message}${categories(moderation)} [item ${itemIndex}]`;
	const error = new NodeApiError(context.getNode(), data, {
		message: title,
		description: `${remedy}${said}${factual}`,
		httpCode: status === undefined ? undefined : String(status),
		itemIndex,
		...(cause && { failure: { cause } }),
	});
	error.message = title;
	error.context.data = data;
	return error;
}

function categories(moderation: IDataObject | undefined): string {
	const named = moderation?.categories;
	return Array.isArray(named) && named.length > 0 ? ` (${named.map(String).join(', ')})` : '';
}

/** The API's text is shown, never trusted: no control characters, no page of a proxy, not the key. */
function clean(text: string): string {
	return text
		.replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
		.replace(/\b(sk|sess)-[\w*-]{6,}/g, '[key]')
		.trim()
		.slice(0, MAX_REASON);
}
