import { PRICES_DATE } from '../../models/prices';
import type { ModelFamily } from '../../models/catalogue';
import { FIXED_SIZES, SIZE_RULE, SIZES_BY_USE } from '../../models/sizes';
import { GROUPS } from './families';
import { field } from './field';
import { imagePrice, pricesAt } from '../../cost/priceLabel';
import { asTool, modelsWithout } from './visibility';

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

const isFree = ({ sizes }: ModelFamily) => sizes === 'free';

function choicesFor(family: ModelFamily | undefined) {
	const sizes = !family || isFree(family) ? [...fixed, ...byUse] : fixed;
	const priced = sizes.map((choice) => {
		const description =
			family &&
			pricesAt(
				(['medium', 'high'] as const).map((quality) => [
					quality,
					imagePrice(family, quality, choice.value),
				]),
			);
		return { ...choice, ...(description !== undefined && { description }) };
	});
	return [auto, ...priced, ...(!family || isFree(family) ? [custom] : [])];
}

const size = field({
	displayName: 'Size',
	name: 'size',
	type: 'options',
	options: [auto, ...fixed],
	default: 'auto',
	description: `Width x height of the image in pixels. Prices are per image of that quality, without prompt and input images, as of ${PRICES_DATE}.`,
});

const edge = {
	type: 'number' as const,
	typeOptions: { minValue: 1, maxValue: SIZE_RULE.maxEdge, numberPrecision: 0 },
	default: 1024,
	displayOptions: { show: { size: ['custom'] }, hide: modelsWithout(isFree) },
	hint: `A multiple of ${SIZE_RULE.multipleOf} up to ${SIZE_RULE.maxEdge}; at most ${SIZE_RULE.maxRatio}:1; ${SIZE_RULE.minPixels} to ${SIZE_RULE.maxPixels} pixels in all`,
};

/** A Size field for each kind of model, one in words for agents, and Width and Height of Custom. */
export const sizeFields = [
	...GROUPS.map(({ family, others }) => ({
		...size,
		options: choicesFor(family),
		displayOptions: { hide: { ...others, ...asTool(true) } },
	})),
	field({
		displayName: 'Size',
		name: 'size',
		type: 'string',
		default: 'auto',
		placeholder: 'e.g. 1536x1024',
		description: `WIDTHxHEIGHT in pixels, or auto: ${FIXED_SIZES.join(', ')}; gpt-image-2 and newer take any multiples of ${SIZE_RULE.multipleOf} up to ${SIZE_RULE.maxEdge}`,
		displayOptions: { show: asTool(true) },
	}),
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
