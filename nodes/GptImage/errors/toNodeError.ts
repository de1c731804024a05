import {
	NodeApiError,
	NodeOperationError,
	jsonParse,
	type IDataObject,
	type IExecuteFunctions,
	type JsonObject,
} from 'n8n-workflow';
import { adviseOn } from './advice';
import { RequestFailure, type ApiFailure, type FailureDetails } from './failure';
import { itemLabel } from './parameterError';
import type { Redactor } from './redact';
import { canRetryHelp } from '../openai/retry/retryDecision';
import { isRecord, toDataObject } from '../values';

/**
 * Makes n8n's error of anything that ended an item: message says what happened, description what to do.
 *
 * @param problem what was thrown
 * @param itemIndex the item it belongs to; `undefined` for none
 * @param redactor takes out what must not be passed on
 */
export function toNodeError(
	context: Pick<IExecuteFunctions, 'getNode'>,
	problem: unknown,
	itemIndex: number | undefined,
	redactor: Redactor,
): NodeApiError | NodeOperationError {
	const error = errorOf(context, problem, itemIndex, redactor);
	error.context.itemIndex ??= itemIndex;
	hideIndexSaid(error);
	return error;
}

/** n8n's editor adds a label of its own, counted from 0, to an error whose item it knows: ours is enough. */
function hideIndexSaid({ message, context }: NodeApiError | NodeOperationError) {
	const { itemIndex } = context;
	if (typeof itemIndex !== 'number' || !message.includes(itemLabel(itemIndex))) return;
	Object.defineProperty(context, 'itemIndex', { enumerable: false });
}

function errorOf(
	context: Pick<IExecuteFunctions, 'getNode'>,
	problem: unknown,
	itemIndex: number | undefined,
	redactor: Redactor,
): NodeApiError | NodeOperationError {
	if (problem instanceof NodeApiError || problem instanceof NodeOperationError) return problem;
	if (problem instanceof RequestFailure) return fromFailure(context, problem, itemIndex, redactor);
	// An expression that cannot be resolved, for example.
	const cause = problem instanceof Error ? problem : new Error(String(problem));
	const error = new NodeOperationError(context.getNode(), cause, { itemIndex });
	error.message = `${cause.message}${place(itemIndex)}`;
	return error;
}

/** What a workflow can branch on: `details` of an item on the error output. */
export function errorDetails(error: NodeApiError | NodeOperationError): IDataObject {
	const { data } = error.context;
	return { ...(isRecord(data) && toDataObject(data)), description: error.description ?? '' };
}

const place = (itemIndex: number | undefined) =>
	itemIndex === undefined ? '' : ` ${itemLabel(itemIndex)}`;

function fromFailure(
	context: Pick<IExecuteFunctions, 'getNode'>,
	failure: RequestFailure,
	itemIndex: number | undefined,
	redactor: Redactor,
): NodeApiError {
	const { message, remedy, cause } = adviseOn(failure.details);
	const { details } = failure;
	const isBilled = ['maybe', 'yes'].includes(failure.billing);
	const { kind, requestId } = details;
	// What the API says was redacted already (apiError); other words may name an address or a path.
	const reason = redactor.text(details.reason);
	const { class: about, status, code, param, moderation, ...shown } = shownOf(details);
	const data = jsonParse<JsonObject>(
		JSON.stringify({
			kind,
			class: about,
			status,
			code,
			param,
			requestId,
			moderation,
			reason,
			...shown,
			retryable: canRetryHelp(failure),
			...(isBilled && { mayBeBilled: true }),
		}),
	);
	const facts = Object.entries({ field: param, code, request: requestId })
		.filter(([, value]) => value !== undefined)
		.map(([name, value]) => `${name}: ${value}`);
	const said = reason === '' ? '' : ` ${kind === 'api' ? 'The API says' : 'Details'}: "${reason}"`;
	const factual = facts.length > 0 ? ` (${facts.join(', ')})` : '';
	const title = `${message}${categories(moderation)}${place(itemIndex)}`;
	const error = new NodeApiError(context.getNode(), data, {
		message: title,
		description: `${remedy}${isBilled ? BILLED : ''}${said}${factual}${address(details)}`,
		httpCode: status === undefined ? undefined : String(status),
		itemIndex,
		...(cause && { failure: { cause } }),
	});
	error.message = title;
	error.context.data = data;
	return error;
}

/** What to know before a request is sent again by hand. */
const BILLED = ' The image may have been paid for, so the node did not ask again.';

/** Where the image is, for those who see no `details`: a run that ends, an agent. */
function address(details: FailureDetails): string {
	const [first] = details.kind === 'answer' ? (details.links ?? []) : [];
	return first === undefined || first.length > LONGEST_ADDRESS ? '' : ` The image is at ${first}`;
}

/** In characters; signed links have several hundred. */
const LONGEST_ADDRESS = 2000;

/** What a kind of failure tells beyond its words. */
function shownOf(details: FailureDetails) {
	const none: Partial<
		Pick<ApiFailure, 'class' | 'status' | 'code' | 'type' | 'param' | 'moderation'>
	> = {};
	switch (details.kind) {
		case 'api': {
			const { status, code, type, param, moderation, class: about } = details;
			return { ...none, class: about, status, code, type, param, moderation };
		}
		case 'connection':
			return { ...none, code: details.code };
		case 'redirect':
			return { ...none, status: details.status };
		case 'budget':
			return { ...none, code: details.code, ...details.budget };
		case 'answer':
			return { ...none, links: details.links };
		default:
			return none;
	}
}

function categories(moderation: ApiFailure['moderation']): string {
	const named = moderation?.categories;
	return Array.isArray(named) && named.every(isText) && named.length > 0
		? ` (${named.join(', ')})`
		: '';
}

const isText = (value: unknown) => typeof value === 'string';
