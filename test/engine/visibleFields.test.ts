import { NodeHelpers, Workflow, type INodeParameters } from 'n8n-workflow';
import { MODEL_FAMILIES } from '../../nodes/GptImage/models/catalogue';
import { displayedProperties, gptImage, type DisplayedProperty } from '../harness';
import { newNode, onlyType } from '../harness/package';
import { fs, path, repositoryRoot } from '../node';
import { choicesOf } from '../support/fields';
import { modelById } from '../support/parameters';

// What the editor shows, decided by n8n's own rules.
const operations = ['generate', 'edit'];
const expression = '={{ $json.model }}';
const dated = MODEL_FAMILIES.map(({ id }) => `${id}-2026-04-21`);
const models = [...MODEL_FAMILIES.map(({ id }) => id), ...dated, 'my-deployment', expression];
const sizes = ['auto', '1536x1024', 'custom', '={{ $json.size }}'];

function shown(parameters: INodeParameters): DisplayedProperty[] {
	return displayedProperties(gptImage.description, parameters);
}

const names = (fields: DisplayedProperty[]) =>
	fields.filter(({ property }) => property.type !== 'hidden').map(({ path }) => path);

/** The choices of every Quality field that is shown. */
function qualities(parameters: INodeParameters): string[][] {
	return shown(parameters)
		.filter(({ path }) => path === 'quality')
		.map(({ property }) => choicesOf({ property }));
}

const collections = ['imageOptions', 'outputOptions', 'options'];

it.each([
	[
		'generate',
		['resource', 'operation', 'model', 'prompt', 'size', 'quality', 'delivery', ...collections],
	],
	[
		'edit',
		[
			'resource',
			'operation',
			'model',
			'prompt',
			'images',
			'size',
			'quality',
			'delivery',
			...collections,
		],
	],
])('the panel of %s begins with few fields', (operation, fields) => {
	expect(names(shown({ operation })).filter((path) => !path.includes('.'))).toEqual(fields);
});

describe.each(operations)('the panel of %s', (operation) => {
	it.each([
		...models.map((model) => [model, 'auto']),
		...sizes.map((size) => ['gpt-image-2', size]),
		[expression, '={{ $json.size }}'],
	])('never has two fields of one name with the model %s and the size %s', (model = '', size) => {
		const fields = names(shown({ operation, model: modelById(model), size }));
		expect(fields.filter((name, index) => fields.indexOf(name) !== index)).toEqual([]);
	});

	it.each(
		MODEL_FAMILIES.flatMap(({ id, qualities: own }) => [
			[id, own],
			[`${id}-2026-04-21`, own],
		]),
	)('offers with %s the qualities it takes', (model, own) => {
		expect(qualities({ operation, model: modelById(String(model)) })).toEqual([[...own].sort()]);
	});

	it.each([
		['an expression', expression],
		['an id nobody knows', 'my-deployment'],
	])('offers every quality with %s as model', (_, model) => {
		expect(qualities({ operation, model: modelById(model) })).toEqual([
			['auto', 'high', 'low', 'max', 'medium', 'xhigh'],
		]);
	});

	it('offers with a model left alone the qualities it takes', () => {
		expect(qualities({ operation })).toEqual([['auto', 'high', 'low', 'medium']]);
	});

	it.each([
		['auto', []],
		['1024x1024', []],
		['1024x1536', []],
		['1536x1024', []],
		['custom', ['width', 'height']],
		['={{ $json.size }}', ['width', 'height']],
	])('with the size %s has %j', (size, edges) => {
		const paths = names(shown({ operation, size }));
		expect(paths.filter((path) => path === 'width' || path === 'height')).toEqual(edges);
	});
});

/** What is said beside a choice of a field. */
const toldOf = (name: string, value: string, parameters: INodeParameters) =>
	shown(parameters)
		.filter(({ path }) => path === name)
		.flatMap(({ property }) => property.options ?? [])
		.flatMap((option) => ('value' in option && option.value === value ? [option.description] : []));

it.each([
	[
		'gpt-image-2',
		['$0.053 at medium, $0.21 at high'],
		['$0.053 at 1024x1024, $0.041 at 1536x1024'],
	],
	[
		'gpt-image-2.5-flare-2026-09-08',
		['$0.013 at medium, $0.053 at high'],
		['$0.013 at 1024x1024, $0.010 at 1536x1024'],
	],
	[
		'gpt-image-1',
		['$0.042 at medium, $0.17 at high'],
		['$0.042 at 1024x1024, $0.063 at 1536x1024'],
	],
	['gpt-image-2.6-flare', [undefined], [undefined]],
	['my-deployment', [undefined], [undefined]],
])('%s has its prices beside Size and Quality', (model, size, quality) => {
	const parameters = { model: modelById(model) };
	expect(toldOf('size', '1024x1024', parameters)).toEqual(size);
	expect(toldOf('quality', 'medium', parameters)).toEqual(quality);
});

