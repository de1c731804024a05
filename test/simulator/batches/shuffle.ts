import { crypto } from '../../node';

/** The same items in another order; never in the one they came in, where there is another. */
export function shuffled<Item>(items: readonly Item[]): Item[] {
	const mixed = items
		.map((item) => ({ item, key: crypto.randomInt(2 ** 47) }))
		.sort((one, other) => one.key - other.key)
		.map(({ item }) => item);
	const same = mixed.every((item, index) => item === items[index]);
	return same ? mixed.reverse() : mixed;
}
