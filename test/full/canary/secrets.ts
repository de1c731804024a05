import { fs, path } from '../../node';
import { Container } from '@n8n/di';
import { BinaryDataConfig } from 'n8n-core';
import { storedFiles } from '../../harness';

/** A text that holds a secret, and where it was found. */
export interface Leak {
	secret: string;
	spelling: string;
	where: string;
	around: string;
}

/** Every way a secret may be spelled in a text: as it is, for a URL, in JSON, and in base64 however it is aligned. */
export function spellings(secret: string): Record<string, string> {
	const bytes = Buffer.from(secret);
	const aligned = [0, 1, 2].map((shift) => {
		const base64 = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
		// What depends on the bytes before and behind is left out.
		const start = Math.ceil((shift * 8) / 6);
		return base64.slice(start, Math.floor(((shift + bytes.length) * 8) / 6));
	});
	return {
		raw: secret,
		url: encodeURIComponent(secret),
		json: JSON.stringify(secret).slice(1, -1),
		base64: aligned[0] ?? '',
		'base64, shifted by one': aligned[1] ?? '',
		'base64, shifted by two': aligned[2] ?? '',
		base64url: bytes.toString('base64url'),
	};
}

/**
 * Looks for secrets in texts.
 *
 * @param secrets by name
 * @param texts by where they come from
 */
export function findLeaks(secrets: Record<string, string>, texts: Record<string, string>): Leak[] {
	const wanted = Object.entries(secrets).flatMap(([secret, value]) =>
		Object.entries(spellings(value)).map(([spelling, text]) => ({ secret, spelling, text })),
	);
	wanted.push({ secret: 'header', spelling: 'name', text: 'Authorization' });
	return Object.entries(texts).flatMap(([where, text]) =>
		wanted.flatMap(({ text: part, ...found }) => {
			const at = text.indexOf(part);
			if (at < 0) return [];
			return [{ ...found, where, around: text.slice(Math.max(0, at - 60), at + part.length + 20) }];
		}),
	);
}

/** The contents of all files in n8n's binary store, and what n8n notes beside them. */
export async function storeText(): Promise<string> {
	const { localStoragePath } = Container.get(BinaryDataConfig);
	const texts = (await storedFiles()).flatMap((file) => [file, `${file}.metadata`]);
	const read = texts.map(
		async (file) => await fs.promises.readFile(path.join(localStoragePath, file), 'latin1'),
	);
	return (await Promise.all(read)).join('\n');
}
