import type { INodeProperties } from 'n8n-workflow';
import { modelsPerhapsWith, modelsWithout, type ModelFamily } from '../../models/catalogue';
import {
	allFormats,
	backgrounds,
	complexities,
	consistencies,
	fidelities,
	moderations,
	stillFormats,
	svgEfforts,
} from './choices';
import { MAX_IMAGES_PER_REQUEST } from '../../openai/request';
import { maskShapeFields } from './maskShapes';

const hasGif = ({ formats }: ModelFamily) => formats.includes('gif');
const forGif = { outputFormat: ['gif'] };
const forSvg = { outputFormat: ['svg'] };

/** Options that are about input images. */
const EDIT_ONLY = [
	'inputFidelity',
	'markupBinaryPropertyName',
	'maskArea',
	'maskBinaryPropertyName',
	'maskInverted',
	'sendAsJson',
];

/** Options by their name in the panel's collection; each operation shows them in alphabetical order. */
const OPTIONS: INodeProperties[] = [
	{
		displayName: 'All Images in One Item',
		name: 'oneItem',
		type: 'boolean',
		default: false,
		description:
			'Whether to put all images of an input item into one output item, in binary fields with numbers, e.g. image_1 and image_2',
	},
	{
		displayName: 'Background',
		name: 'background',
		type: 'options',
		options: backgrounds,
		default: 'auto',
	},
	{
		displayName: 'Complexity',
		name: 'complexity',
		type: 'options',
		options: complexities,
		default: 'high',
		description: 'How much is spent on planning the image, apart from its quality',
		displayOptions: { hide: modelsWithout(({ complexity }) => complexity) },
	},
	{
		displayName: 'Estimate Only',
		name: 'estimateOnly',
		type: 'boolean',
		default: false,
		description:
			'Whether to only check the items and tell what they would cost. Nothing is sent, nothing is paid.',
	},
	{
		displayName: 'Fallback Model',
		name: 'fallbackModel',
		type: 'string',
		default: '',
		placeholder: 'e.g. gpt-image-2.6-flare',
		description: 'ID of a model to use when the API no longer has Model',
	},
	{
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. {date}-{prompt}-{item}',
		description:
			'Name of the image file; {prompt}, {item}, {index}, {date}, {size} and {model} are filled in, the right extension is added, and a number when there are several images',
	},
	{
		displayName: 'GIF Frame Duration (Ms)',
		name: 'frameDuration',
		type: 'number',
		typeOptions: { minValue: 20, maxValue: 655350 },
		default: 200,
		description: 'How long each frame is shown, in milliseconds',
		displayOptions: { show: forGif },
	},
	{
		displayName: 'GIF Frames',
		name: 'frameCount',
		type: 'number',
		typeOptions: { minValue: 2, maxValue: 16 },
		default: 9,
		description: 'How many frames the animation has',
		displayOptions: { show: forGif },
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
		displayName: 'Include Input Binary Data',
		name: 'includeInputBinary',
		type: 'boolean',
		default: false,
		description: "Whether to pass the input item's binary fields on with each image",
	},
	{
		displayName: 'Include Other Input Fields',
		name: 'includeOtherFields',
		type: 'boolean',
		default: false,
		description: "Whether to pass the input item's JSON fields on with each image",
	},
	{
		displayName: 'Input Fidelity',
		name: 'inputFidelity',
		type: 'options',
		options: fidelities,
		default: 'high',
		description: 'How closely to keep to the style and the faces of the input images',
		displayOptions: { hide: modelsWithout(({ fidelities: values }) => values.length > 0) },
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
		displayName: 'Keep Consistent Across Items',
		name: 'consistency',
		type: 'options',
		options: consistencies,
		default: 'previous',
		description:
			'Which images of earlier items to give as references, so that those of a series look alike. Items are worked off one after the other; a failed one is skipped.',
	},
	{
		displayName: 'Keep Partial Images',
		name: 'keepPartialImages',
		type: 'boolean',
		default: false,
		description:
			'Whether to pass the partial images on, in further binary fields, e.g. data_partial_1',
		displayOptions: { show: { partialImages: [1, 2, 3] } },
	},
	{
		displayName: 'Markup Data Field Name',
		name: 'markupBinaryPropertyName',
		type: 'string',
		typeOptions: { binaryDataProperty: true },
		default: '',
		placeholder: 'e.g. markup',
		description:
			'Name of the binary field with the markup: a transparent PNG of the same size as the first image, with what should guide the edit drawn on it',
		displayOptions: { hide: modelsWithout(({ markup }) => markup) },
	},
	{
		displayName: 'Mask Area',
		name: 'maskArea',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Shape',
		default: {},
		description: 'Areas of the first image that may change; the node draws the mask',
		options: [{ displayName: 'Shape', name: 'shape', values: maskShapeFields }],
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
		displayName: 'Mask Inverted',
		name: 'maskInverted',
		type: 'boolean',
		default: false,
		description: 'Whether everything but the mask area may change',
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
		displayName: 'Maximum Cost per Run (USD)',
		name: 'maxCost',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 1,
		description:
			'What all items of a run may cost together, by estimate. A request that would pass it is not sent: its item comes out with an error, and images already made are kept, whatever On Error says.',
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
		options: stillFormats,
		default: 'png',
		displayOptions: { hide: modelsPerhapsWith(hasGif) },
	},
	{
		displayName: 'Output Format',
		name: 'outputFormat',
		type: 'options',
		options: allFormats,
		default: 'png',
		displayOptions: { hide: modelsWithout(hasGif) },
	},
	{
		displayName: 'Partial Images',
		name: 'partialImages',
		type: 'options',
		options: [0, 1, 2, 3].map((count) => ({ name: String(count), value: count })),
		default: 1,
		description:
			'How many previews to have streamed before the image; each costs 100 image output tokens, and fewer may come',
	},
	{
		displayName: 'Prices (USD per Million Tokens)',
		name: 'prices',
		type: 'fixedCollection',
		placeholder: 'Set Prices',
		default: {},
		description:
			"Your own prices, e.g. of Azure or a gateway; without them the cost is computed with OpenAI's",
		options: [
			{
				displayName: 'Prices',
				name: 'usd',
				values: [
					{ displayName: 'Image Input', name: 'imageInput', type: 'number', default: 8 },
					{ displayName: 'Image Output', name: 'imageOutput', type: 'number', default: 30 },
					{ displayName: 'Text Input', name: 'textInput', type: 'number', default: 5 },
				],
			},
		],
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
		displayName: 'Safety Identifier',
		name: 'safetyIdentifier',
		type: 'string',
		default: '',
		placeholder: 'e.g. 5f0c2a',
		description:
			'A stable, anonymous ID of the end user, e.g. a hash of the email address, which OpenAI uses to detect abuse',
	},
	{
		displayName: 'Send as JSON',
		name: 'sendAsJson',
		type: 'boolean',
		default: false,
		description:
			'Whether to send input images inside a JSON body, for gateways that take no multipart requests',
	},
	{
		displayName: 'Style',
		name: 'style',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. Flat vector art, pastel colors, no text',
		description: 'Text to append to the prompt of every item',
	},
	{
		displayName: 'SVG Author Effort',
		name: 'svgEffort',
		type: 'options',
		options: svgEfforts,
		default: 'medium',
		description: 'How much the author model reasons; needs SVG Author Model',
		displayOptions: { show: forSvg },
	},
	{
		displayName: 'SVG Author Model',
		name: 'svgModel',
		type: 'string',
		default: '',
		placeholder: 'e.g. gpt-5.5',
		description: 'ID of the model that writes the SVG, where the project may choose it',
		displayOptions: { show: forSvg },
	},
	{
		displayName: 'Temporary Link (Minutes)',
		name: 'temporaryLink',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 525600 },
		default: 60,
		description:
			'Adds a link to each image that works for so many minutes without a login, for services, chats and agents that take no file. It needs an n8n that can be reached from there.',
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
 * One collection for all operations: when another operation is chosen, the editor empties collections that are shown
 * for an operation.
 */
export const optionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: OPTIONS.map((option) => (EDIT_ONLY.includes(option.name) ? forEdit(option) : option)),
};

function forEdit(option: INodeProperties): INodeProperties {
	const { show, ...displayOptions } = option.displayOptions ?? {};
	return {
		...option,
		displayOptions: { ...displayOptions, show: { '/operation': ['edit'], ...show } },
	};
}

/** @returns what an option is called in the panel */
export const optionLabel = (name: string) =>
	OPTIONS.find((option) => option.name === name)?.displayName ?? name;

/** @returns what an option begins with; only some hold when it is not added */
export const optionDefault = (name: string) =>
	OPTIONS.find((option) => option.name === name)?.default;
