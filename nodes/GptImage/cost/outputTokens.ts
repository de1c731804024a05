import type { Quality } from '../models/catalogue';
import { FIXED_SIZES } from '../models/sizes';

/** How many output tokens an image has: a formula with a base for each quality, or a table by size. */
export type OutputTokens =
	| { base: Partial<Record<Quality, number>> }
	| { table: Partial<Record<Quality, Record<string, number>>> };

/** The base of the formula behind OpenAI's price calculator; it gives the printed prices to the digit. */
export const TOKENS_2: OutputTokens = { base: { low: 16, medium: 48, high: 96 } };
export const TOKENS_25: OutputTokens = {
	base: { low: 16, medium: 24, high: 48, xhigh: 64, max: 96 },
};

const bySize = (square: number, portrait: number, landscape: number) => ({
	'1024x1024': square,
	'1024x1536': portrait,
	'1536x1024': landscape,
});

/** OpenAI's image guide, for the models before gpt-image-2. */
export const TOKENS_1: OutputTokens = {
	table: {
		low: bySize(272, 408, 400),
		medium: bySize(1056, 1584, 1568),
		high: bySize(4160, 6240, 6208),
	},
};

/** What Quality Auto is counted as: more than the models were seen to choose. */
const AUTO_QUALITY: Quality = 'high';

/**
 * Estimates the output tokens of one image. Quality Auto counts as High, Size Auto as the dearest standard size.
 *
 * @param figures of the model
 * @param quality as it is sent, `undefined` for auto
 * @param size WIDTHxHEIGHT in pixels, `undefined` for auto
 * @returns `undefined` where nothing is published
 */
export function outputTokens(
	figures: OutputTokens,
	quality: unknown = AUTO_QUALITY,
	size?: unknown,
): number | undefined {
	const sizes = size === undefined ? FIXED_SIZES : [String(size)];
	const each = sizes.map((one) => figureOf(figures, String(quality), one));
	const known = each.filter((tokens) => tokens !== undefined);
	return known.length === each.length ? Math.max(...known) : undefined;
}

function figureOf(figures: OutputTokens, quality: string, size: string): number | undefined {
	if ('table' in figures) return lookUp(lookUp(figures.table, quality) ?? {}, size);
	const base = lookUp(figures.base, quality);
	const [width = NaN, height = NaN] = size.split('x').map(Number);
	if (base === undefined || !(width * height > 0)) return undefined;
	const units = Math.round((base * Math.min(width, height)) / Math.max(width, height));
	return Math.ceil((base * units * (2_000_000 + width * height)) / 4_000_000);
}

const lookUp = <Value>(table: Record<string, Value>, key: string): Value | undefined =>
	Object.hasOwn(table, key) ? table[key] : undefined;
