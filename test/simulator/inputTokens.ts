import type { Size } from './sizes';
import type { ImageRequest } from './validate';

/** Tokens of an image for the first families (OpenAI's guide to images and vision). */
const BASE = 65;
const PER_TILE = 129;
const TILE = 512;
const SHORT_SIDE = 512;
const LONGEST = 2048;
/** What high input fidelity adds, by shape. */
const SQUARE = 4160;
const OBLONG = 6240;

/** Nobody published a formula for 2 and later; ComfyUI's prices come to this. */
const PIXELS_PER_TOKEN = 1024;

/** Input tokens of one image of a request. */
export function inputImageTokens({ model, inputFidelity }: ImageRequest, size: Size): number {
	const { width, height } = size;
	if (!model.inputTiles) return Math.ceil((width * height) / PIXELS_PER_TOKEN);
	const high = inputFidelity === 'high' ? (width === height ? SQUARE : OBLONG) : 0;
	return BASE + PER_TILE * tiles(size) + high;
}

/** Tiles of 512 pixels, once the image is small enough; it is never made larger. */
function tiles({ width, height }: Size): number {
	const fit = Math.min(1, LONGEST / Math.max(width, height));
	const scale = fit * Math.min(1, SHORT_SIDE / (Math.min(width, height) * fit));
	const along = (side: number) => Math.ceil(Math.round(side * scale) / TILE);
	return along(width) * along(height);
}
