const KEY = Buffer.from('b64_json');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Follows a JSON text byte by byte, just far enough to find where the string value of a `b64_json` key
 * begins. Knows keys from values and from text inside strings; leaves everything else to `JSON.parse`.
 */
export class JsonScanner {
	private inString = false;
	private escaped = false;
	/** How many bytes of the key the string has matched so far; -1 when it is another string. */
	private matched = -1;
	/** What has been seen of `"b64_json" : "`. */
	private seen: 'nothing' | 'key' | 'colon' = 'nothing';

	/**
	 * @param chunk bytes of the text
	 * @param from where to go on in the chunk
	 * @param to where to stop in the chunk
	 * @returns the position after the quote that opens the value, or -1 when there is none before `to`
	 */
	findValue(chunk: Buffer, from: number, to: number): number {
		for (let at = from; at < to; at++) {
			const byte = chunk[at] ?? 0;
			if (this.inString) this.stringByte(byte);
			else if (byte === QUOTE) {
				if (this.seen === 'colon') {
					this.seen = 'nothing';
					return at + 1;
				}
				this.inString = true;
				this.matched = 0;
			} else if (byte === COLON && this.seen === 'key') this.seen = 'colon';
			else if (!isSpace(byte)) this.seen = 'nothing';
		}
		return -1;
	}

	private stringByte(byte: number) {
		if (this.escaped) this.escaped = false;
		else if (byte === BACKSLASH) {
			this.escaped = true;
			this.matched = -1;
		} else if (byte === QUOTE) {
			this.inString = false;
			this.seen = this.matched === KEY.length ? 'key' : 'nothing';
		} else if (this.matched >= 0) {
			this.matched = byte === KEY[this.matched] ? this.matched + 1 : -1;
		}
	}
}
