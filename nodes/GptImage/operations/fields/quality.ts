import type { INodePropertyOptions } from 'n8n-workflow';
import type { ModelFamily, Quality } from '../../models/catalogue';
import { field } from './field';
import { modelsPerhapsWith, modelsWithout } from './visibility';

const CHOICES: Array<INodePropertyOptions & { value: Quality }> = [
	{ name: 'Auto', value: 'auto', description: 'The model chooses' },
	{ name: 'Low', value: 'low', description: 'Fastest and cheapest' },
	{ name: 'Medium', value: 'medium' },
	{ name: 'High', value: 'high' },
	{ name: 'Extra High', value: 'xhigh' },
	{ name: 'Max', value: 'max', description: 'Best and most expensive' },
];

const BASIC: Quality[] = ['auto', 'low', 'medium', 'high'];

const hasMax = ({ qualities }: ModelFamily) => qualities.includes('max');

const quality = field({
	displayName: 'Quality',
	name: 'quality',
	type: 'options',
	options: CHOICES,
	default: 'auto',
	description: 'More quality takes longer and costs more',
});

/** Two Quality fields of one name: the second offers what only newer, or unknown, models have. */
export const qualityFields = [
	{
		...quality,
		options: CHOICES.filter(({ value }) => BASIC.includes(value)),
		displayOptions: { hide: modelsPerhapsWith(hasMax) },
	},
	{ ...quality, displayOptions: { hide: modelsWithout(hasMax) } },
];
