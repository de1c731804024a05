/** A choice for each factor; `undefined` leaves it alone. */
export type Row = Record<string, unknown>;

/**
 * Chooses rows so that every two values of different factors meet in one of them, where they can.
 *
 * @param factors the values of each
 * @param isPossible whether these choices, of some factors, go together
 */
export function pairwise(
	factors: Record<string, readonly unknown[]>,
	isPossible: (row: Row) => boolean,
): Row[] {
	const names = Object.keys(factors);
	const open = new Map<string, Row>();
	for (const [index, one] of names.entries()) {
		for (const other of names.slice(index + 1)) {
			for (const value of factors[one] ?? []) {
				for (const otherValue of factors[other] ?? []) {
					const pair = { [one]: value, [other]: otherValue };
					open.set(keyOf(pair), pair);
				}
			}
		}
	}
	const rows: Row[] = [];
	for (const pair of open.values()) {
		const row = isPossible(pair) ? complete(pair) : undefined;
		// A pair that is in no row cannot be.
		for (const met of row ? pairsOf(row) : [pair]) open.delete(keyOf(met));
		if (row) rows.push(row);
	}
	return rows;

	/** Chooses what is missing, so that the row meets as much as it can of what is still open. */
	function complete(row: Row): Row | undefined {
		const name = names.find((one) => !(one in row));
		if (name === undefined) return row;
		const rated = (factors[name] ?? [])
			.map((value) => ({ ...row, [name]: value }))
			.filter(isPossible)
			.map((longer) => ({ longer, met: openWith(longer, name) }))
			.sort((one, other) => other.met - one.met);
		for (const { longer } of rated) {
			const found = complete(longer);
			if (found) return found;
		}
		return undefined;
	}

	function openWith(row: Row, name: string): number {
		const others = Object.keys(row).filter((other) => other !== name);
		return others.filter((other) => open.has(keyOf(pairOf(row, other, name)))).length;
	}

	function pairOf(row: Row, one: string, other: string): Row {
		const [first, second] = names.indexOf(one) < names.indexOf(other) ? [one, other] : [other, one];
		return { [first]: row[first], [second]: row[second] };
	}

	function pairsOf(row: Row): Row[] {
		return names.flatMap((one, index) =>
			names.slice(index + 1).map((other) => pairOf(row, one, other)),
		);
	}
}

/** What is left alone counts as a value, too. */
const keyOf = (pair: Row) => JSON.stringify(pair, (_, value: unknown) => value ?? null);
