import type {
	INodeParameterResourceLocator,
	INodeParameters,
	NodeParameterValueType,
} from 'n8n-workflow';

/** The Model field as the editor saves it; an id may be an expression. */
export function modelById(value: string): INodeParameterResourceLocator {
	return { __rl: true, mode: 'id', value };
}

/** The Images field with one row that takes these binary fields. */
export function imagesFrom(...fields: string[]) {
	return { image: [{ source: 'binary', binaryPropertyName: fields.join(',') }] };
}

/** The members of an object; none of anything else. */
export function membersOf(value: unknown): INodeParameters {
	return typeof value === 'object' ? { ...value } : {};
}

/**
 * Sets one parameter.
 *
 * @param path names with dots between them; one that ends in `[]` has rows, the first of which is meant
 * @returns a copy
 */
export function withParameter(
	parameters: INodeParameters,
	path: string,
	value: NodeParameterValueType,
): INodeParameters {
	const [first = '', ...rest] = path.split('.');
	const name = first.replace('[]', '');
	if (rest.length === 0) return { ...parameters, [name]: value };
	const inner = parameters[name];
	const [row] = Array.isArray(inner) ? inner : [inner];
	const changed = withParameter(membersOf(row), rest.join('.'), value);
	return { ...parameters, [name]: first === name ? changed : [changed] };
}
