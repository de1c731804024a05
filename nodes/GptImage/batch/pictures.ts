import { createHash } from 'crypto';
import { readChunks } from '../abort';
import { RequestFailure } from '../errors/failure';
import type { RequestFile } from '../openai/multipart';
import { Deadline } from '../openai/retry/deadline';
import type { Stop } from '../openai/retry/stop';
import { NOT_READ } from '../run/buildRequest';
import { messageOf } from '../values';

/** Tells pictures apart by their bytes, so that each is uploaded once, however many requests use it. */
export class Pictures {
	private readonly hashes = new Map<string | RequestFile, string>();

	/**
	 * Reads files, each once.
	 *
	 * @param limits the execution that may be stopped, and how long all may take, in milliseconds: n8n's store may hang
	 * @throws {RequestFailure} `input` when one cannot be read, or not in time; the reason of the stop
	 */
	async read(
		files: Iterable<RequestFile>,
		{ stop, timeoutMs }: { stop: Stop; timeoutMs: number },
	): Promise<void> {
		const deadline = new Deadline(stop, timeoutMs, NOT_READ);
		try {
			for (const file of files) {
				const key = file.id ?? file;
				if (!this.hashes.has(key)) this.hashes.set(key, await sha256Of(file, deadline.signal));
			}
		} finally {
			deadline.end();
		}
	}

	/** @returns SHA-256 of a file that was read, in hexadecimal */
	hashOf(file: RequestFile): string {
		return this.hashes.get(file.id ?? file) ?? '';
	}
}

async function sha256Of(file: RequestFile, signal: AbortSignal): Promise<string> {
	const hash = createHash('sha256');
	let problem: unknown;
	try {
		for await (const chunk of readChunks(async () => await file.open(), signal)) hash.update(chunk);
		return hash.digest('hex');
	} catch (error) {
		problem = error;
	}
	signal.throwIfAborted();
	throw new RequestFailure({ kind: 'input', reason: messageOf(problem) });
}
