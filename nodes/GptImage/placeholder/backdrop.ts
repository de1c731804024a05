import { createHash } from 'crypto';

/** Red, green and blue, from 0 to 255. */
export type Colour = [number, number, number];

/** The left half of a row of fields; the right half mirrors it. */
const HALF = 4;
export const FIELDS_ACROSS = 2 * HALF;
export const FIELDS_DOWN = 8;

/** Four colours, each field one of them. */
const COLOURS = 4;

/**
 * Makes the pattern of a prompt: the same for the same prompt, and hardly ever the same for two.
 *
 * @returns the colours of the fields, row by row
 */
export function patternOf(prompt: string): Colour[][] {
	const hash = createHash('sha256').update(prompt).digest();
	const hue = hash.readUInt16BE(0) % 360;
	const palette = Array.from({ length: COLOURS }, (_, index): Colour => {
		const wander = (hash[2 + index] ?? 0) / 255;
		return toRgb(hue + index * (25 + 35 * wander), 0.35 + 0.3 * wander, 0.45 + 0.12 * index);
	});
	return Array.from({ length: FIELDS_DOWN }, (_, row) => {
		const half = Array.from({ length: HALF }, (__, column): Colour => {
			const byte = hash[8 + row * 2 + (column >> 1)] ?? 0;
			return palette[(byte >> (4 * (column & 1))) % COLOURS] ?? [0, 0, 0];
		});
		return [...half, ...half.toReversed()];
	});
}

/**
 * @param hue degrees
 * @param saturation from 0 to 1
 * @param lightness from 0 to 1
 */
function toRgb(hue: number, saturation: number, lightness: number): Colour {
	const reach = saturation * Math.min(lightness, 1 - lightness);
	const channel = (offset: number) => {
		const at = (offset + hue / 30) % 12;
		return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(at - 3, 9 - at, 1))));
	};
	return [channel(0), channel(8), channel(4)];
}
