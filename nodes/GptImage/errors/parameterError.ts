import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

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
