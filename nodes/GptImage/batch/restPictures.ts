import { isNotFound } from '../errors/failure';
import type { KeepRest, Reopenable } from '../images/composite/keepRest';
import { bytesOf } from '../images/input/stored';
import type { ApiSession } from '../openai/callApi';
import { Download } from '../openai/download';
import { readPicture } from './pictureLines';
import { textLines } from './textLines';

/** What an edit of a batch is to keep: files at OpenAI with its first image and its mask. */
export interface RestAtOpenAi {
	first: string;
	mask: string;
	/** Pixels. */
	softEdge: number;
}

/** Pictures of up to so many bytes in all are held, since most edits of a batch share theirs; larger ones are streamed. */
const MOST_HELD = 16 * 1024 * 1024;

/** Fetches what edits are to be put together with, when they arrive. */
export class RestPictures {
	/** By the file's id, the last one used at the end; `undefined` for one that is gone. */
	private readonly files = new Map<string, (Reopenable & { held: number }) | undefined>();

	constructor(private readonly session: ApiSession) {}

	/**
	 * @returns the pictures; `undefined` when one is no longer there
	 * @throws {RequestFailure} when one cannot be had now; the reason of the stop
	 */
	async of({ first, mask, softEdge }: RestAtOpenAi): Promise<KeepRest | undefined> {
		const files = { first: await this.find(first), mask: await this.find(mask) };
		return files.first && files.mask && { first: files.first, mask: files.mask, softEdge };
	}

	private async find(id: string): Promise<Reopenable | undefined> {
		const file = this.files.has(id) ? this.files.get(id) : await this.fetch(id);
		this.files.delete(id);
		this.files.set(id, file);
		let held = [...this.files.values()].reduce((sum, one) => sum + (one?.held ?? 0), 0);
		for (const [oldest, one] of this.files) {
			if (held <= MOST_HELD || oldest === id) break;
			held -= one?.held ?? 0;
			this.files.delete(oldest);
		}
		return file;
	}

	private async fetch(id: string): Promise<(Reopenable & { held: number }) | undefined> {
		const pieces: Buffer[] = [];
		let held = 0;
		let problem: unknown;
		try {
			for await (const piece of this.read(id)) {
				held += piece.length;
				if (held > MOST_HELD) return { held: 0, open: async () => await this.open(id) };
				pieces.push(piece);
			}
			return { held, ...bytesOf(Buffer.concat(pieces)) };
		} catch (error) {
			problem = error;
		}
		if (isNotFound(problem)) return undefined;
		throw problem;
	}

	private async open(id: string): Promise<AsyncIterable<Uint8Array>> {
		return await Promise.resolve(this.read(id));
	}

	private async *read(id: string): AsyncGenerator<Buffer> {
		const download = new Download(this.session, id);
		await download.open();
		yield* readPicture(textLines(download.chunks()));
	}
}
