/** What every PNG begins with (RFC 2083 §3.1). */
export const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, index) => {
	let value = index;
	for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
	return value;
});

/** @returns the CRC-32 of a chunk's type and data (RFC 2083 §3.4) */
function crc32(bytes: Uint8Array): number {
	let crc = -1;
	for (let at = 0; at < bytes.length; at++) {
		crc = (CRC_TABLE[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
	}
	return ~crc >>> 0;
}

/** @returns a chunk: length, type, data and check sum (RFC 2083 §3.2) */
export function chunk(type: string, pieces: Uint8Array[] = []): Buffer {
	const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
	const bytes = Buffer.alloc(length + 12);
	bytes.writeUInt32BE(length, 0);
	bytes.write(type, 4, 'latin1');
	let at = 8;
	for (const piece of pieces) {
		bytes.set(piece, at);
		at += piece.length;
	}
	bytes.writeUInt32BE(crc32(bytes.subarray(4, at)), at);
	return bytes;
}
