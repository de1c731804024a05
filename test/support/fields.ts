import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { gptImage } from '../harness';

/** One thing the user can set for an operation. */
export interface Field {
	/** Its path in the parameters, rows of a collection with `[]`, e.g. `images.image[].source`. */
	path: string;
	/** The path; with the mode of a resource locator, or what tells fields of one name apart. */
	key: string;
	property: INodeProperties;
}

type Option = INodeProperties | INodePropertyOptions | INodePropertyCollection;

/** What the user can set for an operation in the node's own description, inside collections too. */
export function fieldsOf(operation: string): Field[] {
	const fields = gptImage.description.properties
		.filter(({ type }) => type !== 'hidden' && type !== 'notice')
		.flatMap((property) => expand(property, property.name, operation));
	const told = fields.map((field) => {
		const isAlone = fields.filter(({ key }) => key === field.key).length === 1;
		return isAlone ? field : { ...field, key: `${field.key} (${choicesOf(field).length} choices)` };
	});
	// Fields of one name that differ in their prices only are one.
	return [...new Map(told.map((field) => [field.key, field])).values()];
}

/** The values a list offers, sorted. */
export function choicesOf({ property }: Pick<Field, 'property'>): string[] {
	return (property.options ?? [])
		.flatMap((option: Option) => ('value' in option ? [String(option.value)] : []))
		.sort();
}

function expand(property: INodeProperties, path: string, operation: string): Field[] {
	const { show } = property.displayOptions ?? {};
	const shown = show?.operation ?? show?.['/operation'];
	// Nothing to set: it is shown where a workflow has it already.
	if (show?.[`/${path}`]) return [];
	// For agents: see the tests of the tool.
	if (show?.['@tool']) return [];
	if (shown && !shown.includes(operation)) return [];
	if (show?.resource && !show.resource.includes('image')) return [];
	const { type, typeOptions, modes = [], options = [] } = property;
	// What takes an expression in place of a whole collection, and a list of one choice.
	if (type === 'json' || (type === 'options' && options.length === 1)) return [];
	const inside = (list: INodeProperties[], parent: string) =>
		list.flatMap((member) => expand(member, `${parent}.${member.name}`, operation));
	if (type === 'resourceLocator') {
		return modes.map(({ name }) => ({ path, key: `${path} (${name})`, property }));
	}
	if (type === 'collection') {
		return inside(
			options.filter((option: Option) => 'type' in option),
			path,
		);
	}
	if (type === 'fixedCollection') {
		const rows = typeOptions?.multipleValues ? '[]' : '';
		return options.flatMap((row: Option) =>
			'values' in row ? inside(row.values, `${path}.${row.name}${rows}`) : [],
		);
	}
	return [{ path, key: path, property }];
}
