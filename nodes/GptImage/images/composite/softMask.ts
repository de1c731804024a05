import { sleep } from 'n8n-workflow';
import type { PngDecoder } from '../png/decode';
import { MAX_SOFT_EDGE } from './softEdge';
import { expander } from '../png/pixels';

/** Rows that are worked on before n8n does other things for a moment. */
const ROWS_AT_ONCE = 64;

/** Distances are kept in so many parts of a pixel: with them, the largest soft edge fits into 16 bits. */
const PARTS = 16;

/**
 * How much of a new picture shows through at each pixel of an old one. Where the mask is fully transparent it is all,
 * but for a passage along its edge, which lies inside; everywhere else it is nothing.
 */
export class SoftMask {
	private constructor(
		readonly width: number,
		readonly height: number,
		/** Distance of each pixel to the nearest that must not change, up to where the passage ends; 0 outside. */
		private readonly distances: Uint16Array,
		/** Where the passage ends, in the same parts of a pixel. */
		private readonly reach: number,
	) {}

	/**
	 * @param mask where it is fully transparent, the picture may change
	 * @param softEdge width of the passage in pixels, 0 to {@link MAX_SOFT_EDGE}; an area that is too narrow for it
	 *   gets a narrower one, so that its middle is all new
	 * @throws {PngError} when the mask cannot be decoded; what its file throws
	 */
	static async of(mask: PngDecoder, softEdge: number): Promise<SoftMask> {
		const { width, height } = mask.head;
		const most = Math.min(Math.max(Math.round(softEdge), 0), MAX_SOFT_EDGE) + 1;
		const distances = new Uint16Array(width * height);
		await readDown(mask, distances, most);
		await readUp(distances, width, height);
		const deepest = await acrossRows(distances, width, height, most);
		return new SoftMask(width, height, distances, Math.min(deepest, most * PARTS));
	}

	/** Whether any pixel may change. */
	get isOpen(): boolean {
		return this.reach > 0;
	}

	/**
	 * @returns for each pixel of a row how much of the new picture shows, 0 (nothing) to 255 (nothing else);
	 *   `'old'` or `'new'` when it is the same for all of it
	 */
	weightsAt(y: number, into: Uint8Array): 'old' | 'new' | Uint8Array {
		const { width, distances, reach } = this;
		const start = y * width;
		let [least, most] = [255, 0];
		for (let x = 0; x < width; x++) {
			const distance = distances[start + x] ?? 0;
			// What is inside shows at least a trace of the new picture, and not all of it before the passage ends.
			const weight = distance >= reach ? 255 : Math.ceil((distance * 254) / reach);
			const shown = distance === 0 ? 0 : weight;
			into[x] = shown;
			if (shown < least) least = shown;
			if (shown > most) most = shown;
		}
		if (most === 0) return 'old';
		return least === 255 ? 'new' : into;
	}
}

/** Puts the distance to the nearest pixel above that must not change, in pixels, up to `most`. */
async function readDown(mask: PngDecoder, distances: Uint16Array, most: number) {
	const { width } = mask.head;
	const pixels = new Uint8Array(width * 4);
	const expand = expander(mask.head, 4);
	let start = 0;
	for await (const row of mask.rows()) {
		expand(row, pixels);
		for (let x = 0; x < width; x++) {
			if (pixels[x * 4 + 3] !== 0) continue;
			const above = start === 0 ? most : (distances[start - width + x] ?? 0) + 1;
			distances[start + x] = above < most ? above : most;
		}
		start += width;
	}
}

/** Takes the nearest pixel below into account. */
async function readUp(distances: Uint16Array, width: number, height: number) {
	for (let y = height - 2; y >= 0; y--) {
		const start = y * width;
		for (let x = start; x < start + width; x++) {
			const below = (distances[x + width] ?? 0) + 1;
			if (below < (distances[x] ?? 0)) distances[x] = below;
		}
		if (y % ROWS_AT_ONCE === 0) await sleep(0);
	}
}

/**
 * Makes the distances within columns those within the plane, row by row (A. Meijster and others, "A General Algorithm
 * for Computing Distance Transforms in Linear Time", 2000, the second phase).
 *
 * @returns the longest, in parts of a pixel
 */
async function acrossRows(
	distances: Uint16Array,
	width: number,
	height: number,
	most: number,
): Promise<number> {
	const columns = new Float64Array(width);
	const starts = new Int32Array(width);
	let deepest = 0;
	for (let y = 0; y < height; y++) {
		const row = distances.subarray(y * width, (y + 1) * width);
		deepest = Math.max(deepest, acrossRow(row, most, columns, starts));
		if (y % ROWS_AT_ONCE === 0) await sleep(0);
	}
	return deepest;
}

function acrossRow(
	row: Uint16Array,
	most: number,
	columns: Float64Array,
	starts: Int32Array,
): number {
	let deepest = 0;
	for (let from = 0; from < row.length; ) {
		if (row[from] === 0) {
			from += 1;
			continue;
		}
		let to = from;
		let least = most;
		for (; to < row.length && row[to] !== 0; to++) least = Math.min(least, row[to] ?? 0);
		// Nothing beyond the next pixels that must not change is nearer than they are.
		const [first, last] = [Math.max(0, from - 1), Math.min(row.length - 1, to)];
		const isDeep = least === most && to - from === row.length;
		if (isDeep) row.fill(most * PARTS);
		else nearest(row, first, last, columns, starts);
		for (let x = from; x < to; x++) {
			const distance = isDeep ? most * PARTS : Math.min(columns[x] ?? 0, most * PARTS);
			row[x] = distance;
			if (distance > deepest) deepest = distance;
		}
		from = to;
	}
	return deepest;
}

/** Lower envelope of the parabolas of the columns `first` to `last`; distances in parts of a pixel go to `found`. */
function nearest(
	row: Uint16Array,
	first: number,
	last: number,
	found: Float64Array,
	starts: Int32Array,
) {
	const height = (column: number) => row[column] ?? 0;
	const squared = (x: number, column: number) => (x - column) ** 2 + height(column) ** 2;
	const owners: number[] = [first];
	starts[0] = first;
	for (let column = first + 1; column <= last; column++) {
		let top = owners.length - 1;
		while (
			top >= 0 &&
			squared(starts[top] ?? 0, owners[top] ?? 0) > squared(starts[top] ?? 0, column)
		) {
			top -= 1;
		}
		owners.length = top + 1;
		if (top < 0) {
			owners.push(column);
			starts[0] = first;
			continue;
		}
		const owner = owners[top] ?? 0;
		const meet = column ** 2 - owner ** 2 + height(column) ** 2 - height(owner) ** 2;
		const start = 1 + Math.floor(meet / (2 * (column - owner)));
		if (start > last) continue;
		owners.push(column);
		starts[owners.length - 1] = start;
	}
	let top = owners.length - 1;
	for (let x = last; x >= first; x--) {
		found[x] = Math.round(Math.sqrt(squared(x, owners[top] ?? 0)) * PARTS);
		if (x === starts[top]) top -= 1;
	}
}
