import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import { cut } from './quote';

/** Longest message and description, whatever names and values are in them. */
const MOST_MESSAGE = 500;
const MOST_DESCRIPTION = 1000;

/**
 * Makes the error for a parameter or input that cannot be right; found before anything is sent.
 *
 * @param problem what is wrong, beginning with the field's name in the panel
 * @param remedy what to do about it
 */
export function parameterError(
	context: Pick<IExecuteFunctions, 'getNode'>,
	itemIndex: number,
	problem: string,
	remedy: string,
): NodeOperationError {
	const message = `${cut(problem, MOST_MESSAGE)} ${itemLabel(itemIndex)}`;
	const error = new NodeOperationError(context.getNode(), message, {
		itemIndex,
		description: cut(remedy, MOST_DESCRIPTION),
		failure: { cause: 'configuration-invalid' },
	});
	// n8n rewrites messages that happen to contain an error code, such as "eexist" in "preexisting".
	error.message = message;
	return error;
}

/** @returns what messages call an item: n8n's cards count from 1 */
export const itemLabel = (itemIndex: number) => `[item ${itemIndex + 1}]`;

/** @returns a message without the {@link itemLabel} at its end */
export const withoutItemLabel = (message: string) => message.replace(/ \[item \d+\]$/, '');
