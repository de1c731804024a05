import { crc32 } from './checksums';
import { zlibRuns } from './deflate';
import type { Dimensions } from './dimensions';

/** An area of an image; numbers are pixels, or percent of the image's width and height. */
export interface Shape {
	kind: 'rectangle' | 'ellipse';
	unit: 'pixels' | 'percent';
	x: number;
	y: number;
	width: number;
	height: number;
}

const BYTES_PER_PIXEL = 4;

/**
 * Draws a mask: an RGBA PNG, transparent where the image may change, black elsewhere.
 *
 * @param size of the image it is for, in pixels
 * @param shapes areas that may change; what lies outside of the image is cut off
 * @param isInverted everything but the areas may change
 */
export function drawMask(size: Dimensions, shapes: Shape[], isInverted: boolean): Buffer {
	const areas = shapes.map((shape) => toPixels(shape, size));
	return png(size, zlibRuns(differences(size, areas, isInverted)));
}

/** The pixels as differences to the row above, in runs of equal bytes: where nothing changes they are zeros. */
function* differences(
	{ width, height }: Dimensions,
	areas: Shape[],
	isInverted: boolean,
): Generator<[number, number]> {
	const [inside, outside] = isInverted ? [255, 0] : [0, 255];
	let above = new Uint8Array(width);
	let spansAbove = '';
	for (let y = 0; y < height; y++) {
		yield [FILTER_UP, 1];
		// Pixels whose middle lies in an area.
		const spans = areas.map((area) =>
			span(area, y + 0.5).map((edge) => clamp(Math.ceil(edge - 0.5), width)),
		);
		if (y > 0 && spans.join() === spansAbove) {
			yield [0, width * BYTES_PER_PIXEL];
			continue;
		}
		spansAbove = spans.join();
		const alpha = new Uint8Array(width).fill(outside);
		for (const [from, to] of spans) alpha.fill(inside, from, to);
		yield* rowDifference(alpha, above);
		above = alpha;
	}
}

/** Red, green and blue are always zero; the fourth byte of each pixel is alpha. */
function* rowDifference(alpha: Uint8Array, above: Uint8Array): Generator<[number, number]> {
	let zeros = 0;
	for (let x = 0; x < alpha.length; x++) {
		zeros += BYTES_PER_PIXEL - 1;
		const difference = ((alpha[x] ?? 0) - (above[x] ?? 0)) & 0xff;
		if (difference === 0) zeros += 1;
		else {
			yield [0, zeros];
			yield [difference, 1];
			zeros = 0;
		}
	}
	yield [0, zeros];
}

const clamp = (value: number, most: number) => Math.min(Math.max(value, 0), most);

/** RFC 2083 §6.4 */
const FILTER_UP = 2;

function png({ width, height }: Dimensions, data: Buffer): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	// Eight bits for each of red, green, blue and alpha.
	header.set([8, 6], 8);
	return Buffer.concat([
		Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
		chunk('IHDR', header),
		chunk('IDAT', data),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const frame = Buffer.alloc(8);
	frame.writeUInt32BE(data.length, 0);
	frame.writeUInt32BE(crc32(body), 4);
	return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

function toPixels(shape: Shape, size: Dimensions): Shape {
	if (shape.unit === 'pixels') return shape;
	const [across, down] = [size.width / 100, size.height / 100];
	return {
		...shape,
		x: shape.x * across,
		y: shape.y * down,
		width: shape.width * across,
		height: shape.height * down,
	};
}

/** @returns where an area begins and ends at a height, in pixels; an empty span where it is not */
function span({ kind, x, y, width, height }: Shape, atY: number): [number, number] {
	if (atY < y || atY >= y + height) return [0, 0];
	if (kind === 'rectangle') return [x, x + width];
	const down = (atY - y - height / 2) / (height / 2);
	const half = (width / 2) * Math.sqrt(Math.max(0, 1 - down * down));
	return [x + width / 2 - half, x + width / 2 + half];
}
