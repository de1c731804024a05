import type { IExecuteFunctions, NodeOperationError } from 'n8n-workflow';
import { parameterError } from '../../errors/parameterError';
import { quote } from '../../errors/quote';
import { resources } from '../index';
import type { ImageWork, Operation } from '../operation';
import { imageWork } from '../work';

/**
 * @returns the operation that was chosen
 * @throws NodeOperationError when it is not one of ours: n8n itself offers "Custom API Call", and resolves no
 *   expression there
 */
export function readOperation(context: IExecuteFunctions, itemIndex: number): Operation {
	const refuse = (label: string, value: unknown, names: string[]): NodeOperationError =>
		parameterError(
			context,
			itemIndex,
			`${label} ${quote(value)} is not offered by this node`,
			`Choose ${names.join(' or ')} from the list; n8n takes no expression there. For other calls use the HTTP Request node with this credential.`,
		);
	const wanted = context.getNodeParameter('resource', itemIndex);
	const resource = resources.find(({ value }) => value === wanted);
	// n8n drops the operation of a resource that it does not know.
	if (!resource) {
		throw refuse(
			'Resource',
			wanted,
			resources.map(({ name }) => name),
		);
	}
	const chosen = context.getNodeParameter('operation', itemIndex);
	const operation = resource.operations.find(({ value }) => value === chosen);
	if (operation) return operation;
	throw refuse(
		'Operation',
		chosen,
		resource.operations.map(({ name }) => name),
	);
}

/** Like `readOperation`, where only one that makes images can be meant. @returns it and what it does */
export function readImageOperation(
	context: IExecuteFunctions,
	itemIndex: number,
): { operation: Operation; work: ImageWork } {
	const operation = readOperation(context, itemIndex);
	const work = imageWork.get(operation);
	if (work) return { operation, work };
	throw parameterError(
		context,
		itemIndex,
		`${operation.name} makes no images`,
		'Choose the resource Image.',
	);
}
