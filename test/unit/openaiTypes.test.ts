import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { familyOf } from '../../nodes/GptImage/models/catalogue';
import { gptImage } from '../harness';
import { OpenAiTypes } from '../support/openaiTypes';

/**
 * Reads the installed `openai` types, so that a parameter, model or value that OpenAI adds turns this red.
 * What the node does not offer stands here with its reason.
 */
const LEFT_OUT: Record<string, string> = {
	response_format: 'retired; GPT image models refuse it and always answer with base64',
	style: 'only for dall-e-3, which is shut down',
	user: 'deprecated in favour of safety_identifier, which the API prefers',
	'quality=standard': 'only for dall-e-2, which is shut down',
	'quality=hd': 'only for dall-e-3, which is shut down',
	'size=256x256': 'only for dall-e-2, which is shut down',
	'size=512x512': 'only for dall-e-2, which is shut down',
	'size=1792x1024': 'only for dall-e-3, which is shut down',
	'size=1024x1792': 'only for dall-e-3, which is shut down',
};

/** Which field of the panel sends which parameter. */
const FIELD_OF: Record<string, string> = {
	background: 'background',
	complexity: 'complexity',
	frame_count: 'frameCount',
	frame_duration_ms: 'frameDuration',
	image: 'images',
	input_fidelity: 'inputFidelity',
	markup: 'markupBinaryPropertyName',
	mask: 'mask',
	model: 'model',
	moderation: 'moderation',
	n: 'n',
	output_compression: 'outputCompression',
	output_format: 'outputFormat',
	partial_images: 'partialImages',
	prompt: 'prompt',
	quality: 'quality',
	safety_identifier: 'safetyIdentifier',
	size: 'size',
	stream: 'keepAlive',
	svg: 'svgModel',
	'svg.model': 'svgModel',
	'svg.reasoning': 'svgEffort',
	'svg.reasoning.effort': 'svgEffort',
};

const images = new OpenAiTypes('images');

/** Parameters of both operations with the values their types list. */
function parameters(): Map<string, string[]> {
	const nested: Array<[string, string]> = [
		['', 'ImageGenerateParamsBase'],
		['', 'ImageEditParamsBase'],
		['svg.', 'Svg'],
		['svg.reasoning.', 'Reasoning'],
	];
	const found = new Map<string, string[]>();
	for (const [prefix, name] of nested) {
		for (const [property, values] of images.members(name)) {
			const key = `${prefix}${property}`;
			found.set(key, [...new Set([...(found.get(key) ?? []), ...values])]);
		}
	}
	return found;
}

function allFields(properties: INodeProperties[]): INodeProperties[] {
	const isField = (
		one: INodeProperties | INodePropertyOptions | INodePropertyCollection,
	): one is INodeProperties => 'type' in one;
	return properties.flatMap((property) => [
		property,
		...allFields((property.options ?? []).filter(isField)),
	]);
}

const fields = allFields(gptImage.description.properties);
const offered = (name: string) =>
	fields
		.filter((field) => field.name === name)
		.flatMap(({ options = [] }) =>
			options.map((option) => ('value' in option ? String(option.value) : '')),
		);

const all = parameters();

it('finds the parameters of the official SDK', () => {
	expect(all.size).toBeGreaterThanOrEqual(22);
	expect([...all.keys()]).toEqual(expect.arrayContaining(['prompt', 'svg.reasoning.effort']));
});

it.each([...all.keys()])('the parameter %s is offered, or left out for a reason', (name) => {
	const field = FIELD_OF[name];
	if (field === undefined) expect(LEFT_OUT[name]).toBeDefined();
	else expect(fields.map((one) => one.name)).toContain(field);
});

const values = [...all].flatMap(([name, list]) =>
	LEFT_OUT[name] !== undefined || name === 'model'
		? []
		: list.map((value): [string, string] => [name, value]),
);

it.each(values)('of %s the value %s is offered, or left out for a reason', (name, value) => {
	if (LEFT_OUT[`${name}=${value}`] !== undefined) return;
	expect(offered(FIELD_OF[name] ?? '')).toContain(value);
});

it.each(images.values('ImageModel'))('the model %s is in the catalogue', (model) => {
	expect(familyOf(model)).toBeDefined();
});

it('leaves nothing out that does not exist', () => {
	const known = new Set([
		...all.keys(),
		...[...all].flatMap(([name, list]) => list.map((value) => `${name}=${value}`)),
	]);
	expect(Object.keys(LEFT_OUT).filter((name) => !known.has(name))).toEqual([]);
	expect(Object.keys(FIELD_OF).filter((name) => !known.has(name))).toEqual([]);
});
