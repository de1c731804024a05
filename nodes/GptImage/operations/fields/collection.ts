import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import type { Field } from './field';
import { asTool, unlessExpression, whenExpression, whenSet } from './visibility';

/** Options of one purpose, added one by one. */
export interface Collection<Option extends Field = Field> {
	displayName: string;
	name: string;
	/** In the order in which people look for them. */
	options: readonly Option[];
}

/**
 * What a collection is in the panel. It is not tied to an operation: when another one is chosen, the editor empties
 * collections that are shown for an operation.
 *
 * @param editOnly names of the options that are about input images
 * @param guests options of other collections that this one takes, too
 * @param forTools the options that a new tool of an AI agent has from the start
 */
export function collectionFields<Option extends Field>(
	{ displayName, name, options }: Collection<Option>,
	editOnly: Array<Option['name']>,
	{ guests = [], forTools }: { guests?: INodeProperties[]; forTools?: INodeParameters } = {},
): INodeProperties[] {
	const collection: INodeProperties = {
		displayName,
		name,
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			...options.map((option) => (editOnly.includes(option.name) ? forEdit(option) : option)),
			...guests,
		],
	};
	if (!forTools) return orExpression(collection);
	const [panel = collection, json = collection] = orExpression(collection);
	return [
		{ ...panel, displayOptions: { hide: { ...panel.displayOptions?.hide, ...asTool(true) } } },
		{
			...panel,
			default: forTools,
			displayOptions: { ...panel.displayOptions, show: asTool(true) },
		},
		json,
	];
}

/**
 * n8n drops an expression in place of a whole collection without a word, a limit on costs included. Where there is
 * one, a second field of the same name, which takes any text, keeps it and shows it in the panel.
 */
export function orExpression(collection: INodeProperties): INodeProperties[] {
	const { displayName, name, displayOptions } = collection;
	return [
		{ ...collection, displayOptions: unlessExpression(name, displayOptions) },
		{
			displayName: `${displayName} (JSON)`,
			name,
			type: 'json',
			default: '{}',
			description: `An expression that gives all ${displayName} as one object`,
			displayOptions: whenExpression(name, displayOptions),
		},
	];
}

/**
 * Options of other collections, for a collection in which a workflow that was not made in the panel may have put them.
 * They are shown and obeyed where they are set, and not offered.
 */
export const guestsIn = (host: string, options: readonly Field[]): INodeProperties[] =>
	[...new Map(options.map((option) => [option.name, option])).values()].map((option) => ({
		...option,
		displayOptions: { show: whenSet(`${host}.${option.name}`) },
	}));

function forEdit(option: INodeProperties): INodeProperties {
	const { show, ...displayOptions } = option.displayOptions ?? {};
	return {
		...option,
		displayOptions: { ...displayOptions, show: { '/operation': ['edit'], ...show } },
	};
}

/** @returns what messages call a field: its name in the panel without the unit; `undefined` when there is none */
export function labelOf(fields: readonly Field[], name: string): string | undefined {
	const [label] = fields.find((field) => field.name === name)?.displayName.split(' (') ?? [];
	return label;
}
