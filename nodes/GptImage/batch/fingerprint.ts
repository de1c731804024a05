import { createHash } from 'crypto';
import { inputLine } from './batchRequest';
import type { BatchPart } from './parts';
import type { Pictures } from './pictures';

/**
 * @param pictures has read those of the requests; they count by their bytes, not by where they lie
 * @returns SHA-256 of what a batch asks for, in hexadecimal: equal for equal requests, whoever makes them and when
 */
export function partFingerprintOf(
	{ model, endpoint, requests }: BatchPart,
	pictures: Pictures,
): string {
	const hash = createHash('sha256');
	hash.update(JSON.stringify([model, endpoint]));
	for (const one of requests) {
		hash.update(`\n${inputLine(one, (file) => `sha256:${pictures.hashOf(file)}`)}`);
		// Another batch would bring other pictures.
		const { keepRest } = one.request;
		if (keepRest) hash.update(`\nkeepRest:${keepRest.softEdge}`);
	}
	return hash.digest('hex');
}

/** @returns SHA-256 of some texts, in hexadecimal */
export const hashOf = (...texts: string[]) =>
	createHash('sha256').update(JSON.stringify(texts)).digest('hex');
