import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import {
	modelsPerhapsWith,
	modelsWithout,
	type ModelFamily,
	type Quality,
} from '../../models/catalogue';

const CHOICES: Array<INodePropertyOptions & { value: Quality }> = [
	{ name: 'Auto', value: 'auto', description: 'The model chooses' },
	{ name: 'Extra High', value: 'xhigh' },
	{ name: 'High', value: 'high' },
	{ name: 'Low', value: 'low', description: 'Fastest and cheapest' },
	{ name: 'Max', value: 'max', description: 'Best and most expensive' },
	{ name: 'Medium', value: 'medium' },
];

const BASIC: Quality[] = ['auto', 'high', 'low', 'medium'];

const hasMax = ({ qualities }: ModelFamily) => qualities.includes('max');

const quality: INodeProperties = {
	displayName: 'Quality',
	name: 'quality',
	type: 'options',
	options: CHOICES,
	default: 'auto',
	description: 'More quality takes longer and costs more',
};

/** Two Quality fields of one name: the second offers what only newer, or unknown, models have. */
export const qualityFields: INodeProperties[] = [
	{
		...quality,
		options: CHOICES.filter(({ value }) => BASIC.includes(value)),
		displayOptions: { hide: modelsPerhapsWith(hasMax) },
	},
	{ ...quality, displayOptions: { hide: modelsWithout(hasMax) } },
];
