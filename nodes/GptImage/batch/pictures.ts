import { createHash } from 'crypto';
import { RequestFailure } from '../errors/failure';
import type { RequestFile } from '../openai/multipart';
import { messageOf } from '../values';

/** Tells pictures apart by their bytes, so that each is uploaded once, however many requests use it. */
export class Pictures {
	private readonly hashes = new Map<string | RequestFile, string>();

	/**
	 * Reads files, each once.
	 *
	 * @throws {RequestFailure} `input` when one cannot be read
	 */
	async read(files: Iterable<RequestFile>): Promise<void> {
		for (const file of files) {
			const key = file.id ?? file;
			if (!this.hashes.has(key)) this.hashes.set(key, await sha256Of(file));
		}
	}

	/** @returns SHA-256 of a file that was read, in hexadecimal */
	hashOf(file: RequestFile): string {
		return this.hashes.get(file.id ?? file) ?? '';
	}
}

async function sha256Of(file: RequestFile): Promise<string> {
	const hash = createHash('sha256');
	let problem: unknown;
	try {
		for await (const chunk of await file.open()) hash.update(chunk);
		return hash.digest('hex');
	} catch (error) {
		problem = error;
	}
	throw new RequestFailure({ kind: 'input', reason: messageOf(problem) });
}
