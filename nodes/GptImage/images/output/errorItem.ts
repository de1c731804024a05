import {
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type NodeApiError,
} from 'n8n-workflow';
import { RequestFailure } from '../../errors/failure';
import { agentToolOf, isToldAsResult } from './agentTool';
import { errorDetails } from '../../errors/toNodeError';
import { counted } from '../../values';
import type { PassedOn } from '../../operations/parameters/passedOn';

/** Whether a failed item comes out as an item with `error`, and the others go on. */
export const continues = (context: IExecuteFunctions) =>
	context.continueOnFail() || isToldAsResult(context);

/** Says how many images are lost with a failure that ends the run. */
export function withCount<NodeError extends NodeApiError | NodeOperationError>(
	error: NodeError,
	images: number,
): NodeError {
	if (images === 0) return error;
	const made = `${counted(images, 'image')} ${images === 1 ? 'was' : 'were'}`;
	const lost = `${made} made before this and not passed on. Set On Error to Continue in the node's settings to keep what was made.`;
	error.description = `${lost} ${error.description ?? ''}`;
	return error;
}

/** So much of a refused prompt is quoted, in characters. */
const MAX_QUOTE = 160;

/** Quotes the prompt of an item that was refused for what it shows: among hundreds nobody knows which it was. */
export function withPrompt<NodeError extends NodeApiError | NodeOperationError>(
	error: NodeError,
	problem: unknown,
	prompt: unknown,
): NodeError {
	const isRefused =
		problem instanceof RequestFailure &&
		problem.details.kind === 'api' &&
		problem.details.class === 'safety';
	if (!isRefused || typeof prompt !== 'string') return error;
	const characters = [...prompt.slice(0, 2 * MAX_QUOTE)];
	const quote = characters.slice(0, MAX_QUOTE).join('').replace(/\s+/g, ' ');
	const isWhole = prompt.length <= MAX_QUOTE;
	error.description = `${error.description ?? ''} The prompt was: "${quote}${isWhole ? '' : '…'}"`;
	return error;
}

/** Whether failed items leave the node by an output of their own. */
export const hasErrorOutput = (context: IExecuteFunctions) =>
	context.getNode().onError === 'continueErrorOutput';

/** @param passedOn what of the input goes on with a failed item */
export function errorItem(
	context: IExecuteFunctions,
	error: NodeApiError | NodeOperationError,
	itemIndex: number,
	{ json, binary }: PassedOn = {},
): INodeExecutionData {
	const told = { error: error.message, details: errorDetails(error) };
	const pairedItem = { item: itemIndex };
	// An agent knows what it has asked for.
	if (agentToolOf(context) !== undefined) return { json: { error: told.error }, pairedItem };
	const files = binary && { binary };
	if (!hasErrorOutput(context)) return { json: { ...json, ...told }, ...files, pairedItem };
	// n8n's error output takes a JSON with nothing but these, and merges the one of the input into it; not its binary data.
	const item = { json: told, ...files, pairedItem };
	// n8n 1 knows a failed item by `error` beside `json`. n8n copies the item without what is not enumerable;
	// otherwise it would replace the JSON by the message.
	return Object.defineProperty(item, 'error', { value: error, enumerable: false });
}

/** The error of an execution that was stopped. */
export const stopped = (context: IExecuteFunctions) =>
	new NodeOperationError(context.getNode(), 'The execution was stopped', {
		description:
			'Requests that were under way have been ended. Images they may have made are lost.',
	});
