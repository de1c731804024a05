import type { Collection } from './collection';
import { unlessBatch } from './delivery';
import { docsLink } from './docs';
import { field } from './field';
import { asTool } from './visibility';

/** How much of an item's JSON an agent is told. */
export const DETAILS = ['simplified', 'raw', 'selectedFields'] as const;

/** What Keep at OpenAI begins with, and what an AI agent's tool has without it. */
export const KEEP_HOURS = 24;

/** OpenAI keeps a file that expires for up to 30 days. */
export const MAX_KEPT_HOURS = 30 * 24;

const options = [
	field({
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. {date}-{prompt}-{item}',
		hint: 'Words in braces are filled in for each image when it is made, {id} by what no other image has; they stand beside expressions and stay as they are in the preview',
		description:
			'Name of the image file. {prompt}, {item}, {index}, {date}, {size} and {model} are filled in; the right extension is added, and a number when there are several images.',
	}),
	field({
		displayName: 'Temporary Link (Minutes)',
		name: 'temporaryLink',
		type: 'number',
		// A year; n8n deletes binary data with its execution anyway.
		typeOptions: { minValue: 1, maxValue: 525_600, numberPrecision: 0 },
		default: 60,
		description:
			'Adds a link to each image that works for so many minutes without a login, for services, chats and agents that take no file. It needs an n8n that can be reached from there. ' +
			`${docsLink('output.md', 'Links')}.`,
	}),
	field({
		displayName: 'Keep at OpenAI (Hours)',
		name: 'keepAtOpenAi',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: MAX_KEPT_HOURS, numberPrecision: 0 },
		default: KEEP_HOURS,
		hint: "As an AI agent's tool the node does so in any case with a key of OpenAI, unless this is 0",
		description:
			'Uploads each image to the OpenAI project, from which a later edit can take it by File ID; OpenAI deletes it after so many hours',
	}),
	field({
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
		displayOptions: { hide: asTool(true) },
	}),
	field({
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{ name: 'Simplified', value: 'simplified', description: 'What an agent needs' },
			{ name: 'Raw', value: 'raw', description: 'All there is' },
			{ name: 'Selected Fields', value: 'selectedFields' },
		],
		default: 'simplified',
		description: 'How much the agent is told about an image; it pays for each word',
		displayOptions: { show: asTool(true) },
	}),
	field({
		displayName: 'Fields',
		name: 'outputFields',
		type: 'string',
		default: '',
		placeholder: 'e.g. fileName, url, cost',
		description: 'Names of the fields to return, with commas between them',
		displayOptions: { show: { ...asTool(true), output: ['selectedFields'] } },
	}),
	field({
		displayName: 'All Images in One Item',
		name: 'oneItem',
		type: 'boolean',
		default: false,
		description:
			'Whether to put all images of an input item into one output item, in binary fields with numbers, e.g. image_1 and image_2',
	}),
	field({
		displayName: 'Include Other Input Fields',
		name: 'includeOtherFields',
		type: 'boolean',
		default: false,
		description: "Whether to pass the input item's JSON fields on with each image",
	}),
	field({
		displayName: 'Include Input Binary Data',
		name: 'includeInputBinary',
		type: 'boolean',
		default: false,
		description: "Whether to pass the input item's binary fields on with each image",
		displayOptions: unlessBatch(),
	}),
	field({
		displayName: 'Output Data Field Name',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the output binary field to put the image in',
	}),
	field({
		displayName: 'Partial Images',
		name: 'partialImages',
		type: 'options',
		options: [0, 1, 2, 3].map((count) => ({ name: String(count), value: count })),
		default: 1,
		description:
			'How many previews to have streamed before the image; each costs 100 image output tokens, and fewer may come',
		displayOptions: unlessBatch(),
	}),
	field({
		displayName: 'Keep Partial Images',
		name: 'keepPartialImages',
		type: 'boolean',
		default: false,
		description:
			'Whether to pass the partial images on, in further binary fields, e.g. data_partial_1',
		displayOptions: unlessBatch({ show: { partialImages: [1, 2, 3] } }),
	}),
];

/** What becomes of the image. */
export const outputOptions = {
	displayName: 'Output Options',
	name: 'outputOptions',
	options,
} satisfies Collection;
