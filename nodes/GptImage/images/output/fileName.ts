import { sizeText, type Dimensions } from '../scan/facts';

/** Longest file name without its extension, in characters and in bytes; file systems take 255 bytes in all. */
const MAX_CHARACTERS = 80;
const MAX_BYTES = 200;

/** Longest part of a name that tells what is on the picture, in characters. */
const MAX_SLUG = 40;

/** What the placeholders of a file name stand for. */
export interface NameParts {
	prompt: string;
	/** Number of the input item, from 0. */
	item: number;
	/** Short and its own for each item of each run, so that no file of that name is there yet. */
	id: string;
	/** Number of the image in its item, from 0. */
	index: number;
	/** How many images the item asks for; more may come. */
	images: number;
	/** Number of the preview, from 1, where it is one. */
	preview?: number;
	/** Of the image; where they are not known, `size` says what was asked for. */
	dimensions?: Dimensions;
	size?: unknown;
	model: string;
	/** Epoch milliseconds; `{date}` is its day in UTC. */
	now: number;
	/** Without the dot; an equal one in the pattern is not doubled. */
	extension: string;
}

/**
 * Makes a name that is safe on every file system and cannot leave its folder.
 *
 * @param pattern what the user wants it to be called, with {prompt}, {id}, {item}, {index}, {date}, {size}, {model}; may be empty
 * @returns e.g. `a-fox-in-the-snow-k3f9x2ab.png`, with `_2` before the dot for the second of several
 */
export function imageFileName(pattern: string, parts: NameParts): string {
	const { item, index, dimensions, extension, now } = parts;
	// Images beyond what was asked for need names of their own.
	const count = Math.max(parts.images, index + 1);
	// Files of many runs often land in one folder.
	const wanted = pattern === '' ? `${slugOf(parts.prompt)}-{id}` : pattern;
	const values: Record<string, string> = {
		prompt: parts.prompt,
		id: parts.id,
		item: String(item + 1),
		date: new Date(now).toISOString().slice(0, 10),
		size: dimensions ? sizeText(dimensions) : String(parts.size ?? 'auto'),
		model: parts.model,
	};
	const stemOf = (number: number) => {
		const all: Record<string, string> = { ...values, index: String(number) };
		const filled = wanted.replace(/\{(\w+)\}/g, (whole, name: string) =>
			Object.hasOwn(all, name) ? (all[name] ?? whole) : whole,
		);
		return safe(filled.replace(/\.(png|jpe?g|webp|gif|svg)$/i, '')) || 'image';
	};
	const stem = stemOf(index + 1);
	// A long prompt may have pushed {index} out of the name.
	const isTold = count < 2 || stem !== stemOf(index + 1 + count);
	const number = isTold ? '' : `_${index + 1}`;
	const preview = parts.preview === undefined ? '' : `_partial_${parts.preview}`;
	return `${stem}${number}${preview}.${extension}`;
}

/** The first words of a prompt, in letters and digits of any language. */
function slugOf(prompt: string): string {
	const words = prompt
		.slice(0, 4 * MAX_SLUG)
		.normalize('NFC')
		.toLowerCase()
		.split(/[^\p{L}\p{M}\p{N}]+/u)
		.filter((word) => word !== '');
	let slug = '';
	for (const word of words) {
		const longer = slug === '' ? word : `${slug}-${word}`;
		if ([...longer].length > MAX_SLUG) break;
		slug = longer;
	}
	return slug || [...(words[0] ?? 'image')].slice(0, MAX_SLUG).join('');
}

/** No separators, no control characters, no leading dot, no reserved name of Windows. */
function safe(text: string): string {
	const clean = text
		.normalize('NFC')
		.replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"/\\|?*]+/gu, '-')
		.replace(/\s+/g, ' ')
		.replace(/^[\s.-]+/, '');
	const cut = shorten(clean).replace(/[\s.-]+$/, '');
	return /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])\s*(\.|$)/i.test(cut) ? `_${cut}` : cut;
}

function shorten(text: string): string {
	let cut = '';
	for (const character of [...text].slice(0, MAX_CHARACTERS)) {
		if (Buffer.byteLength(cut + character) > MAX_BYTES) break;
		cut += character;
	}
	return cut;
}
