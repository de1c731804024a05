const ORIENTATION_TAG = 0x0112;

/** What JPEG, and some writers of WebP, put before the data. */
const PREFIX = 'Exif\0\0';

/**
 * Reads how a picture is to be turned before it is shown.
 *
 * @param data Exif data: the contents of a JPEG's APP1 segment, a PNG's `eXIf` chunk or a WebP's `EXIF` chunk
 * @returns 1 (as stored) to 8; 1 when the data say nothing or are damaged
 * Source: Exif 2.32 §4.6.2 and §4.6.4 (orientation), TIFF 6.0 §2 (header and directory).
 */
export function exifOrientation(data: Buffer): number {
	const hasPrefix = data.toString('latin1', 0, PREFIX.length) === PREFIX;
	const tiff = hasPrefix ? data.subarray(PREFIX.length) : data;
	const order = tiff.toString('latin1', 0, 2);
	if ((order !== 'II' && order !== 'MM') || tiff.length < 14) return 1;
	const isLittle = order === 'II';
	const short = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
	const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
	if (directory + 2 > tiff.length) return 1;
	const entries = short(directory);
	for (let entry = 0; entry < entries; entry++) {
		const at = directory + 2 + entry * 12;
		if (at + 12 > tiff.length) return 1;
		if (short(at) !== ORIENTATION_TAG) continue;
		const value = short(at + 8);
		return value >= 1 && value <= 8 ? value : 1;
	}
	return 1;
}
