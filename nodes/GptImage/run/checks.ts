import { MAX_INPUT_IMAGES } from '../operations/parameters/images';
import type { Problem } from '../models/rules';
import type { ItemRequest } from './buildRequest';
import type { Run } from './shared';

/**
 * Finds what the options of an item promise and cannot keep, before anything is paid for.
 *
 * @throws {RequestFailure} `store` when n8n cannot store anything
 */
export async function problemOf(run: Run, order: ItemRequest): Promise<Problem | undefined> {
	return brokenBudget(run, order) ?? tooManyImages(run, order) ?? (await brokenLink(run, order));
}

/** @returns why the run cannot be kept below what it may cost */
function brokenBudget(
	{ settings: { maxCost }, estimator: quotes }: Run,
	{ request, settings }: ItemRequest,
) {
	if (maxCost === undefined) return undefined;
	if (request.fields.output_format === 'svg') {
		return {
			problem: 'Maximum Cost per Run does not go with Output Format SVG',
			remedy:
				'The model that writes the SVG is charged at prices of its own. Remove Maximum Cost per Run, or choose another Output Format.',
		};
	}
	const models = [request.fields.model, settings.fallbackModel ?? request.fields.model];
	const unpriced = models.find((model) => !quotes.prices(model, settings.prices));
	if (unpriced === undefined) return undefined;
	return {
		problem: `Maximum Cost per Run needs prices, and those of ${String(unpriced)} are not known`,
		remedy: 'Add Prices under Options.',
	};
}

/** @returns why the images of a series are more than an edit takes */
function tooManyImages({ series }: Run, { itemIndex, request }: ItemRequest) {
	const own = request.images.length;
	const earlier = series.expected(itemIndex).length;
	if (own + earlier <= MAX_INPUT_IMAGES) return undefined;
	return {
		problem: `Images has ${own} images, and Keep Consistent Across Items adds ${earlier}`,
		remedy: `One edit takes up to ${MAX_INPUT_IMAGES} images. Remove rows of Images.`,
	};
}

/** @returns why n8n cannot make a link that was asked for */
async function brokenLink({ canLink }: Run, { settings: { linkMinutes } }: ItemRequest) {
	if (linkMinutes === undefined || (await canLink())) return undefined;
	return {
		problem: 'Temporary Link is not possible on this n8n server',
		remedy:
			'n8n keeps binary data in memory here, or is too old to sign links. Set N8N_DEFAULT_BINARY_DATA_MODE of the server to filesystem (queue mode: database), or remove the option and upload the image to a storage node.',
	};
}
