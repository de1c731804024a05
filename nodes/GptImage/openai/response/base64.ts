/** So many characters are looked at before decoding begins, to find a `data:image/…;base64,` prefix. */
const HEAD_CHARACTERS = 256;

/** Shorter pieces are not worth the fast road. */
const FAST_BYTES = 16;

const DATA_URL_PREFIX = /^ *data:(?:[\w.+;=-]|\\?\/)*,/;

const NOTHING = Buffer.alloc(0);

/** The text of an image is not base64. */
export class Base64Error extends Error {}

/**
 * Decodes the base64 text of one JSON string, piece by piece, as it comes off the wire.
 *
 * Pieces are decoded in place: the bytes replace the text they came from. That keeps the memory of an
 * image of any size at one piece, and spares the garbage collector the copies.
 * Accepts what JSON and gateways make of base64: `\/` and `\u002b` escapes, white space, a `data:` prefix.
 */
export class Base64Decoder {
	/** Text that waits for the rest of its group of four, of its escape or of its prefix. */
	private pending = '';
	private atStart = true;
	private padded = false;

	/**
	 * @param piece raw bytes of the JSON string; **overwritten** with the decoded bytes
	 * @returns the decoded bytes, a view of the same memory where possible; empty when the piece was too short
	 * @throws {Base64Error} when the text is not base64
	 */
	decode(piece: Buffer): Buffer {
		if (this.atStart) return this.decodeStart(this.pending + piece.toString('latin1'), false);
		const isSimple = !this.padded && !this.pending.includes('\\') && piece.length >= FAST_BYTES;
		if (!isSimple) return this.decodeText(this.pending + piece.toString('latin1'));

		const lead = (4 - this.pending.length) & 3;
		const end = lead + ((piece.length - lead) & ~3);
		const first = this.pending + piece.toString('latin1', 0, lead);
		const text = piece.toString('latin1', lead, end);
		const rest = piece.toString('latin1', end);
		const firstBytes = (first.length / 4) * 3;
		const bytes = firstBytes + (text.length / 4) * 3;
		// Node skips what is not base64, so fewer bytes than expected reveal it; the text is a copy by now.
		const written = piece.write(first, 0, 'base64') + piece.write(text, firstBytes, 'base64');
		if (written !== bytes) return this.decodeText(first + text + rest);
		this.pending = rest;
		return piece.subarray(0, bytes);
	}

	/**
	 * @returns the bytes that were still held back
	 * @throws {Base64Error} when the text ended in the middle of a group or of an escape
	 */
	end(): Buffer {
		const last = this.atStart ? this.decodeStart(this.pending, true) : NOTHING;
		if (this.pending !== '') throw new Base64Error('the base64 text of the image is cut off');
		return last;
	}

	private decodeStart(text: string, isAll: boolean): Buffer {
		this.pending = text;
		if (text.length < HEAD_CHARACTERS && !isAll) return NOTHING;
		this.atStart = false;
		const prefix = DATA_URL_PREFIX.exec(text)?.[0] ?? '';
		return this.decodeText(text.slice(prefix.length));
	}

	/** The careful road: escapes, white space and padding, with every character checked. */
	private decodeText(raw: string): Buffer {
		const openEscape = /\\(u[\da-f]{0,3})?$/i.exec(raw)?.[0] ?? '';
		const text = unescape(raw.slice(0, raw.length - openEscape.length));
		if (this.padded ? text !== '' : !/^[A-Za-z\d+/_-]*={0,2}$/.test(text)) {
			throw new Base64Error('the base64 text of the image is damaged');
		}
		const groups = text.slice(0, text.length & ~3);
		this.pending = text.slice(groups.length) + openEscape;
		this.padded ||= groups.endsWith('=');
		return Buffer.from(groups, 'base64');
	}
}

/** Resolves JSON escapes and drops white space; what is neither stays and is found out later. */
function unescape(text: string): string {
	return text.replace(/\\u([\da-fA-F]{4})|\\([/nrt])| /g, (_, hex?: string, letter?: string) => {
		const character = hex === undefined ? letter : String.fromCharCode(parseInt(hex, 16));
		return character === '/' || (hex !== undefined && !/\s/.test(character ?? ''))
			? (character ?? '')
			: '';
	});
}
