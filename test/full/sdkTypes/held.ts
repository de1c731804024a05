import Ajv from 'ajv';
import type { ReceivedRequest } from '../../simulator';
import { nested } from '../../simulator/body';
import { closed, schemaOf, type Schema } from './schema';

/** What a request says, and what it is held against. */
export interface Said {
	as: keyof typeof SCHEMAS;
	value: Record<string, unknown>;
	/** In a form and in an address all values are texts. */
	isText: boolean;
}

const TEXT: Schema = { type: 'string' };
const LINK: Schema = {
	anyOf: [closed({ image_url: TEXT }, ['image_url']), closed({ file_id: TEXT }, ['file_id'])],
};

/** What the API takes and the types of the SDK do not have, or have otherwise. */
export const BEYOND: Array<{
	of: 'edit' | 'JSON edit';
	field: string;
	schema: Schema;
	/** The field of the SDK's type that it stands for. */
	instead?: string;
	why: string;
}> = [
	{
		of: 'edit',
		field: 'moderation',
		schema: { enum: ['low', 'auto'] },
		why: 'The API reference has it in the JSON of an edit, and the AI SDK sends it in forms; the type has it for images.generate only.',
	},
	{
		of: 'JSON edit',
		field: 'images',
		instead: 'image',
		schema: { type: 'array', items: LINK, minItems: 1, maxItems: 16 },
		why: 'JSON edits are in the API reference (since 2026-02-09); the SDK has a method for forms only.',
	},
	{ of: 'JSON edit', field: 'mask', instead: 'mask', schema: LINK, why: 'As images.' },
];

const forms = { edit: ['edit'], 'JSON edit': ['edit', 'JSON edit'] };

/** The type of an edit, with what is beyond it. */
export function editSchema(form: keyof typeof forms, beyond = BEYOND): Schema {
	const added = beyond.filter(({ of }) => forms[form].includes(of));
	return {
		anyOf: ['ImageEditParamsNonStreaming', 'ImageEditParamsStreaming'].map((name) => {
			const { properties, required } = objectOf(schemaOf(name));
			for (const { field, instead = '', schema } of added) {
				delete properties[instead];
				properties[field] = schema;
			}
			return closed(
				properties,
				required.map((name) => (name in properties ? name : 'images')),
			);
		}),
	};
}

/** The requests that say something, by what they are called here. */
const SCHEMAS = {
	generate: schemaOf('ImageGenerateParams'),
	edit: editSchema('edit'),
	'JSON edit': editSchema('JSON edit'),
	upload: schemaOf('FileCreateParams'),
	'list of files': schemaOf('FileListParams'),
	batch: schemaOf('BatchCreateParams'),
	'list of batches': schemaOf('BatchListParams'),
	// The SDK has no type for the lines of an input file; OpenAI's batch guide describes them.
	line: closed(
		{
			custom_id: { type: 'string', minLength: 1, maxLength: 64 },
			method: { const: 'POST' },
			url: { enum: ['/v1/images/generations', '/v1/images/edits'] },
			body: { type: 'object' },
		},
		['custom_id', 'method', 'url', 'body'],
	),
};

export const KINDS = Object.keys(SCHEMAS).filter((name): name is Said['as'] => name in SCHEMAS);

const ENDPOINTS: Array<[RegExp, Said['as'] | undefined]> = [
	[/^POST \/images\/generations$/, 'generate'],
	[/^POST \/images\/edits$/, 'edit'],
	[/^POST \/files$/, 'upload'],
	[/^POST \/batches$/, 'batch'],
	[/^GET \/files\?/, 'list of files'],
	[/^GET \/batches\?/, 'list of batches'],
	[/^(GET|DELETE) \/files\/[\w-]+$/, undefined],
	[/^GET \/files\/[\w-]+\/content$/, undefined],
	[/^GET \/batches\/\w+$/, undefined],
	[/^POST \/batches\/\w+\/cancel$/, undefined],
];

/**
 * @returns what a request says in its body or address; `undefined` where there is nothing to say
 * @throws Error for a request of which nothing is known here
 */
export function saidBy(request: ReceivedRequest): Said | undefined {
	const { method, path, json, fields, files } = request;
	const address = `${method} ${path.replace(/^\/(openai\/)?v1/, '')}`;
	const endpoint = ENDPOINTS.find(([pattern]) => pattern.test(address));
	const isSilent = json === undefined && fields === undefined && files.length === 0;
	if (!endpoint) throw new Error(`${address} is no endpoint`);
	const [, as] = endpoint;
	if (method === 'POST' ? (as === undefined) !== isSilent : !isSilent) {
		throw new Error(`${address} has ${isSilent ? 'no' : 'a'} body`);
	}
	if (as === undefined) return undefined;
	if (fields) return { as, value: { ...nested(fields), ...filesOf(request) }, isText: true };
	if (method === 'GET') {
		const query = Object.fromEntries(new URLSearchParams(path.split('?')[1]));
		return { as, value: query, isText: true };
	}
	return { as: as === 'edit' ? 'JSON edit' : as, value: recordOf(json), isText: false };
}

/** A line of the input file of a batch, and the body in it. */
export function saidByLine(text: string): Said[] {
	const value = recordOf(JSON.parse(text));
	const as = value.url === '/v1/images/edits' ? 'JSON edit' : 'generate';
	return [
		{ as: 'line', value, isText: false },
		{ as, value: recordOf(value.body), isText: false },
	];
}

function filesOf({ files }: ReceivedRequest): Record<string, unknown> {
	const value: Record<string, unknown> = {};
	for (const field of new Set(files.map((file) => file.field))) {
		const all = files
			.filter((file) => file.field === field)
			.map(({ contentType }) => ({ contentType }));
		// The SDK writes a list so.
		if (field.endsWith('[]')) value[field.slice(0, -2)] = all;
		else value[field] = all.length === 1 ? all[0] : 'several files of one name';
	}
	return value;
}

const inJson = new Ajv({ allErrors: true, schemas: SCHEMAS });
const inText = new Ajv({ allErrors: true, coerceTypes: true, schemas: SCHEMAS });

/** @returns what is otherwise than the type says; `undefined` when nothing is */
export function problemOf({ as, value, isText }: Said, schema?: Schema): string | undefined {
	const ajv = isText ? inText : inJson;
	// A copy: texts become numbers in it.
	const isValid = ajv.validate(schema ?? as, structuredClone(value));
	return isValid ? undefined : ajv.errorsText();
}

function objectOf(schema: Schema) {
	const properties: Record<string, Schema> = { ...recordOf(schema.properties) };
	const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
	return { properties, required };
}

/** @throws Error for what is no object */
function recordOf<Value = unknown>(value: unknown): Record<string, Value> {
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
	throw new Error(`${JSON.stringify(value)} is no object`);
}
