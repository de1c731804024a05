/** Which images of which item a line of a batch makes. */
export interface LinePlace {
	/** Number of the input item, from 0. */
	item: number;
	/** Number of its first image among all of the item, from 0. */
	first: number;
}

const PATTERN = /^item-(\d{1,9})-image-(\d{1,9})$/;

/** @returns the `custom_id` of a line: unique in its batch, at most 64 characters */
export const customIdOf = ({ item, first }: LinePlace) => `item-${item}-image-${first}`;

/** @returns the place a `custom_id` tells; `undefined` for one this node did not make */
export function placeOf(customId: string): LinePlace | undefined {
	const [, item, first] = PATTERN.exec(customId) ?? [];
	return item === undefined ? undefined : { item: Number(item), first: Number(first) };
}
