import type { INodePropertyOptions } from 'n8n-workflow';
import { PRICES_DATE } from '../../models/prices';
import type { ModelFamily, Quality } from '../../models/catalogue';
import { FIXED_SIZES } from '../../models/sizes';
import { GROUPS } from './families';
import { field } from './field';
import { imagePrice, pricesAt } from '../../cost/priceLabel';
import { asTool } from './visibility';

const CHOICES: Array<INodePropertyOptions & { value: Quality }> = [
	{ name: 'Auto', value: 'auto', description: 'The model chooses' },
	{ name: 'Low', value: 'low', description: 'Fastest and cheapest' },
	{ name: 'Medium', value: 'medium' },
	{ name: 'High', value: 'high' },
	{ name: 'Extra High', value: 'xhigh' },
	{ name: 'Max', value: 'max', description: 'Best and most expensive' },
];

const [SQUARE, , LANDSCAPE] = FIXED_SIZES;

const choicesFor = (family: ModelFamily | undefined) =>
	CHOICES.filter(({ value }) => !family || family.qualities.includes(value)).map((choice) => {
		const prices =
			family &&
			choice.value !== 'auto' &&
			pricesAt([SQUARE, LANDSCAPE].map((size) => [size, imagePrice(family, choice.value, size)]));
		const description = [choice.description, prices].filter(Boolean).join('. ');
		return { ...choice, ...(description !== '' && { description }) };
	});

const quality = field({
	displayName: 'Quality',
	name: 'quality',
	type: 'options',
	options: CHOICES,
	default: 'auto',
	description: `More quality takes longer and costs more. Prices are per image, without prompt and input images, as of ${PRICES_DATE}.`,
});

/** A Quality field for each kind of model, and one in words: n8n lets an agent fill in texts, but no lists. */
export const qualityFields = [
	...GROUPS.map(({ family, others }) => ({
		...quality,
		options: choicesFor(family),
		displayOptions: { hide: { ...others, ...asTool(true) } },
	})),
	field({
		displayName: 'Quality',
		name: 'quality',
		type: 'string',
		default: 'auto',
		placeholder: 'e.g. medium',
		description:
			'One of auto, low, medium and high; gpt-image-2.5 and newer have xhigh and max, too. More quality takes longer and costs more.',
		displayOptions: { show: asTool(true) },
	}),
];
