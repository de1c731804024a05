import type { INodeProperties } from 'n8n-workflow';

/** What one item can ask for when its images are spread over several requests. */
export const MAX_IMAGES_PER_ITEM = 100;

export const countField: INodeProperties = {
	displayName: 'Number of Images',
	name: 'n',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: MAX_IMAGES_PER_ITEM, numberPrecision: 0 },
	default: 1,
	hint: 'More than 10 need the option Images per Request',
	description: 'How many images to make of the prompt; each is paid for',
};
