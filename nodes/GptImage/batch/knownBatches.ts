import {
	isFinal,
	listBatches,
	LONGEST_LIFE_SECONDS,
	MOST_BATCHES,
	type Batch,
} from '../openai/batches';
import type { ApiSession } from '../openai/callApi';
import { Download } from '../openai/download';
import { isOfContent, type NamedOwner } from './fileNames';
import { readMetadata, type BatchMetadata } from './metadata';
import { textLines } from './textLines';

/** What tells whether a batch was made before. */
export interface PartIdentity {
	/** The run of the node; `undefined` where n8n does not tell runs apart. */
	run?: string;
	/** Which of the run's batches it is. */
	part: string;
	fingerprint: string;
}

/** A batch that was there already, and why it is taken. */
export interface TakenOver {
	batch: Batch;
	/** The same run of the node has made it, or it asks for the same and is not finished. */
	because: 'sameRun' | 'sameRequests';
}

/** The newest batches of the account, as they were when a run began. */
export class KnownBatches {
	private readonly own: Array<{ batch: Batch; said: BatchMetadata }> = [];
	private readonly usedFiles = new Set<string>();
	/** Ids of the files that an input file or a manifest names. */
	private readonly pictures = new Map<string, Set<string>>();

	private constructor() {}

	/** @throws {RequestFailure} when batches cannot be listed: then nobody knows what was made before */
	static async lookUp(session: ApiSession): Promise<KnownBatches> {
		const known = new KnownBatches();
		let newest: number | undefined;
		for await (const batch of listBatches(session, MOST_BATCHES)) {
			newest ??= batch.createdAt;
			if (batch.createdAt < newest - LONGEST_LIFE_SECONDS) break;
			known.add(batch);
		}
		return known;
	}

	/** @returns the batch that makes another one of this part needless */
	find({ run, part, fingerprint }: PartIdentity): TakenOver | undefined {
		const ofRun = this.own.find(
			({ batch, said }) =>
				run !== undefined && said.run === run && said.part === part && batch.status !== 'failed',
		);
		if (ofRun) return { batch: ofRun.batch, because: 'sameRun' };
		const equal = this.own.find(
			({ batch, said }) =>
				said.fingerprint === fingerprint && !isFinal(batch) && batch.status !== 'cancelling',
		);
		return equal && { batch: equal.batch, because: 'sameRequests' };
	}

	/** @returns whether it is the input file or the manifest of a batch */
	uses(fileId: string): boolean {
		return this.usedFiles.has(fileId);
	}

	/**
	 * Looks into the input files, or manifests, of the batches that were made with a picture, which is not often necessary.
	 *
	 * @param named the picture's name
	 * @returns whether a line of one names it; yes, when it cannot be told
	 * @throws the reason of the stop
	 */
	async usesPicture(session: ApiSession, fileId: string, named: NamedOwner): Promise<boolean> {
		for (const { batch, said } of this.own) {
			const namedIn = named.role.startsWith('rest-') ? said.manifest : batch.inputFileId;
			if (!isOfContent(named, said) || namedIn === undefined) continue;
			const pictures = await this.picturesOf(session, namedIn);
			if (!pictures || pictures.has(fileId)) return true;
		}
		return false;
	}

	/** Remembers what a batch of the account tells of itself. */
	add(batch: Batch) {
		const said = readMetadata(batch);
		if (batch.inputFileId !== undefined) this.usedFiles.add(batch.inputFileId);
		if (!said) return;
		this.usedFiles.add(said.manifest);
		this.own.push({ batch, said });
	}

	private async picturesOf(session: ApiSession, listId: string) {
		const before = this.pictures.get(listId);
		if (before) return before;
		const found = new Set<string>();
		try {
			const download = new Download(session, listId);
			await download.open();
			for await (const line of textLines(download.chunks())) {
				for (const [id] of line.matchAll(/(?<="file_id":")[^"]+/g)) found.add(id);
			}
		} catch {
			session.stop.throwIfReached();
			return undefined;
		}
		this.pictures.set(listId, found);
		return found;
	}
}
