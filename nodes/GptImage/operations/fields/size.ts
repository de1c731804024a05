import type { INodeProperties } from 'n8n-workflow';
import { modelsPerhapsWith, modelsWithout, type ModelFamily } from '../../models/catalogue';
import { FIXED_SIZES, SIZE_RULE, SIZES_BY_USE } from '../../models/sizes';

const SHAPES = ['Square', 'Portrait', 'Landscape'];

const fixed = [
	...FIXED_SIZES.map((size, index) => ({ name: `${SHAPES[index]} (${size})`, value: size })),
	{ name: 'Auto', value: 'auto', description: 'The model chooses' },
];
const byUse = Object.entries(SIZES_BY_USE).map(([use, size]) => ({
	name: `${use} (${size})`,
	value: size,
}));
// Not localeCompare: starting ICU takes longer than loading the whole node.
const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

const size: INodeProperties = {
	displayName: 'Size',
	name: 'size',
	type: 'options',
	options: [],
	default: 'auto',
	description: 'Width x height of the image in pixels',
};

const isFree = ({ sizes }: ModelFamily) => sizes === 'free';

/** Two Size fields of one name: the first for models that know three sizes only. */
export const sizeFields: INodeProperties[] = [
	{
		...size,
		options: [...fixed].sort(byName),
		displayOptions: { hide: modelsPerhapsWith(isFree) },
	},
	{
		...size,
		options: [
			...fixed,
			...byUse,
			{ name: 'Custom', value: 'custom', description: 'Any width and height the model takes' },
		].sort(byName),
		displayOptions: { hide: modelsWithout(isFree) },
	},
	...(['Width', 'Height'] as const).map(
		(edge): INodeProperties => ({
			displayName: edge,
			name: edge.toLowerCase(),
			type: 'number',
			typeOptions: { minValue: SIZE_RULE.multipleOf, maxValue: SIZE_RULE.maxEdge },
			default: 1024,
			displayOptions: { show: { size: ['custom'] }, hide: modelsWithout(isFree) },
			hint: `A multiple of ${SIZE_RULE.multipleOf}, at most ${SIZE_RULE.maxEdge}`,
			description: `${edge} of the image in pixels`,
		}),
	),
];
