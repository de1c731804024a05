import type { INodeProperties } from 'n8n-workflow';
import type { ImageGenerateParams } from 'openai/resources/images';
import { MAX_IMAGES_PER_REQUEST } from './count';

/** `satisfies` proves each value against OpenAI's own types. */
type Choice<Name extends keyof ImageGenerateParams> = {
	name: string;
	value: NonNullable<ImageGenerateParams[Name]>;
	description?: string;
};

const backgrounds = [
	{ name: 'Auto', value: 'auto', description: 'The model chooses' },
	{ name: 'Opaque', value: 'opaque' },
	{ name: 'Transparent', value: 'transparent', description: 'Needs PNG or WebP' },
] satisfies Array<Choice<'background'>>;

const formats = [
	{ name: 'JPEG', value: 'jpeg', description: 'Quickest to make' },
	{ name: 'PNG', value: 'png' },
	{ name: 'WebP', value: 'webp', description: 'Smallest' },
] satisfies Array<Choice<'output_format'>>;

const moderations = [
	{ name: 'Auto', value: 'auto', description: 'The usual filter' },
	{ name: 'Low', value: 'low', description: 'A less strict filter' },
] satisfies Array<Choice<'moderation'>>;

/** Options by their name in the panel's collection; each operation shows them in alphabetical order. */
const OPTIONS: INodeProperties[] = [
	{
		displayName: 'Background',
		name: 'background',
		type: 'options',
		options: backgrounds,
		default: 'auto',
	},
	{
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. product-photo',
		description:
			'Name of the image file; the right extension is added, and a number when there are several images',
	},
	{
		displayName: 'Idle Timeout (Seconds)',
		name: 'idleTimeout',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 120,
		description: 'How long an answer that has begun may stay silent before it is given up',
	},
	{
		displayName: 'Images per Minute',
		name: 'imagesPerMinute',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		hint: '0 means no limit of its own; rate limits of the API are obeyed in any case',
		description:
			'Spaces the requests of a run evenly, e.g. to stay within the limit of your usage tier',
	},
	{
		displayName: 'Images per Request',
		name: 'imagesPerRequest',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MAX_IMAGES_PER_REQUEST },
		default: 10,
		description:
			'Spreads the images of an item over several requests: for more than 10 images, for gateways that make one at a time, or to make them in parallel',
	},
	{
		displayName: 'Include Other Input Fields',
		name: 'includeOtherFields',
		type: 'boolean',
		default: false,
		description: "Whether to pass the input item's JSON fields on with each image",
	},
	{
		displayName: 'Keep Connection Alive',
		name: 'keepAlive',
		type: 'boolean',
		default: false,
		description:
			'Whether to have the image streamed, with up to three previews on the way, for proxies that cut silent connections. Each preview costs 100 image output tokens more and is not kept.',
	},
	{
		displayName: 'Mask Data Field Name',
		name: 'maskBinaryPropertyName',
		type: 'string',
		typeOptions: { binaryDataProperty: true },
		default: '',
		placeholder: 'e.g. mask',
		description:
			'Name of the binary field with the mask: a PNG of the same size as the first image, transparent where it may change',
	},
	{
		displayName: 'Max Retries',
		name: 'maxRetries',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 10 },
		default: 2,
		description:
			'How often a request is sent again after a server fault or a broken connection. Waiting for a rate limit does not count. Refusals are never repeated.',
	},
	{
		displayName: 'Moderation',
		name: 'moderation',
		type: 'options',
		options: moderations,
		default: 'auto',
		description: 'How strict the content filter is',
	},
	{
		displayName: 'Output Compression',
		name: 'outputCompression',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 100 },
		default: 100,
		description: 'Image quality of a JPEG or WebP in percent; less makes a smaller file',
	},
	{
		displayName: 'Output Data Field Name',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the output binary field to put the image in',
	},
	{
		displayName: 'Output Format',
		name: 'outputFormat',
		type: 'options',
		options: formats,
		default: 'png',
	},
	{
		displayName: 'Requests in Parallel',
		name: 'requestsInParallel',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 50 },
		default: 5,
		description: 'How many requests of this run may be under way at once',
	},
	{
		displayName: 'Timeout (Seconds)',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 600,
		description: 'How long to wait for an image. High quality can take several minutes.',
	},
];

/**
 * @param without names of options that make no sense for an operation
 * @returns the Options collection of an operation
 */
export function optionsField(without: string[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: OPTIONS.filter(({ name }) => !without.includes(name)),
	};
}

/** @returns what holds when an option is not added */
export const optionDefault = (name: string) =>
	OPTIONS.find((option) => option.name === name)?.default;
