const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
	let value = index;
	for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
	return value;
});

/** CRC-32 of a PNG chunk's type and data (RFC 2083 §3.4). */
export function crc32(bytes: Uint8Array): number {
	let crc = 0xffffffff;
	for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
	return (crc ^ 0xffffffff) >>> 0;
}

/** Adler-32 of the data of a zlib stream (RFC 1950 §8.2). */
export class Adler32 {
	private a = 1;
	private b = 0;

	/** Goes on by a byte that comes several times, up to some millions. */
	update(byte: number, times: number) {
		this.b = (this.b + times * this.a + (byte * times * (times + 1)) / 2) % 65_521;
		this.a = (this.a + byte * times) % 65_521;
	}

	get value(): number {
		return ((this.b << 16) | this.a) >>> 0;
	}
}
