import type { GenericValue, IDataObject } from 'n8n-workflow';
import { BOUNDS } from '../bounds';

/** Fewer letters and digits are part of ordinary words. */
const SHORTEST = 6;

/** At the very end of a text, this many first letters of a secret count as the secret, cut off. */
const SHORTEST_START = 8;

/** At most so many characters write one character of a secret: `\u0041`, `&#x0041;`. */
const LONGEST_SPELLING = 8;

/** One character, however JSON, a URL, HTML or a string literal spells it. */
const CHARACTER =
	/%(?:25)*([\da-f]{2})|\\u([\da-f]{4})|\\x([\da-f]{2})|&#x([\da-f]{1,6});|&#(\d{1,7});|&[a-z]{2,6};|[^]/giu;

/** Names that JavaScript does not treat as data. */
const NOT_DATA = ['__proto__', 'constructor', 'prototype'];

/**
 * Makes what the API says fit to be shown: without secrets, control characters and length.
 *
 * A secret is found however it is written: in other case, with other punctuation or white space in between,
 * escaped, in hexadecimal, inside of base64, or cut off at the end. So texts are compared by their letters and
 * digits alone.
 */
export class Redactor {
	private readonly needles: string[];
	/** The secrets as they are: some have few letters and digits, or end in other characters. */
	private readonly literal: string[];
	private readonly longest: number;
	private readonly shortest: number;

	/** @param secrets texts that must not be passed on; one may be part of another */
	constructor(secrets: string[]) {
		this.needles = [...new Set(secrets.flatMap(spellings))].filter(isLong);
		this.literal = secrets.filter((secret) => secret !== '');
		this.shortest = Math.min(...[...this.needles, ...this.literal].map(({ length }) => length));
		this.longest = Math.max(0, ...this.needles.map(({ length }) => length));
	}

	/**
	 * @param said a text of the API; of a long one only the beginning is looked at
	 * @param characters how many to keep
	 */
	text(said: string, characters: number = BOUNDS.textCharacters): string {
		const shown = 4 * characters;
		const looked = said.slice(0, shown + LONGEST_SPELLING * this.longest);
		const clean = this.hide(looked, shown)
			.replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
			.replace(/\b(sk|sess)-[\w*-]{6,}/g, '[key]')
			.trim();
		// By code points: half of a pair is no character.
		return [...clean].slice(0, characters).join('').trim();
	}

	/** @returns a text that is a name, such as a code; `undefined` when nothing is left of it */
	name(said: string | undefined): string | undefined {
		return (said !== undefined && this.text(said, BOUNDS.nameCharacters)) || undefined;
	}

	/** @returns a copy of some JSON of the API with every key, text and number in it made fit to be shown */
	json(said: Record<string, unknown>): IDataObject {
		let left: number = BOUNDS.jsonValues;
		const copy = (value: unknown, level: number): GenericValue => {
			left -= 1;
			if (left < 0) return undefined;
			if (typeof value === 'string') return this.text(value);
			if (typeof value === 'number') return this.isSecret(String(value)) ? '[secret]' : value;
			if (typeof value !== 'object' || value === null) {
				return typeof value === 'boolean' || value === null ? value : undefined;
			}
			if (level >= BOUNDS.jsonLevels) return undefined;
			if (Array.isArray(value)) {
				return value.slice(0, left).map((entry) => copy(entry, level + 1) ?? null);
			}
			return record(value, level);
		};
		const record = (value: object, level: number): IDataObject => {
			const entries: Array<[string, GenericValue]> = [];
			for (const [key, entry] of Object.entries(value)) {
				if (left <= 0) break;
				const name = this.text(key, BOUNDS.nameCharacters);
				const kept = NOT_DATA.includes(name) ? undefined : copy(entry, level + 1);
				if (kept !== undefined) entries.push([name, kept]);
			}
			return Object.fromEntries(entries);
		};
		return record(said, 0);
	}

	private isSecret(text: string): boolean {
		if (text.length < this.shortest) return false;
		const { letters } = lettersOf(text);
		return this.needles.some((needle) => letters.includes(needle)) || this.literal.includes(text);
	}

	/** Replaces secrets that begin within the first `shown` characters, and drops what comes after those. */
	private hide(text: string, shown: number): string {
		// Not even the beginning of one fits into it.
		if (text.length < Math.min(this.shortest, SHORTEST_START)) return text;
		const { letters, at, ends } = lettersOf(text);
		const found: Array<[number, number]> = [];
		const add = (from: number, to: number) => {
			found.push([at[from] ?? 0, ends[to - 1] ?? text.length]);
		};
		for (const needle of this.needles) {
			for (
				let from = letters.indexOf(needle);
				from >= 0;
				from = letters.indexOf(needle, from + 1)
			) {
				add(from, from + needle.length);
			}
			const start = startAtEnd(letters, needle);
			if (start > 0) add(letters.length - start, letters.length);
		}
		for (const secret of this.literal) {
			for (let from = text.indexOf(secret); from >= 0; from = text.indexOf(secret, from + 1)) {
				found.push([from, from + secret.length]);
			}
		}
		found.sort(([a], [b]) => a - b);
		let clean = '';
		let end = 0;
		for (const [from, to] of found) {
			if (from >= shown) break;
			if (from >= end) clean += `${text.slice(end, from)}[secret]`;
			end = Math.max(end, to);
		}
		return clean + text.slice(end, Math.max(end, shown));
	}
}

const isLong = (letters: string) => letters.length >= SHORTEST;

/** @returns how many letters at the end of a text are the first of a secret; 0 when that may be chance */
function startAtEnd(letters: string, needle: string): number {
	for (let length = needle.length - 1; length >= SHORTEST_START; length--) {
		if (letters.endsWith(needle.slice(0, length))) return length;
	}
	return 0;
}

/** A text as it is, in hexadecimal, and inside of base64, where one to three bytes may come before it. */
function spellings(secret: string): string[] {
	const base64 = [0, 1, 2].map((before) => base64Inside(secret, before));
	const all = [secret, Buffer.from(secret).toString('hex'), ...base64];
	return all.map((text) => lettersOf(text).letters);
}

/** The characters of base64 that depend on the secret alone when some bytes come before it. */
function base64Inside(secret: string, before: number): string {
	const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
	const text = bytes.toString('base64');
	return text.slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
}

/** The letters and digits of a text, in lower case and unescaped, and where each begins and ends in it. */
function lettersOf(text: string): { letters: string; at: number[]; ends: number[] } {
	const at: number[] = [];
	const ends: number[] = [];
	let letters = '';
	for (const match of text.matchAll(CHARACTER)) {
		const [whole, percent, unicode, hex, entityHex, entity] = match;
		const code = percent ?? unicode ?? hex ?? entityHex;
		const character = code
			? String.fromCharCode(parseInt(code, 16))
			: entity
				? String.fromCharCode(Number(entity))
				: whole.length > 1
					? ''
					: whole;
		if (!/^[a-z\d]$/i.test(character)) continue;
		letters += character.toLowerCase();
		at.push(match.index);
		ends.push(match.index + whole.length);
	}
	return { letters, at, ends };
}