it('Size and Quality are in their natural order', () => {
	const order = (name: string) =>
		shown({})
			.filter(({ path }) => path === name)
			.flatMap(({ property }) => (property.options ?? []).map((option) => option.name));
	expect(order('quality')).toEqual(['Auto', 'Low', 'Medium', 'High']);
	expect(order('size').slice(0, 4)).toEqual([
		'Auto',
		'Square (1024x1024)',
		'Portrait (1024x1536)',
		'Landscape (1536x1024)',
	]);
	expect(order('size').at(-1)).toBe('Custom');
});

it.each(operations)(
	'a tool of %s has texts for Size and Quality, which an agent can fill in',
	(operation) => {
		const { description } = gptImage;
		const parameters = { operation, size: '={{ $fromAI("Size") }}', quality: 'high' };
		const fields = displayedProperties({ ...description, name: 'gptImageTool' }, parameters);
		const types = fields
			.filter(({ path }) => ['size', 'quality'].includes(path))
			.map(({ property }) => [property.name, property.type]);
		expect(types).toEqual([
			['size', 'string'],
			['quality', 'string'],
		]);
		expect(
			fields.filter(({ property }) => property.description === '').map(({ path }) => path),
		).toEqual([]);
	},
);

it('a new tool has a link to hand out, which can be taken away', () => {
	const description = { ...gptImage.description, name: 'gptImageTool' };
	const optionsOf = (parameters: INodeParameters) =>
		NodeHelpers.getNodeParameters(
			description.properties,
			parameters,
			true,
			false,
			{ typeVersion: 1 },
			description,
		)?.outputOptions;
	expect(optionsOf({})).toEqual({ temporaryLink: 60 });
	expect(optionsOf({ outputOptions: {} })).toEqual({});
	expect(optionsOf({ outputOptions: { fileName: 'a' } })).toEqual({ fileName: 'a' });
	expect(optionsOf({ outputOptions: '={{ $json.x }}' })).toBe('={{ $json.x }}');
	expect(names(shown({})).filter((path) => path === 'outputOptions')).toHaveLength(1);
});

it.each<[INodeParameters, string]>([
	[{}, 'Generate · gpt-image-2'],
	[{ operation: 'edit', quality: 'high' }, 'Edit · gpt-image-2 · high'],
	[{ options: { estimateOnly: true } }, 'Generate · gpt-image-2 · estimate only'],
	[{ options: { placeholder: true } }, 'Generate · gpt-image-2 · placeholder'],
	[{ model: modelById(expression), quality: '={{ $json.quality }}' }, 'Generate'],
	[{ model: expression }, 'Generate'],
	[{ options: '={{ $json.options }}' }, 'Generate · gpt-image-2'],
])('the subtitle of %j is %s', (parameters, subtitle) => {
	expect(evaluated(gptImage.description.subtitle, parameters)).toBe(subtitle);
});

it('links of the panel lead to pages that exist', () => {
	const linked = [...JSON.stringify(gptImage.description).matchAll(/blob\/main\/([\w./-]+)/g)];
	expect(linked.length).toBeGreaterThan(0);
	for (const [, page = ''] of linked) {
		expect([page, fs.existsSync(path.join(repositoryRoot, page))]).toEqual([page, true]);
	}
});

it.each<[INodeParameters, boolean]>([
	[{}, false],
	[{ imageOptions: { n: 10 } }, false],
	[{ imageOptions: { n: 11 } }, true],
	[{ imageOptions: { n: 11 }, options: { imagesPerRequest: 5 } }, false],
])('with %j the panel hints at Images per Request: %s', (parameters, isHinted) => {
	const hint = gptImage.description.hints?.find(({ location }) => location === 'ndv');
	expect(evaluated(hint?.displayCondition, parameters)).toBe(isHinted);
});

/** What an expression of the description gives in the editor, before there is data. */
function evaluated(text: string | undefined, parameters: INodeParameters): unknown {
	const node = { ...newNode(gptImage, false), parameters };
	const workflow = new Workflow({
		id: 'w',
		active: false,
		nodes: [node],
		connections: {},
		nodeTypes: onlyType(gptImage),
	});
	return workflow.expression.getSimpleParameterValue(node, text ?? '', 'internal', {});
}

it.each([
	['gptImage', 0],
	['gptImageTool', 1],
])('the panel of %s has %i words on links for agents', (name, count) => {
	const paths = displayedProperties({ ...gptImage.description, name }).map(({ path }) => path);
	expect(paths.filter((path) => path === 'toolNotice')).toHaveLength(count);
});

it('no condition of the panel calls a method of a text on an object, as n8n 1 does for startsWith, endsWith, includes and regex', () => {
	const conditions = JSON.stringify(gptImage.description.properties);
	expect(conditions).not.toMatch(/"_cnd":\{"(startsWith|endsWith|includes|regex)"/);
});
