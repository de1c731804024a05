/** Filter of a row: each byte is its difference to the one above it (RFC 2083 §6.4). */
export const FILTER_UP = 2;

/** The other filters (RFC 2083 §6): each byte is its difference to another guess at it. */
const [SUB, AVERAGE, PAETH] = [1, 3, 4];

/**
 * Undoes the filter of a row, in place.
 *
 * @param row the filtered bytes
 * @param above the row above, without its filter; zeros for the first
 * @param pixelBytes bytes of a whole pixel, at least 1
 * @returns `false` when there is no such filter
 */
export function unfilter(
	filter: number,
	row: Uint8Array,
	above: Uint8Array,
	pixelBytes: number,
): boolean {
	const { length } = row;
	switch (filter) {
		case 0:
			return true;
		case SUB:
			for (let at = pixelBytes; at < length; at++)
				row[at] = byte(row, at) + byte(row, at - pixelBytes);
			return true;
		case FILTER_UP:
			for (let at = 0; at < length; at++) row[at] = byte(row, at) + byte(above, at);
			return true;
		case AVERAGE:
			for (let at = 0; at < length; at++) {
				const left = at < pixelBytes ? 0 : byte(row, at - pixelBytes);
				row[at] = byte(row, at) + ((left + byte(above, at)) >> 1);
			}
			return true;
		case PAETH:
			unfilterPaeth(row, above, pixelBytes);
			return true;
		default:
			return false;
	}
}

function unfilterPaeth(row: Uint8Array, above: Uint8Array, pixelBytes: number) {
	// Left of the first pixel everything is zero, so that the guess is the byte above.
	for (let at = 0; at < pixelBytes && at < row.length; at++)
		row[at] = byte(row, at) + byte(above, at);
	for (let at = pixelBytes; at < row.length; at++) {
		row[at] =
			byte(row, at) +
			paeth(byte(row, at - pixelBytes), byte(above, at), byte(above, at - pixelBytes));
	}
}

/** Left, above or above left, whichever is nearest to left + above - above left (RFC 2083 §6.6). */
function paeth(left: number, up: number, corner: number): number {
	const toLeft = Math.abs(up - corner);
	const toUp = Math.abs(left - corner);
	const toCorner = Math.abs(left + up - 2 * corner);
	if (toLeft <= toUp && toLeft <= toCorner) return left;
	return toUp <= toCorner ? up : corner;
}

const byte = (bytes: Uint8Array, at: number) => bytes[at] ?? 0;

/**
 * Writes a row behind the number of its filter; filtered by what is left of it or above it, whichever fits better.
 *
 * @param row the bytes, whole pixels
 * @param above the row above; zeros for the first
 * @param into where the filtered row is written
 * @param at its first byte there
 */
export function filterRow(
	row: Uint8Array,
	above: Uint8Array,
	pixelBytes: number,
	into: Uint8Array,
	at: number,
) {
	const isUp = sumOf(row, above, 0) <= sumOf(row, row, pixelBytes);
	into[at] = isUp ? FILTER_UP : SUB;
	const start = at + 1;
	if (isUp) {
		for (let index = 0; index < row.length; index++) {
			into[start + index] = byte(row, index) - byte(above, index);
		}
		return;
	}
	into.set(row.subarray(0, pixelBytes), start);
	for (let index = pixelBytes; index < row.length; index++) {
		into[start + index] = byte(row, index) - byte(row, index - pixelBytes);
	}
}

/** One byte in this many is looked at to choose a filter; not a multiple of 3 or 4, so that all channels count. */
const STEP = 7;

/** @returns how large the differences are to another row, or to the same row so many bytes before */
function sumOf(row: Uint8Array, other: Uint8Array, back: number): number {
	let sum = 0;
	for (let at = back; at < row.length; at += STEP)
		sum += Math.abs(byte(row, at) - byte(other, at - back));
	return sum;
}
