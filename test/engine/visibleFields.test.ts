import type { INodeParameters } from 'n8n-workflow';
import { MODEL_FAMILIES } from '../../nodes/GptImage/models/catalogue';
import { displayedProperties, gptImage, type DisplayedProperty } from '../harness';
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
	['generate', ['resource', 'operation', 'model', 'prompt', 'size', 'quality', ...collections]],
	[
		'edit',
		['resource', 'operation', 'model', 'prompt', 'images', 'size', 'quality', ...collections],
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

it.each([
	['gptImage', 0],
	['gptImageTool', 1],
])('the panel of %s has %i words on links for agents', (name, count) => {
	const paths = displayedProperties({ ...gptImage.description, name }).map(({ path }) => path);
	expect(paths.filter((path) => path === 'toolNotice')).toHaveLength(count);
});
