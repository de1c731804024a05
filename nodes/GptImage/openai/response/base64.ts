/** So many characters are looked at before decoding begins, to find a `data:image/…;base64,` prefix. */
const HEAD_CHARACTERS = 256;

/** Shorter pieces are not worth the fast path. */
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
 * Accepts what JSON and gateways make of base64: `\/` and `\u002b` escapes, line breaks, `-` and `_`,
 * a missing `=`, a `data:` prefix. A blank within a line is a `+` that a form has damaged.
 */
export class Base64Decoder {
	/** Text that waits for the rest of its group of four, or of its prefix. */
	private pending = '';
	/** The beginning of an escape. */
	private escape = '';
	private atStart = true;
	private padded = false;
	/** Blanks are no damage here: at the beginning, and around line breaks. */
	private mayBeBlank = true;
	private hasBlank = false;

	/**
	 * @param piece raw bytes of the JSON string; **overwritten** with the decoded bytes
	 * @returns the decoded bytes, a view of the same memory where possible; empty when the piece was too short
	 * @throws {Base64Error} when the text is not base64
	 */
	decode(piece: Buffer): Buffer {
		if (this.atStart && !this.isPlainStart(piece)) {
			return this.decodeStart(this.pending + piece.toString('latin1'), false);
		}
		this.atStart = false;
		const isSimple =
			!this.padded && !this.hasBlank && this.escape === '' && piece.length >= FAST_BYTES;
		if (!isSimple) return this.decodeText(piece.toString('latin1'));

		const lead = (4 - this.pending.length) & 3;
		const end = lead + ((piece.length - lead) & ~3);
		const first = this.pending + piece.toString('latin1', 0, lead);
		const text = piece.toString('latin1', lead, end);
		const rest = piece.toString('latin1', end);
		if (!/^[A-Za-z\d+/_-]*$/.test(rest)) return this.decodeText(piece.toString('latin1'));
		const firstBytes = (first.length / 4) * 3;
		const padding = rest === '' ? paddingOf(text) : 0;
		const bytes = firstBytes + (text.length / 4) * 3 - padding;
		// Node skips what is not base64, so fewer bytes than expected reveal it; the text is a copy by now.
		const written = piece.write(first, 0, 'base64') + piece.write(text, firstBytes, 'base64');
		if (written !== bytes) {
			this.pending = '';
			return this.decodeText(first + text + rest);
		}
		this.mayBeBlank = false;
		this.padded = padding > 0;
		this.pending = rest;
		return piece.subarray(0, bytes);
	}

	/**
	 * @returns the bytes that were still held back
	 * @throws {Base64Error} when the text ended in the middle of a byte or of an escape
	 */
	end(): Buffer {
		const last = this.atStart ? this.decodeStart(this.pending, true) : NOTHING;
		// The closing = may be left out (RFC 4648 §3.2); one character alone is no byte.
		const isWhole = this.pending.length !== 1 && this.escape === '' && !this.pending.includes('=');
		if (!isWhole) throw new Base64Error('the base64 text of the image is cut off');
		return Buffer.concat([last, Buffer.from(this.pending, 'base64')]);
	}

	/** @returns whether the text begins right here, with no prefix before it */
	private isPlainStart(piece: Buffer): boolean {
		const isLong = this.pending === '' && piece.length >= HEAD_CHARACTERS;
		return isLong && !/^ *d/.test(piece.toString('latin1', 0, HEAD_CHARACTERS));
	}

	private decodeStart(text: string, isAll: boolean): Buffer {
		this.pending = text;
		if (text.length < HEAD_CHARACTERS && !isAll) return NOTHING;
		this.atStart = false;
		this.pending = '';
		const prefix = DATA_URL_PREFIX.exec(text)?.[0] ?? '';
		return this.decodeText(text.slice(prefix.length));
	}

	/** The careful path: escapes, white space and padding, with every character checked. */
	private decodeText(piece: string): Buffer {
		const raw = this.escape + piece;
		this.escape = /\\(u[\da-fA-F]{0,3})?$/.exec(raw.slice(-5))?.[0] ?? '';
		const text = this.pending + this.cleaned(raw.slice(0, raw.length - this.escape.length));
		if (this.padded ? text !== '' : !isBase64(text)) {
			throw new Base64Error('the base64 text of the image is damaged');
		}
		const groups = text.slice(0, text.length & ~3);
		this.pending = text.slice(groups.length);
		this.padded ||= groups.endsWith('=');
		return Buffer.from(groups, 'base64');
	}

	/** Resolves JSON escapes and drops white space; what is neither stays and is found out later. */
	private cleaned(raw: string): string {
		const parts = raw.split(/(\\u[\da-fA-F]{4}|\\.|[ \t\r\n]+)/u);
		return parts
			.map((part, index) => (index % 2 === 1 ? this.special(part) : this.plain(part)))
			.join('');
	}

	private plain(text: string): string {
		if (text === '') return text;
		if (this.hasBlank) {
			throw new Base64Error('the base64 text of the image is damaged: it has blanks in place of +');
		}
		this.mayBeBlank = false;
		return text;
	}

	private special(part: string): string {
		const isEscape = part.startsWith('\\');
		const code = part.startsWith('\\u')
			? String.fromCharCode(parseInt(part.slice(2), 16))
			: undefined;
		const text = code ?? (isEscape ? (ESCAPES[part[1] ?? ''] ?? part) : part);
		if (!/^[ \t\r\n]+$/.test(text)) return this.plain(text);
		if (/[\r\n]/.test(text)) {
			this.mayBeBlank = true;
			this.hasBlank = false;
		} else if (!this.mayBeBlank) this.hasBlank = true;
		return '';
	}
}

const ESCAPES: Record<string, string> = { '/': '/', n: '\n', r: '\r', t: '\t' };

/** How many bytes its last group of four lacks. */
const paddingOf = (text: string) => (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);

const isBase64 = (text: string) => /^[A-Za-z\d+/_-]*={0,2}$/.test(text);
