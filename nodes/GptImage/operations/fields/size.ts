import type { ModelFamily } from '../../models/catalogue';
import { FIXED_SIZES, SIZE_RULE, SIZES_BY_USE } from '../../models/sizes';
import { field } from './field';
import { modelsPerhapsWith, modelsWithout } from './visibility';

const SHAPES = ['Square', 'Portrait', 'Landscape'];

const auto = { name: 'Auto', value: 'auto', description: 'The model chooses' };
const fixed = FIXED_SIZES.map((size, index) => ({
	name: `${SHAPES[index]} (${size})`,
	value: size,
}));
const byUse = Object.entries(SIZES_BY_USE).map(([use, size]) => ({
	name: `${use} (${size})`,
	value: size,
}));
const custom = {
	name: 'Custom',
	value: 'custom',
	description: 'Any width and height the model takes',
};

const size = field({
	displayName: 'Size',
	name: 'size',
	type: 'options',
	options: [auto, ...fixed],
	default: 'auto',
	description: 'Width x height of the image in pixels',
});

const isFree = ({ sizes }: ModelFamily) => sizes === 'free';

const edge = {
	type: 'number' as const,
	typeOptions: { minValue: 1, maxValue: SIZE_RULE.maxEdge, numberPrecision: 0 },
	default: 1024,
	displayOptions: { show: { size: ['custom'] }, hide: modelsWithout(isFree) },
	hint: `A multiple of ${SIZE_RULE.multipleOf} up to ${SIZE_RULE.maxEdge}; at most ${SIZE_RULE.maxRatio}:1; ${SIZE_RULE.minPixels} to ${SIZE_RULE.maxPixels} pixels in all`,
};

export const sizeFields = [
	// For models that know three sizes only.
	{ ...size, displayOptions: { hide: modelsPerhapsWith(isFree) } },
	{
		...size,
		options: [auto, ...fixed, ...byUse, custom],
		displayOptions: { hide: modelsWithout(isFree) },
	},
	field({
		...edge,
		displayName: 'Width',
		name: 'width',
		description: 'Width of the image in pixels',
	}),
	field({
		...edge,
		displayName: 'Height',
		name: 'height',
		description: 'Height of the image in pixels',
	}),
];
