const ORIENTATION_TAG = 0x0112;

/**
 * Reads how a JPEG is to be turned before it is shown.
 *
 * @param segment the contents of an APP1 segment
 * @returns 1 (as stored) to 8; 1 when the segment says nothing or is damaged
 * Source: Exif 2.32 §4.6.2 and §4.6.4 (orientation), TIFF 6.0 §2 (header and directory).
 */
export function exifOrientation(segment: Buffer): number {
	const tiff = segment.subarray(6);
	if (!segment.toString('latin1', 0, 6).startsWith('Exif\0') || tiff.length < 14) return 1;
	const isLittle = tiff.toString('latin1', 0, 2) === 'II';
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
