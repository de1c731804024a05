import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { edit } from './edit';
import { generate } from './generate';
import type { Operation } from './operation';

/** Every operation of the node, by its parameter value. */
export const operations: Record<string, Operation> = { edit, generate };

/** The panel: the Operation dropdown, then the fields of each operation, shown for that operation only. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: Object.entries(operations).map(([value, { name, action, description }]) => ({
			name,
			value,
			action,
			description,
		})),
		default: 'generate',
	},
	...Object.entries(operations).flatMap(([value, { fields }]) =>
		updateDisplayOptions({ show: { operation: [value] } }, fields),
	),
];
