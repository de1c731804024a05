import { familyOf, MODEL_FAMILIES } from '../../nodes/GptImage/models/catalogue';
import { lifecycleOf } from '../../nodes/GptImage/models/lifecycle';
import { FIXED_SIZES } from '../../nodes/GptImage/models/sizes';
import { findImageModel } from '../../test/simulator/models';
import { outputTokens } from '../../test/simulator/usage';

/** A model with the size at which its images cost least. */
export interface Choice {
	model: string;
	/** WIDTHxHEIGHT in pixels. */
	size: string;
}

/** As few pixels as a model with free sizes takes. */
const SMALLEST = '1024x640';

/**
 * Finds the model whose image of quality Low costs least: the catalogue's prices, and the tokens of OpenAI's
 * price calculator, which the simulator has.
 *
 * @param now epoch milliseconds: models that have shut down by then are left out
 * @param only id of the one model to choose a size for
 * @throws Error when there is none
 */
export function cheapest(now: number, only?: string): Choice {
	const today = new Date(now).toISOString().slice(0, 10);
	const ids = only === undefined ? MODEL_FAMILIES.map(({ id }) => id) : [only];
	const choices = ids.flatMap((model) => {
		const family = familyOf(model);
		if (!family?.prices || lifecycleOf(family, now).state === 'shutDown') return [];
		const price = family.prices.imageOutput;
		const sizes = family.sizes === 'free' ? [...FIXED_SIZES, SMALLEST] : FIXED_SIZES;
		return sizes.map((size) => {
			const [width = 0, height = 0] = size.split('x').map(Number);
			const counted = findImageModel(model, today);
			const tokens = outputTokens(counted.family, 'low', { width, height });
			return { model, size, price: tokens * price };
		});
	});
	const [first] = choices.sort((one, other) => one.price - other.price);
	if (!first) throw new Error(`No price is known for ${only ?? 'any model'} today.`);
	return { model: first.model, size: first.size };
}
