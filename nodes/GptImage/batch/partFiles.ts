import type { RequestFile } from '../openai/multipart';
import { inputLine, restPicturesOf, uploadsOf, type BatchRequest } from './batchRequest';
import { fileNameOf, type FileOwner } from './fileNames';
import { jsonLines, type JsonLines } from './jsonlFile';
import { manifestLines } from './manifest';
import type { BatchPart } from './parts';
import { pictureLines } from './pictureLines';
import type { RestAtOpenAi } from './restPictures';
import type { Submission } from './submit';
import type { Uploads } from './uploads';

/** A batch ends within 24 hours; its results stay for 30 days (OpenAI's batch guide). */
const INPUT_LIFE_SECONDS = 3 * 24 * 3600;
const RESULT_LIFE_SECONDS = 30 * 24 * 3600;

const UPLOADS_AT_ONCE = 4;

/** The files of one batch: pictures, what its results need, and its input. */
export class PartFiles {
	/** Ids of uploaded pictures by their hashes: those the API is to look at, and those that are fetched again. */
	private readonly pictures = new Map<string, string>();
	private readonly rest = new Map<string, string>();
	private input: JsonLines | undefined;

	constructor(
		private readonly submission: Pick<Submission, 'jsonOf' | 'pictures'>,
		private readonly uploads: Uploads,
		private readonly part: BatchPart,
	) {}

	/** Ids of all pictures. */
	get pictureIds(): string[] {
		return [...this.pictures.values(), ...this.rest.values()];
	}

	/** @throws {RequestFailure} when one cannot be uploaded */
	async uploadPictures() {
		const { requests } = this.part;
		await this.each(requests.flatMap(uploadsOf), async (picture, sha256) => {
			const file = { ...picture, fileName: nameOf(this.uploads.owner, picture, sha256) };
			this.pictures.set(sha256, await this.uploads.upload(file, 'vision', INPUT_LIFE_SECONDS));
		});
		await this.each(requests.flatMap(restPicturesOf), async (picture, sha256) => {
			const fileName = fileNameOf(this.uploads.owner, 'rest', sha256, 'jsonl');
			const file = { ...pictureLines(picture), fileName };
			this.rest.set(sha256, await this.uploads.upload(file, 'batch', RESULT_LIFE_SECONDS));
		});
	}

	/** @returns its id, as do those below @throws {RequestFailure} */
	async uploadManifest(): Promise<string> {
		const lines = jsonLines(() =>
			manifestLines(this.part.requests, this.submission.jsonOf, (one) => this.restOf(one)),
		);
		return await this.uploadLines('manifest', lines, RESULT_LIFE_SECONDS);
	}

	/** Uploads the input file, again when it has been removed. */
	async uploadInput(): Promise<string> {
		this.input ??= jsonLines(() => this.inputLines());
		return await this.uploadLines('input', this.input, INPUT_LIFE_SECONDS);
	}

	private async uploadLines(kind: 'input' | 'manifest', lines: JsonLines, lifeSeconds: number) {
		const fileName = fileNameOf(this.uploads.owner, kind, lines.sha256, 'jsonl');
		return await this.uploads.upload({ ...lines, fileName }, 'batch', lifeSeconds);
	}

	private *inputLines(): Generator<string> {
		for (const one of this.part.requests) {
			yield inputLine(one, (file) => this.pictures.get(this.hashOf(file)) ?? '');
		}
	}

	private restOf(one: BatchRequest): RestAtOpenAi | undefined {
		const [first, mask] = restPicturesOf(one).map((file) => this.rest.get(this.hashOf(file)) ?? '');
		const softEdge = one.request.keepRest?.softEdge;
		if (first === undefined || mask === undefined || softEdge === undefined) return undefined;
		return { first, mask, softEdge };
	}

	private hashOf(file: RequestFile): string {
		return this.submission.pictures.hashOf(file);
	}

	/** Works on each picture once, several at a time. */
	private async each(
		pictures: RequestFile[],
		work: (picture: RequestFile, sha256: string) => Promise<void>,
	) {
		const files = new Map(pictures.map((file) => [this.hashOf(file), file]));
		const queue = files.entries();
		const worker = async () => {
			for (const [sha256, file] of queue) await work(file, sha256);
		};
		await allEnded(Array.from({ length: UPLOADS_AT_ONCE }, worker));
	}
}

function nameOf(owner: FileOwner, { mimeType }: RequestFile, sha256: string): string {
	const extension = mimeType.replace(/^.*\//, '').replace('jpeg', 'jpg');
	return fileNameOf(owner, 'image', sha256, extension);
}

/** Waits for all, so that nothing is still being uploaded when what was uploaded is deleted. */
async function allEnded(work: Array<Promise<void>>) {
	for (const end of await Promise.allSettled(work)) {
		if (end.status === 'rejected') throw end.reason;
	}
}
