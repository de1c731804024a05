import type {
	INodeParameterResourceLocator,
	INodeParameters,
	NodeParameterValueType,
} from 'n8n-workflow';
import { gptImage } from '../harness';

/** The Model field as the editor saves it; an id may be an expression. */
export function modelById(value: string): INodeParameterResourceLocator {
	return { __rl: true, mode: 'id', value };
}

/** What the tests call an option, and the collection of the panel that has it. */
const collections = gptImage.description.properties.flatMap(({ name, type, options = [] }) =>
	type === 'collection'
		? options.flatMap((option) => ('type' in option ? [[option.name, name] as const] : []))
		: [],
);
// The first that has it: the last one takes those of the others, too.
const collectionOf = new Map(collections.reverse());

/**
 * Parameters as the editor saves them. Tests name what can be added in one object, `options`, wherever it stands in
 * the panel, and the number of images beside it; here each goes into its collection. An expression stays as it is.
 *
 * @throws when the panel has no such option
 */
export function asSaved({ n, options, ...parameters }: INodeParameters): INodeParameters {
	if (typeof options === 'string') return { ...parameters, options };
	const saved = parameters;
	// Tests look at all that is known of an image, unless they say otherwise.
	if (typeof saved.outputOptions !== 'string') {
		saved.outputOptions = { simplify: false, ...membersOf(saved.outputOptions) };
	}
	for (const [name, value] of Object.entries({
		...(n !== undefined && { n }),
		...membersOf(options),
	})) {
		const collection = collectionOf.get(name);
		if (collection === undefined) throw new Error(`The panel has no option ${name}`);
		saved[collection] = { ...membersOf(saved[collection]), [name]: value };
	}
	return saved;
}

/** The mask of an edit, from a binary field. */
export const maskFrom = (maskBinaryPropertyName: string) => ({
	set: { source: 'binary', maskBinaryPropertyName },
});

/** The mask of an edit, drawn; a shape left alone is a quarter of the image, in its middle. */
export const maskOf = (...shape: INodeParameters[]) => ({
	set: { source: 'shapes', maskArea: { shape } },
});

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
