import type { IDisplayOptions } from 'n8n-workflow';
import { field } from './field';

/** When the images are to be had. */
export const DELIVERIES = ['now', 'batch'] as const;

export const deliveryField = field({
	displayName: 'Delivery',
	name: 'delivery',
	type: 'options',
	options: [
		{ name: 'Now', value: 'now', description: 'The images come out of this node' },
		{
			name: 'Batch (Half Price, Within 24 Hours)',
			value: 'batch',
			description:
				'The requests of all items go to OpenAI as a batch, whose images are fetched later: by a workflow that begins with GPT Image Trigger, or by Batch > Get Images',
		},
	],
	default: 'now',
	description: 'Whether to wait for the images, or to have them made at half the price later',
});

/** For an option that makes no sense when nobody waits for the images. */
export const unlessBatch = ({ show, hide }: IDisplayOptions = {}): IDisplayOptions => ({
	...(show && { show }),
	hide: { ...hide, '/delivery': ['batch'] },
});

/** For an option that only a batch has. */
export const ifBatch: IDisplayOptions = { show: { '/delivery': ['batch'] } };
