import { FINAL_STATES } from '../../nodes/GptImage/openai/batchRules';
import { OpenAiTypes } from '../support/openaiTypes';
import { read } from '../support/sources';

/**
 * Reads the installed `openai` types of files and batches, so that a field, state or purpose that OpenAI adds turns
 * this red. What the node does not use stands here with its reason.
 */
const LEFT_OUT: Record<string, string> = {
	'FilePurpose=assistants': 'for the Assistants API',
	'FilePurpose=evals': 'for evals',
	'FilePurpose=fine-tune': 'for fine-tuning',
	'FilePurpose=user_data': 'pictures are for vision',
	'FileObject.object': 'always file',
	'FileObject.status': 'deprecated',
	'FileObject.status_details': 'deprecated',
	'Batch.completion_window': 'always 24h',
	'Batch.object': 'always batch',
	'Batch.in_progress_at': 'nothing asks for it',
	'Batch.finalizing_at': 'nothing asks for it',
	'Batch.cancelling_at': 'nothing asks for it',
	'Errors.object': 'always list',
	'BatchCreateParams.output_expires_after': 'the results stay for the 30 days they have anyway',
	...Object.fromEntries(
		['responses', 'chat/completions', 'embeddings', 'completions', 'moderations', 'videos'].map(
			(path) => [`BatchCreateParams.endpoint=/v1/${path}`, 'makes no images'],
		),
	),
};

/** States that are passed on as they are; what ends a batch is in `FINAL_STATES`. */
const PASSING = ['validating', 'in_progress', 'finalizing', 'cancelling'];

const types = { files: new OpenAiTypes('files'), batches: new OpenAiTypes('batches') };
const code = {
	files: read('nodes/GptImage/openai/files.ts'),
	batches: read('nodes/GptImage/openai/batches.ts'),
};
type Resource = keyof typeof types;

const INTERFACES: Array<[Resource, string]> = [
	['files', 'FileCreateParams'],
	['files', 'ExpiresAfter'],
	['files', 'FileObject'],
	['batches', 'BatchCreateParams'],
	['batches', 'Batch'],
	['batches', 'BatchRequestCounts'],
	['batches', 'Errors'],
	['batches', 'BatchError'],
];

/** Fields and values as they stand in {@link LEFT_OUT}, with what must stand in the code of those that do not. */
const fields = INTERFACES.flatMap(([resource, name]) =>
	types[resource]
		.members(name)
		.map(([field]): [string, Resource, string] => [`${name}.${field}`, resource, field]),
);
const endpoints = types.batches
	.members('BatchCreateParams')
	.flatMap(([field, values]) => (field === 'endpoint' ? values : []))
	.map((value): [string, Resource, string] => [
		`BatchCreateParams.endpoint=${value}`,
		'batches',
		value,
	]);
const purposes = types.files
	.values('FilePurpose')
	.map((value): [string, Resource, string] => [`FilePurpose=${value}`, 'files', value]);
const all = [...fields, ...endpoints, ...purposes];

/** The day a batch ended is read by its state: `completed_at` for `completed`. */
const DAY_OF = new RegExp(`^(${FINAL_STATES.join('|')})_at$`);

it('finds the types of the official SDK', () => {
	expect(fields.length).toBeGreaterThanOrEqual(45);
	expect(endpoints.length).toBeGreaterThanOrEqual(8);
	expect(purposes.length).toBeGreaterThanOrEqual(6);
});

it.each(all)('%s is used, or left out for a reason', (name, resource, text) => {
	if (LEFT_OUT[name] !== undefined || DAY_OF.test(text)) return;
	expect(code[resource]).toMatch(new RegExp(`(?<![\\w-])${text}(?![\\w-])`));
});

it('knows every state of a batch', () => {
	const [, states] = types.batches.members('Batch').find(([field]) => field === 'status') ?? [];
	expect([...FINAL_STATES, ...PASSING].sort()).toEqual([...(states ?? [])].sort());
});

it('leaves nothing out that does not exist', () => {
	const known = new Set(all.map(([name]) => name));
	expect(Object.keys(LEFT_OUT).filter((name) => !known.has(name))).toEqual([]);
});
