import type { Dimensions } from '../scan/facts';

/** An area of an image; numbers are pixels, or percent of the image's width and height. */
export interface Shape {
	kind: 'rectangle' | 'ellipse';
	unit: 'pixels' | 'percent';
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Where a stretch of pixels of a row begins, and where it has ended. */
export type Span = [from: number, to: number];

/** The areas of an image that may change. */
export class Areas {
	private readonly shapes: Shape[];

	/**
	 * @param size of the image, in pixels
	 * @param shapes what lies outside of the image is cut off
	 * @param isInverted everything but the shapes may change
	 */
	constructor(
		private readonly size: Dimensions,
		shapes: Shape[],
		private readonly isInverted: boolean,
	) {
		this.shapes = shapes.map((shape) => toPixels(shape, size));
	}

	/** @returns where a row may change, from left to right, without overlaps; a pixel counts by its middle */
	spansAt(y: number): Span[] {
		const { width } = this.size;
		const edge = (at: number) => Math.min(Math.max(Math.ceil(at - 0.5), 0), width);
		const spans = this.shapes
			.map((shape) => span(shape, y + 0.5))
			.map(([from, to]): Span => [edge(from), edge(to)])
			.filter(([from, to]) => from < to)
			.sort(([a], [b]) => a - b);
		const merged: Span[] = [];
		for (const [from, to] of spans) {
			const last = merged.at(-1);
			if (last && from <= last[1]) last[1] = Math.max(last[1], to);
			else merged.push([from, to]);
		}
		return this.isInverted ? between(merged, width) : merged;
	}
}

/** @returns the stretches of a row that lie between others */
function between(spans: Span[], width: number): Span[] {
	const edges = [0, ...spans.flat(), width];
	const others: Span[] = [];
	for (let index = 0; index < edges.length; index += 2) {
		const [from = 0, to = 0] = edges.slice(index, index + 2);
		if (from < to) others.push([from, to]);
	}
	return others;
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
function span({ kind, x, y, width, height }: Shape, atY: number): Span {
	if (atY < y || atY >= y + height) return [0, 0];
	if (kind === 'rectangle') return [x, x + width];
	const down = (atY - y - height / 2) / (height / 2);
	const half = (width / 2) * Math.sqrt(Math.max(0, 1 - down * down));
	return [x + width / 2 - half, x + width / 2 + half];
}
