import './environment';
import {
	NodeHelpers,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyCollection,
	type INodePropertyOptions,
	type INodeTypeDescription,
} from 'n8n-workflow';

/** A field that the panel shows; those inside a collection have its name before theirs. */
export interface DisplayedProperty {
	path: string;
	property: INodeProperties;
}

/**
 * The fields the editor shows for these parameters, decided by n8n's own rules; what is not given
 * has its default. The fields offered inside collections are listed too, e.g. `options.background`.
 */
export function displayedProperties(
	description: INodeTypeDescription,
	parameters: INodeParameters = {},
	typeVersion = description.defaultVersion ?? [description.version].flat().at(-1) ?? 1,
): DisplayedProperty[] {
	const node = { typeVersion };
	const { properties } = description;
	const values =
		NodeHelpers.getNodeParameters(properties, parameters, true, false, node, description) ?? {};

	function visible(list: INodeProperties[], parent: string): DisplayedProperty[] {
		return list
			.filter((property) =>
				NodeHelpers.displayParameterPath(values, property, parent, node, description),
			)
			.flatMap((property) => {
				const path = parent ? `${parent}.${property.name}` : property.name;
				return [{ path, property }, ...visible(fieldsInside(property), path)];
			});
	}
	return visible(properties, '');
}

type Option = INodeProperties | INodePropertyOptions | INodePropertyCollection;

function fieldsInside({ type, options = [] }: INodeProperties): INodeProperties[] {
	if (type === 'collection') return options.filter(isProperty);
	if (type === 'fixedCollection') {
		return options.flatMap((option: Option) => ('values' in option ? option.values : []));
	}
	return [];
}

function isProperty(option: Option): option is INodeProperties {
	return 'type' in option;
}
