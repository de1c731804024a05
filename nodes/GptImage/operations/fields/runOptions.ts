import type { Collection } from './collection';
import { MAX_REQUESTS_PER_BATCH } from '../../openai/batchRules';
import { MAX_IMAGES_PER_REQUEST } from '../../openai/request';
import { ifBatch, unlessBatch } from './delivery';
import { docsLink } from './docs';
import { field } from './field';

const usdPerMillion = { minValue: 0, maxValue: 100_000 };

/** The user's own prices. */
export const priceFields = [
	field({
		displayName: 'Image Output',
		name: 'imageOutput',
		type: 'number',
		typeOptions: usdPerMillion,
		default: 0,
	}),
	field({
		displayName: 'Image Input',
		name: 'imageInput',
		type: 'number',
		typeOptions: usdPerMillion,
		default: 0,
	}),
	field({
		displayName: 'Text Input',
		name: 'textInput',
		type: 'number',
		typeOptions: usdPerMillion,
		default: 0,
	}),
];

const options = [
	field({
		displayName: 'Estimate Only',
		name: 'estimateOnly',
		type: 'boolean',
		default: false,
		description:
			'Whether to only check the items and tell what they would cost. Nothing is sent, nothing is paid.',
	}),
	field({
		displayName: 'Maximum Cost per Run (USD)',
		name: 'maxCost',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 1,
		description:
			'What all items of a run may cost together, by estimate. A request that would exceed it is not sent: its item comes out with an error, and images already made are kept, whatever On Error says. ' +
			`${docsLink('cost-and-budget.md', 'What is booked')}.`,
	}),
	field({
		displayName: 'Placeholder in Manual Runs',
		name: 'placeholder',
		type: 'boolean',
		default: false,
		description:
			'Whether to draw a placeholder in place of each image when the workflow is run by hand. Nothing is sent, nothing is paid.',
		displayOptions: unlessBatch(),
	}),
	field({
		displayName: 'Requests in Parallel',
		name: 'requestsInParallel',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 50, numberPrecision: 0 },
		default: 5,
		description: 'How many requests of this run may be under way at once',
		displayOptions: unlessBatch(),
	}),
	field({
		displayName: 'Images per Minute',
		name: 'imagesPerMinute',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		hint: '0 means no limit of its own; rate limits of the API are obeyed in any case',
		description:
			'How many images to have made per minute at most, e.g. the limit of your usage tier; requests are spaced evenly. Input images of an edit do not count: OpenAI limits those apart. ' +
			`${docsLink('limits-and-speed.md', 'Limits')}.`,
		displayOptions: unlessBatch(),
	}),
	field({
		displayName: 'Images per Request',
		name: 'imagesPerRequest',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MAX_IMAGES_PER_REQUEST, numberPrecision: 0 },
		default: 10,
		description:
			'How many images to ask for in one request; those of an item are spread over as many requests as that takes. For more than 10 images, for gateways that make one at a time, or to have them made in parallel.',
	}),
	field({
		displayName: 'Requests per Batch',
		name: 'requestsPerBatch',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MAX_REQUESTS_PER_BATCH, numberPrecision: 0 },
		default: 500,
		description:
			'How many requests to put into one batch at most; more become several batches. OpenAI takes up to 50,000 in one, and a file of up to 200 MB.',
		displayOptions: ifBatch,
	}),
	field({
		displayName: 'Batch Name',
		name: 'batchName',
		type: 'string',
		default: '',
		placeholder: 'e.g. autumn catalogue',
		description:
			'Name by which GPT Image Trigger and Get Many find the batches; without it they have that of the workflow',
		displayOptions: ifBatch,
	}),
	field({
		displayName: 'Fallback Model',
		name: 'fallbackModel',
		type: 'string',
		default: '',
		placeholder: 'e.g. gpt-image-2.6-flare',
		description: 'ID of a model to use when the API no longer has Model',
	}),
	field({
		displayName: 'Max Retries',
		name: 'maxRetries',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 10, numberPrecision: 0 },
		default: 2,
		description:
			'How often a request is sent again after a server fault or a broken connection. Waiting for a rate limit does not count. Refusals are never repeated.',
		displayOptions: unlessBatch(),
	}),
	field({
		displayName: 'Timeout (Seconds)',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 0.001, maxValue: 86_400 },
		default: 600,
		description: 'How long to wait for an image. High quality can take several minutes.',
		displayOptions: unlessBatch(),
	}),
	field({
		displayName: 'Idle Timeout (Seconds)',
		name: 'idleTimeout',
		type: 'number',
		typeOptions: { minValue: 0.001, maxValue: 86_400 },
		default: 120,
		description: 'How long an answer that has begun may stay silent before it is given up',
		displayOptions: unlessBatch(),
	}),
	field({
		displayName: 'Keep Connection Alive',
		name: 'keepAlive',
		type: 'boolean',
		default: false,
		description:
			'Whether to have the image streamed, with up to three previews on the way, for proxies that cut silent connections. Each preview costs 100 image output tokens more and is not kept.',
		displayOptions: unlessBatch(),
	}),
	field({
		displayName: 'Prices (USD per Million Tokens)',
		name: 'prices',
		type: 'fixedCollection',
		placeholder: 'Set Prices',
		default: {},
		description:
			"Your own prices, e.g. of Azure or a gateway; without them the cost is computed with OpenAI's",
		options: [{ displayName: 'Prices', name: 'usd', values: priceFields }],
	}),
	field({
		displayName: 'Send as JSON',
		name: 'sendAsJson',
		type: 'boolean',
		default: false,
		description:
			'Whether to send input images inside a JSON body, for gateways that take no multipart requests',
		displayOptions: unlessBatch(),
	}),
];

/** How the images are asked for. */
export const runOptions = {
	displayName: 'Run Options',
	name: 'options',
	options,
} satisfies Collection;

/** Those that are about input images. */
export const EDIT_RUN_OPTIONS: Array<(typeof options)[number]['name']> = ['sendAsJson'];
