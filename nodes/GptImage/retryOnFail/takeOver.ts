import { RequestFailure } from '../errors/failure';
import type { MadeImage } from '../images/output/items';
import { makeLink } from '../images/output/link';
import { imagesOf, type ItemRequest } from '../run/buildRequest';
import { requestFingerprintOf } from '../openai/fingerprint';
import { perform, requestOf, type Performed } from '../run/perform';
import { isPlaceholder, performPlaceholder } from '../placeholder/performPlaceholder';
import type { Run } from '../run/run';
import type { Reference } from '../run/series';
import type { MadeBefore } from './tries';

/**
 * Finds the images that an earlier try of the same node run has made by the same requests.
 *
 * @param references images of earlier items to go along
 * @returns for each call of the item; empty without Retry On Fail
 */
export async function takeOver(
	run: Run,
	item: ItemRequest,
	references: Reference[],
): Promise<MadeBefore[]> {
	const { tries, connection } = run;
	const before: MadeBefore[] = [];
	if (!tries) return before;
	for (const call of item.settings.imagesPerCall.keys()) {
		const request = await requestOf(run, item, call, references);
		const fingerprint = await requestFingerprintOf(connection, request);
		const made = tries.find(item.itemIndex, call, fingerprint);
		const images = made?.images.map((image) => withNewLink(run, item, image)) ?? [];
		before.push({ warnings: [], isWhole: false, ...made, fingerprint, images });
	}
	return before;
}

/**
 * Makes one of the calls of an item's request as {@link perform} does, without the images that are there already,
 * and remembers what there is now for the next try.
 *
 * @param before what {@link takeOver} found for the call
 */
export async function performRest(
	run: Run,
	item: ItemRequest,
	call: number,
	references: Reference[],
	before: MadeBefore | undefined,
): Promise<Performed> {
	const make = isPlaceholder(run.context, item) ? performPlaceholder : perform;
	if (!before) return await make(run, item, call, references);
	const rest = restOf(item, call, before.images.length);
	const performed = await make(run, rest.item, rest.call, references).catch(asPerformed);
	const { failure, warnings } = performed;
	const images = [...before.images, ...performed.images];
	const isWhole = !failure || images.length >= imagesOf(item, call);
	run.tries?.keep(item.itemIndex, call, { ...before, images, warnings, isWhole });
	return { images, failure, warnings };
}

/** A call that was not sent must not cost the images that are there already. */
async function asPerformed(error: unknown): Promise<Performed> {
	if (error instanceof RequestFailure) return { images: [], failure: error, warnings: [] };
	return await Promise.reject(error);
}

/** The link of the earlier try has less time left. */
function withNewLink(
	{ context }: Run,
	{ settings: { linkMinutes } }: ItemRequest,
	image: MadeImage,
): MadeImage {
	const { binary } = image.stored;
	const link = linkMinutes === undefined ? undefined : makeLink(context, binary, linkMinutes);
	const file = image.file?.fileId === undefined ? undefined : image.file;
	return { ...image, link, file, facts: { ...image.facts, isFromEarlierTry: true } };
}

/** @returns the item with a call of which some images are made cut in two, and the number of what is left of it */
function restOf(item: ItemRequest, call: number, made: number) {
	if (made === 0) return { item, call };
	const { settings } = item;
	const left = imagesOf(item, call) - made;
	const imagesPerCall = settings.imagesPerCall.toSpliced(call, 1, made, left);
	return { item: { ...item, settings: { ...settings, imagesPerCall } }, call: call + 1 };
}
