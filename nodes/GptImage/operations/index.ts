import type { INodeProperties } from 'n8n-workflow';
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
		fields.map((field) => showFor(value, field)),
	),
];

/** The operation comes first: n8n stops at the first `show` whose value is an expression and takes it for met. */
function showFor(operation: string, field: INodeProperties): INodeProperties {
	const { show, ...displayOptions } = field.displayOptions ?? {};
	return {
		...field,
		displayOptions: { ...displayOptions, show: { operation: [operation], ...show } },
	};
}
