import { imagePrice } from '../cost/priceLabel';
import type { ModelFamily } from './catalogue';
import { FIXED_SIZES } from './sizes';

/**
 * What the model list calls a model.
 *
 * @param id as the API has it
 * @param family what is known of it
 * @param shutdownDate the day it stops answering, YYYY-MM-DD
 * @returns e.g. `gpt-image-2 – $0.053, recommended to begin with`: the price of a square image of medium quality
 */
export function modelName(
	id: string,
	family: ModelFamily | undefined,
	shutdownDate?: string,
): string {
	const [square] = FIXED_SIZES;
	const price = family && imagePrice(family, 'medium', square);
	const facts = [price, family?.purpose].filter(Boolean).join(', ');
	const end = shutdownDate === undefined ? '' : ` (shuts down ${shutdownDate})`;
	return `${id}${facts === '' ? '' : ` – ${facts}`}${end}`;
}
