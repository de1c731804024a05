import type { INodeProperties } from 'n8n-workflow';
import { batch } from './batch';
import { image } from './image';
import type { Operation, Resource } from './operation';

/** Every resource of the node, in the order of the panel. */
export const resources: Resource[] = [image, batch];

/** Every operation of the node. */
export const operations: Operation[] = resources.flatMap((resource) => resource.operations);

/** The panel: what to work on, what to do, then the fields of each operation, shown for that operation only. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: resources.map(({ name, value }) => ({ name, value })),
		default: 'image',
	},
	{
		displayName:
			'An AI agent gets no files. Temporary Link under Output Options gives it a link to hand out, Keep at OpenAI a File ID by which it can have the image edited.',
		name: 'toolNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { '@tool': [true] } },
	},
	...resources.flatMap(panelOf),
];

function panelOf({ value, operations: own, fields }: Resource): INodeProperties[] {
	const choices = own.map(({ name, value: operation, action, description }) => ({
		name,
		value: operation,
		action,
		description,
	}));
	const operation: INodeProperties = {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: choices,
		default: '',
	};
	return [
		showFor('resource', value, { ...operation, default: choices[0]?.value }),
		...own.flatMap((one) => one.fields.map((field) => showFor('operation', one.value, field))),
		...fields.map((field) => showFor('resource', value, field)),
	];
}

/** This condition comes first: n8n counts a `show` as met when the value is an expression, and then looks at no other. */
function showFor(parameter: string, value: string, field: INodeProperties): INodeProperties {
	const { show, ...displayOptions } = field.displayOptions ?? {};
	return {
		...field,
		displayOptions: { ...displayOptions, show: { [parameter]: [value], ...show } },
	};
}
