import { outputTokens } from './outputTokens';
import { outputDollarsOf } from './tokenCost';
import type { ModelFamily, Quality } from '../models/catalogue';

/**
 * What an image costs to make, by OpenAI's published figures, without prompt and input images.
 *
 * @param family the model's
 * @param size WIDTHxHEIGHT in pixels
 * @returns e.g. `$0.053`; `undefined` where nothing is published
 */
export function imagePrice(
	{ prices, outputTokens: figures }: ModelFamily,
	quality: Quality,
	size: string,
): string | undefined {
	const tokens = figures && outputTokens(figures, quality, size);
	if (!prices || tokens === undefined) return undefined;
	const usd = outputDollarsOf(tokens, prices);
	return `$${usd.toFixed(usd < 0.1 ? 3 : 2)}`;
}

/**
 * @param choices a word for each price, and how it is computed
 * @returns e.g. `$0.053 at medium, $0.21 at high`; `undefined` where nothing is published
 */
export function pricesAt(
	choices: Array<[word: string, price: string | undefined]>,
): string | undefined {
	const known = choices.flatMap(([word, price]) =>
		price === undefined ? [] : `${price} at ${word}`,
	);
	return known.length > 0 ? known.join(', ') : undefined;
}
