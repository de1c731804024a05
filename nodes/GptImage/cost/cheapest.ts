import { MODEL_FAMILIES, type ModelFamily, type Quality } from '../models/catalogue';
import { lifecycleOf } from '../models/lifecycle';
import { sizeProblem } from '../models/sizes';
import { outputTokens } from './outputTokens';
import { inBatch, outputDollarsOf } from './tokenCost';

/** A model and quality that make a size, with what one image costs. */
export interface Way {
	model: string;
	quality: Quality;
	/** USD for the output of one image at once, and in a batch. */
	cost: number;
	batchCost: number;
}

/**
 * Finds the cheapest ways to images of a size, by OpenAI's published figures.
 *
 * @param size WIDTHxHEIGHT in pixels
 * @param now epoch milliseconds; models that shut down soon are left out
 * @param most how many ways
 * @returns cheapest first; none where nothing is published for the size
 */
export function cheapestWays(size: string, now: number, most = 4): Way[] {
	return MODEL_FAMILIES.filter((family) => lifecycleOf(family, now).state === 'alive')
		.flatMap((family) => waysOf(family, size))
		.sort((a, b) => a.cost - b.cost)
		.slice(0, most);
}

function waysOf(
	{ id, qualities, prices, outputTokens: figures, ...family }: ModelFamily,
	size: string,
): Way[] {
	if (!prices || !figures || sizeProblem({ id, qualities, ...family }, size) !== undefined)
		return [];
	return qualities.flatMap((quality) => {
		const tokens = quality === 'auto' ? undefined : outputTokens(figures, quality, size);
		if (tokens === undefined) return [];
		const cost = outputDollarsOf(tokens, prices);
		return [{ model: id, quality, cost, batchCost: inBatch(cost) }];
	});
}
