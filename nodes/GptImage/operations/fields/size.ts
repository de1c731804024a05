import type { INodeProperties } from 'n8n-workflow';
import { FIXED_SIZES, SIZE_RULE } from '../../models/sizes';

const NAMES = ['Square', 'Portrait', 'Landscape'];

export const sizeFields: INodeProperties[] = [
	{
		displayName: 'Size',
		name: 'size',
		type: 'options',
		options: [
			...FIXED_SIZES.map((size, index) => ({ name: `${size} (${NAMES[index]})`, value: size })),
			{ name: 'Auto', value: 'auto', description: 'The model chooses' },
			{ name: 'Custom', value: 'custom', description: 'Any width and height the model takes' },
		],
		default: 'auto',
		description: 'Width x height of the image in pixels',
	},
	...(['Width', 'Height'] as const).map(
		(edge): INodeProperties => ({
			displayName: edge,
			name: edge.toLowerCase(),
			type: 'number',
			typeOptions: { minValue: SIZE_RULE.multipleOf, maxValue: SIZE_RULE.maxEdge },
			default: 1024,
			displayOptions: { show: { size: ['custom'] } },
			hint: `A multiple of ${SIZE_RULE.multipleOf}, at most ${SIZE_RULE.maxEdge}`,
			description: `${edge} of the image in pixels`,
		}),
	),
];
