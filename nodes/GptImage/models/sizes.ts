import type { ModelFamily } from './catalogue';

/** OpenAI image guide and `openai` 7.57.0 types: free sizes of gpt-image-2 and later. */
export const SIZE_RULE = {
	multipleOf: 16,
	maxEdge: 3840,
	maxRatio: 3,
	minPixels: 655_360,
	maxPixels: 8_294_400,
} as const;

/** Sizes every model takes, besides `auto`. */
export const FIXED_SIZES: [square: string, portrait: string, landscape: string] = [
	'1024x1024',
	'1024x1536',
	'1536x1024',
];

/** Sizes by use: the ratio platforms ask for, on multiples of 16, at least as large as what they show. */
export const SIZES_BY_USE: Record<string, string> = {
	'Feed 4:5': '1088x1360',
	'Link Preview 1.9:1': '1216x640',
	'Story 9:16': '1152x2048',
	'Wide 16:9': '1792x1008',
	'2K 16:9': '2560x1440',
	'4K 16:9': '3840x2160',
};

/**
 * Checks a size before it is paid for.
 *
 * @param family the model's; `undefined` lets every size pass
 * @param size `auto` or WIDTHxHEIGHT in pixels
 * @returns what is wrong with it, as the rest of a sentence, or `undefined`
 */
export function sizeProblem(family: ModelFamily | undefined, size: string): string | undefined {
	if (!family || size === 'auto') return undefined;
	if (family.sizes === 'fixed') {
		return FIXED_SIZES.includes(size)
			? undefined
			: `is not one of ${FIXED_SIZES.join(', ')}, the sizes ${family.id} takes`;
	}
	const { width, height } = toSides(size);
	const { multipleOf, maxEdge, maxRatio, minPixels, maxPixels } = SIZE_RULE;
	if (width % multipleOf !== 0 || height % multipleOf !== 0) {
		const near = (edge: number) => Math.max(1, Math.round(edge / multipleOf)) * multipleOf;
		return `is not a multiple of ${multipleOf} on both sides; the nearest is ${near(width)}x${near(height)}`;
	}
	if (Math.max(width, height) > maxEdge) return `has a side longer than ${maxEdge} pixels`;
	if (Math.max(width, height) > maxRatio * Math.min(width, height)) {
		return `has one side more than ${maxRatio} times as long as the other`;
	}
	const pixels = width * height;
	if (pixels < minPixels) return `has ${pixels} pixels, fewer than the least, ${minPixels}`;
	if (pixels > maxPixels) return `has ${pixels} pixels, more than the most, ${maxPixels}`;
	return undefined;
}

/** Steps to the sizes around one, its own first. */
const NEIGHBOURS: Array<[across: number, down: number]> = [
	[0, 0],
	[1, 1],
	[-1, -1],
	[0, 1],
	[1, 0],
	[0, -1],
	[-1, 0],
];

/**
 * Finds the size a model can make that is most like another.
 *
 * @param family the model's
 * @param size pixels
 */
export function nearestSize(
	family: ModelFamily,
	size: { width: number; height: number },
): { width: number; height: number } {
	const ratio = size.width / size.height;
	if (family.sizes === 'fixed') {
		const offered = FIXED_SIZES.map(toSides);
		const farness = (sides: { width: number; height: number }) =>
			Math.abs(Math.log(sides.width / sides.height / ratio));
		return offered.reduce((best, one) => (farness(one) < farness(best) ? one : best));
	}
	const { multipleOf, maxEdge, maxRatio, minPixels, maxPixels } = SIZE_RULE;
	const shape = Math.min(Math.max(ratio, 1 / maxRatio), maxRatio);
	const pixels = Math.min(Math.max(size.width * size.height, minPixels), maxPixels);
	const width = Math.min(Math.sqrt(pixels * shape), maxEdge, maxEdge * shape);
	const step = (edge: number, by: number) => (Math.round(edge / multipleOf) + by) * multipleOf;
	// Rounding may leave the bounds: then one step to either side stays within.
	for (const [across, down] of NEIGHBOURS) {
		const near = { width: step(width, across), height: step(width / shape, down) };
		if (sizeProblem(family, `${near.width}x${near.height}`) === undefined) return near;
	}
	return toSides(FIXED_SIZES[0]);
}

function toSides(size: string): { width: number; height: number } {
	const [width, height] = size.split('x');
	return { width: Number(width), height: Number(height) };
}
