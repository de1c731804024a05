import type { INodeProperties } from 'n8n-workflow';
import { FINAL_STATES } from '../../openai/batchRules';

/** How often the trigger looks; a batch takes minutes to hours. */
const EVERY_TEN_MINUTES = { item: [{ mode: 'everyX', value: 10, unit: 'minutes' }] };

export const triggerFields: INodeProperties[] = [
	{
		displayName: 'Trigger On',
		name: 'event',
		type: 'options',
		options: [{ name: 'Batch Finished', value: 'batchFinished' }],
		default: 'batchFinished',
		description: 'What starts the workflow',
	},
	{
		displayName:
			'Each batch comes out as one item without its images. Fetch them with the GPT Image node: resource Batch, operation Get Images.',
		name: 'imagesNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Batch Name',
		name: 'batchName',
		type: 'string',
		default: '',
		placeholder: 'e.g. autumn catalogue',
		description:
			'The full name the batch was submitted with. Leave it blank for every batch that the GPT Image node has submitted.',
	},
	{
		displayName: 'States',
		name: 'states',
		type: 'multiOptions',
		options: [
			{ name: 'Cancelled', value: 'cancelled', description: 'Somebody cancelled it' },
			{ name: 'Completed', value: 'completed', description: 'All requests are done' },
			{ name: 'Expired', value: 'expired', description: 'Its 24 hours were not enough' },
			{
				name: 'Failed',
				value: 'failed',
				description: 'OpenAI could not begin it, e.g. because of a wrong value',
			},
		],
		default: [...FINAL_STATES],
		description: 'Which final states of a batch start the workflow',
	},
	{
		// n8n puts a field of this name before all others, with every minute as its default. The last one of a name
		// decides, and a hidden one is not shown.
		displayName: 'Poll Times',
		name: 'pollTimes',
		type: 'hidden',
		default: EVERY_TEN_MINUTES,
	},
];
