import type { FileContent } from '../files/content';

/** One line of a file, without its end. */
export interface TextLine {
	/** From 1. */
	number: number;
	/** Its first byte in the file. */
	start: number;
	bytes: Buffer;
}

const NEWLINE = 0x0a;

/** The lines of a file as it is read; blank ones are left out. */
export async function* linesOf(content: FileContent): AsyncGenerator<TextLine> {
	let number = 1;
	let start = 0;
	let begun: Buffer[] = [];
	for await (const piece of content.read()) {
		let from = 0;
		for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, from)) {
			const bytes = Buffer.concat([...begun, piece.subarray(from, end)]);
			if (!isBlank(bytes)) yield { number, start, bytes };
			begun = [];
			number += 1;
			start += bytes.length + 1;
			from = end + 1;
		}
		if (from < piece.length) begun.push(piece.subarray(from));
	}
	const bytes = Buffer.concat(begun);
	if (!isBlank(bytes)) yield { number, start, bytes };
}

function isBlank(bytes: Buffer): boolean {
	return bytes.length === 0 || bytes.toString('latin1').trim() === '';
}
