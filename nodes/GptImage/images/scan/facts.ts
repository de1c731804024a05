/** Width and height in pixels. */
export interface Dimensions {
	width: number;
	height: number;
}

/** @returns WIDTHxHEIGHT, as the API writes a size */
export const sizeText = ({ width, height }: Dimensions) => `${width}x${height}`;

/** What the bytes of a picture say about it, as far as they have been seen. */
export interface PictureFacts {
	/** Pixels as stored, before it is turned. */
	stored?: Dimensions;
	/** How it is to be turned before it is shown: 1 (as stored) to 8 (Exif 2.32 §4.6.4). */
	orientation: number;
	/** Of a PNG; source: RFC 2083 §4.1.1. */
	png?: {
		bitDepth: number;
		/** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
		colourType: number;
		isInterlaced: boolean;
		/** It can be transparent: an alpha channel, or a `tRNS` chunk. */
		hasAlpha: boolean;
	};
	/** `whole` once its end was seen; `damaged` when its parts do not fit together. */
	state: 'open' | 'whole' | 'damaged';
}

/** @returns facts of a file of which nothing has been seen */
export const noFacts = (): PictureFacts => ({ orientation: 1, state: 'open' });

/** @returns the size in which a picture is shown: one that is stored on its side has its sides swapped */
export function shownSize({ stored, orientation }: PictureFacts): Dimensions | undefined {
	if (!stored || stored.width < 1 || stored.height < 1) return undefined;
	return orientation > 4 ? { width: stored.height, height: stored.width } : stored;
}
