import { Adler32 } from './checksums';

/** Longest repetition deflate knows (RFC 1951 §3.2.5). */
const MAX_RUN = 258;

/**
 * Compresses bytes that are mostly runs of one value, such as a mask, into a zlib stream: literals, and
 * repetitions of the byte before, in one block with the fixed codes (RFC 1950, RFC 1951 §3.2.6).
 *
 * @param runs value of a byte, and how often it comes
 */
export function zlibRuns(runs: Iterable<[value: number, times: number]>): Buffer {
	const bits = new BitWriter();
	const checksum = new Adler32();
	// Last block, with fixed codes.
	bits.add(0b011, 3);
	for (const [value, times] of runs) {
		if (times < 1) continue;
		checksum.update(value, times);
		code(bits, value);
		repeat(bits, value, times - 1);
	}
	code(bits, 256);
	const trailer = Buffer.alloc(4);
	trailer.writeUInt32BE(checksum.value);
	return Buffer.concat([Buffer.from([0x78, 0x01]), bits.end(), trailer]);
}

function repeat(bits: BitWriter, value: number, times: number) {
	let left = times;
	for (; left >= 3; left -= Math.min(left, MAX_RUN)) length(bits, Math.min(left, MAX_RUN));
	for (; left > 0; left -= 1) code(bits, value);
}

/** A length of 3 to 258, with its extra bits, at distance 1 (RFC 1951 §3.2.5). */
function length(bits: BitWriter, run: number) {
	const offset = run - 3;
	const extra = run === MAX_RUN ? 0 : Math.max(0, Math.floor(Math.log2(offset || 1)) - 2);
	const group = extra === 0 ? offset : 4 * extra + (offset >>> extra);
	code(bits, run === MAX_RUN ? 285 : 257 + group);
	bits.add(offset & ((1 << extra) - 1), extra);
	// Distance 1 is code 0, of five bits.
	bits.add(0, 5);
}

/** A literal or length with its fixed code, whose bits go out from the highest (RFC 1951 §3.2.6). */
function code(bits: BitWriter, symbol: number) {
	if (symbol < 144) bits.addReversed(0x30 + symbol, 8);
	else if (symbol < 256) bits.addReversed(0x190 + symbol - 144, 9);
	else if (symbol < 280) bits.addReversed(symbol - 256, 7);
	else bits.addReversed(0xc0 + symbol - 280, 8);
}

class BitWriter {
	private readonly bytes: number[] = [];
	private byte = 0;
	private used = 0;

	add(value: number, count: number) {
		for (let bit = 0; bit < count; bit++) this.push((value >>> bit) & 1);
	}

	addReversed(value: number, count: number) {
		for (let bit = count - 1; bit >= 0; bit--) this.push((value >>> bit) & 1);
	}

	end(): Buffer {
		while (this.used > 0) this.push(0);
		return Buffer.from(this.bytes);
	}

	private push(bit: number) {
		this.byte |= bit << this.used;
		this.used += 1;
		if (this.used < 8) return;
		this.bytes.push(this.byte);
		this.byte = this.used = 0;
	}
}
