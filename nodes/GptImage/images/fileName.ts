/** Longest file name without its extension, in characters; file systems take 255 bytes. */
const MAX_CHARACTERS = 80;

/**
 * Makes a name that is safe on every file system and cannot leave its folder.
 *
 * @param wish what the user wants it to be called; may be empty
 * @param index number of the image in its item, from 0
 * @param count how many images the item makes
 * @param extension without the dot; an equal one in the wish is not doubled
 * @returns e.g. `image.png`, or `image_2.png` for the second of several
 */
export function imageFileName(
	wish: string,
	index: number,
	count: number,
	extension: string,
): string {
	const stem = wish
		.normalize('NFC')
		.replace(/\.(png|jpe?g|webp|gif|svg)$/i, '')
		.replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"/\\|?*]+/gu, '-')
		.replace(/\s+/g, ' ')
		.replace(/^[\s.-]+/, '');
	const cut = [...stem]
		.slice(0, MAX_CHARACTERS)
		.join('')
		.replace(/[\s.-]+$/, '');
	const safe = /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(cut) ? `${cut}_` : cut;
	const number = count > 1 ? `_${index + 1}` : '';
	return `${safe || 'image'}${number}.${extension}`;
}
