import type { INodeProperties } from 'n8n-workflow';
import { edit } from './edit';
import { optionsField } from './fields/options';
import { generate } from './generate';
import type { Operation } from './operation';

/** Every operation of the node, by its parameter value. */
export const operations: Record<string, Operation> = { edit, generate };

/** The panel: the Operation dropdown, then the fields of each operation, shown for that operation only. */
export const properties: INodeProperties[] = [
	// Only with a resource does n8n tell an AI agent what the chosen operation does (n8n-workflow `makeDescription`).
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'hidden',
		noDataExpression: true,
		options: [{ name: 'Image', value: 'image' }],
		default: 'image',
	},
	{
		displayName:
			'An AI agent gets no files. Add the option Temporary Link, so that it has a link to hand out.',
		name: 'toolNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { '@tool': [true] } },
	},
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
		displayOptions: { show: { resource: ['image'] } },
	},
	...Object.entries(operations).flatMap(([value, { fields }]) =>
		fields.map((field) => showFor(value, field)),
	),
	optionsField,
];

/** The operation comes first: n8n stops at the first `show` whose value is an expression and takes it for met. */
function showFor(operation: string, field: INodeProperties): INodeProperties {
	const { show, ...displayOptions } = field.displayOptions ?? {};
	return {
		...field,
		displayOptions: { ...displayOptions, show: { operation: [operation], ...show } },
	};
}
