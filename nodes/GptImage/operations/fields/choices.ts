import type { INodePropertyOptions } from 'n8n-workflow';
import type { ImageEditParams, ImageGenerateParams } from 'openai/resources/images';

/** `satisfies` proves each value against OpenAI's own types. */
type Choice<Name extends keyof AllParams> = {
	name: string;
	value: NonNullable<AllParams[Name]>;
	description?: string;
};
type AllParams = ImageGenerateParams & ImageEditParams;

export const backgrounds = [
	{ name: 'Auto', value: 'auto', description: 'The model chooses' },
	{ name: 'Opaque', value: 'opaque' },
	{ name: 'Transparent', value: 'transparent', description: 'Needs PNG or WebP' },
] satisfies Array<Choice<'background'>>;

export const stillFormats = [
	{ name: 'PNG', value: 'png', description: 'Without loss' },
	{ name: 'JPEG', value: 'jpeg', description: 'Quickest to make' },
	{ name: 'WebP', value: 'webp', description: 'Smallest' },
] satisfies Array<Choice<'output_format'>>;

export const allFormats = [
	...stillFormats,
	{ name: 'GIF', value: 'gif', description: 'Animated; needs access to the GIF preview' },
	{ name: 'SVG', value: 'svg', description: 'Vector drawing; needs access to the SVG preview' },
] satisfies Array<Choice<'output_format'>>;

export const complexities = [
	{ name: 'Low', value: 'low' },
	{ name: 'Medium', value: 'medium' },
	{ name: 'High', value: 'high' },
] satisfies Array<Choice<'complexity'>>;

export const fidelities = [
	{ name: 'Low', value: 'low' },
	{ name: 'High', value: 'high' },
] satisfies Array<Choice<'input_fidelity'>>;

export const svgEfforts = [
	{ name: 'None', value: 'none' },
	{ name: 'Minimal', value: 'minimal' },
	{ name: 'Low', value: 'low' },
	{ name: 'Medium', value: 'medium' },
	{ name: 'High', value: 'high' },
	{ name: 'Extra High', value: 'xhigh' },
	{ name: 'Max', value: 'max' },
] satisfies Array<{ name: string; value: SvgEffort }>;
type SvgEffort = NonNullable<NonNullable<ImageGenerateParams.Svg['reasoning']>['effort']>;

export const moderations = [
	{ name: 'Auto', value: 'auto', description: 'The usual filter' },
	{ name: 'Low', value: 'low', description: 'A less strict filter' },
] satisfies Array<Choice<'moderation'>>;

/** Which results an item is given as references: of the item before, of the first, or both. */
export const CONSISTENCIES = ['previous', 'first', 'both'] as const;
export type Consistency = (typeof CONSISTENCIES)[number];

export const consistencies = [
	{ name: 'With Previous Image', value: 'previous', description: 'Goes on from image to image' },
	{ name: 'With First Image', value: 'first', description: 'Keeps figures and style of the first' },
	{
		name: 'With First and Previous Image',
		value: 'both',
		description: 'Keeps the style and goes on from image to image',
	},
] satisfies Array<INodePropertyOptions & { value: Consistency }>;
