import { encodePng } from '../png/encode';
import { FILTER_UP } from '../png/filters';
import type { Dimensions } from '../scan/facts';
import type { Areas, Span } from './shapes';

/** RGBA: the API's own examples use nothing else for a mask. */
const [RGBA, PIXEL_BYTES] = [6, 4];

/**
 * Rows are made in pieces of about so many bytes: fewer cost more CPU. It is more than {@link MIN_REUSED_BYTES}, since
 * one piece is used again and again. n8n does other things between two of them.
 */
const PIECE_BYTES = 1024 * 1024;

/**
 * Draws a mask: an RGBA PNG, transparent where the image may change, black elsewhere.
 *
 * @param size of the image it is for, in pixels
 * @param areas where it may change
 * @param maxBytes the longest file that is of use
 * @param signal ends the drawing
 * @returns the file, or `undefined` when it is longer than that
 * @throws the signal's reason
 */
export async function drawMask(
	size: Dimensions,
	areas: Areas,
	maxBytes: number,
	signal?: AbortSignal,
): Promise<Buffer | undefined> {
	const pieces: Uint8Array[] = [];
	let bytes = 0;
	const header = { ...size, colourType: RGBA };
	for await (const piece of encodePng(header, rows(size, areas, signal))) {
		pieces.push(piece);
		bytes += piece.length;
		if (bytes > maxBytes) return undefined;
	}
	return Buffer.concat(pieces);
}

/** The rows as differences to the row above: where nothing changes they are zeros, which cost next to nothing. */
function* rows(
	{ width, height }: Dimensions,
	areas: Areas,
	signal: AbortSignal | undefined,
): Generator<Uint8Array> {
	const rowBytes = 1 + width * PIXEL_BYTES;
	const rowsInPiece = Math.max(1, Math.floor(PIECE_BYTES / rowBytes));
	const piece = emptyRows(rowsInPiece, rowBytes);
	/** Where the piece is not as empty rows are. */
	let changed: number[] = [];
	// Above the first row everything is zero: as if all of it might change.
	let above: Span[] = [[0, width]];
	for (let top = 0; top < height; top += rowsInPiece) {
		signal?.throwIfAborted();
		const count = Math.min(rowsInPiece, height - top);
		for (const at of changed) piece[at] = 0;
		changed = [];
		for (let row = 0; row < count; row++) {
			const spans = areas.spansAt(top + row);
			for (const [from, to, value] of differences(above, spans)) {
				const alpha = row * rowBytes + PIXEL_BYTES;
				for (let x = from; x < to; x++) {
					piece[alpha + x * PIXEL_BYTES] = value;
					changed.push(alpha + x * PIXEL_BYTES);
				}
			}
			above = spans;
		}
		yield piece.subarray(0, count * rowBytes);
	}
}

function emptyRows(count: number, rowBytes: number): Buffer {
	const rows = Buffer.alloc(count * rowBytes);
	for (let row = 0; row < count; row++) rows[row * rowBytes] = FILTER_UP;
	return rows;
}

/** @returns where alpha differs from the row above, and by how much: transparent is 0, opaque 255 */
function differences(above: Span[], spans: Span[]): Array<[from: number, to: number, by: number]> {
	const edges = [
		...above.flat().map((at) => ({ at, isAbove: true })),
		...spans.flat().map((at) => ({ at, isAbove: false })),
	].sort((a, b) => a.at - b.at);
	const found: Array<[number, number, number]> = [];
	let [wasClear, isClear, from] = [false, false, 0];
	for (const { at, isAbove } of edges) {
		// 0 - 255 and 255 - 0, in a byte.
		if (wasClear !== isClear && from < at) found.push([from, at, isClear ? 1 : 255]);
		if (isAbove) wasClear = !wasClear;
		else isClear = !isClear;
		from = at;
	}
	return found;
}
