const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];
const OPENING = [0x7b, 0x5b];
const CLOSING = [0x7d, 0x5d];
const SPACES = [0x20, 0x0a, 0x0d, 0x09];

/** No key or short text that matters is longer. */
const LONGEST = 64;

/**
 * Follows a JSON text byte by byte, just far enough to find where the string value of a `b64_json` key begins,
 * which type of event it is, and where the document ends. Knows keys from values and from text inside strings;
 * leaves everything else to `JSON.parse`.
 */
export class JsonScanner {
	/** The text value of the outermost `type`, once it has been seen. */
	type: string | undefined;
	/** The document has an outermost `partial_image_index`. */
	hasPartialIndex = false;
	/** The outermost object or list has been closed. */
	isDone = false;
	/** The deepest level so far. */
	deepest = 0;
	private depth = 0;
	private inString = false;
	private escaped = false;
	/** What has been read of the string, as far as it may matter. */
	private text = '';
	/** The last whole string, while it may turn out to be a key. */
	private last: string | undefined;
	/** The key whose value comes next. */
	private key: string | undefined;

	/**
	 * @param chunk bytes of the text
	 * @param from where to go on in the chunk
	 * @param to where to stop in the chunk
	 * @returns the position after the quote that opens the value of a `b64_json`, or, once, after the end of the document;
	 *   -1 when there is neither before `to`
	 */
	scan(chunk: Buffer, from: number, to: number): number {
		for (let at = from; at < to; at++) {
			const byte = chunk[at] ?? 0;
			if (this.inString) this.stringByte(byte);
			else if (byte === QUOTE) {
				if (this.key === 'b64_json') {
					this.key = undefined;
					return at + 1;
				}
				this.inString = true;
				this.text = '';
			} else if (!SPACES.includes(byte)) {
				const wasDone = this.isDone;
				this.otherByte(byte);
				if (this.isDone && !wasDone) return at + 1;
			}
		}
		return -1;
	}

	private otherByte(byte: number) {
		if (byte === COLON && this.last !== undefined) {
			this.key = this.last;
			if (this.depth === 1 && this.key === 'partial_image_index') this.hasPartialIndex = true;
		} else {
			this.key = undefined;
			if (OPENING.includes(byte)) {
				this.depth += 1;
				this.deepest = Math.max(this.deepest, this.depth);
			} else if (CLOSING.includes(byte)) {
				this.depth -= 1;
				this.isDone ||= this.depth <= 0;
			}
		}
		this.last = undefined;
	}

	private stringByte(byte: number) {
		if (this.escaped) this.escaped = false;
		else if (byte === BACKSLASH) this.escaped = true;
		else if (byte === QUOTE) {
			this.inString = false;
			if (this.key === undefined) this.last = this.text;
			else if (this.key === 'type' && this.depth === 1) this.type ??= this.text;
			this.key = undefined;
			return;
		}
		if (this.text.length <= LONGEST) this.text += String.fromCharCode(byte);
	}
}
