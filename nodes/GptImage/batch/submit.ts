import type { IDataObject } from 'n8n-workflow';
import { RequestFailure } from '../errors/failure';
import {
	cancelBatch,
	createBatch,
	isFinal,
	listBatches,
	type Batch,
	type NewBatch,
} from '../openai/batches';
import { mayHaveWorked, type ApiSession } from '../openai/callApi';
import type { FilePurpose } from '../openai/files';
import { Stop } from '../openai/retry/stop';
import { wait } from '../openai/retry/wait';
import { uploadsOf } from './batchRequest';
import { partFingerprintOf, hashOf } from './fingerprint';
import { KnownBatches, type PartIdentity, type TakenOver } from './knownBatches';
import { toMetadata } from './metadata';
import { PartFiles } from './partFiles';
import type { BatchPart } from './parts';
import type { Pictures } from './pictures';
import { Uploads } from './uploads';

/** What is to be submitted, and by whom. */
export interface Submission {
	parts: BatchPart[];
	/** Has read the pictures of all requests. */
	pictures: Pictures;
	/** The user's name for the batches. */
	name: string;
	/** The run of the node; `undefined` where n8n does not tell runs apart. */
	run?: string;
	workflow?: string;
	execution?: string;
	/** The JSON of an input item, where it is to be passed on. */
	jsonOf: (item: number) => IDataObject | undefined;
}

/** A batch that stands at OpenAI. */
export interface Submitted {
	part: BatchPart;
	batch: Batch;
	/** It was there already. */
	takenOver?: TakenOver['because'];
}

/** A batch that could not be made. */
export interface NotSubmitted {
	part: BatchPart;
	problem: unknown;
}

const MOST_CREATIONS = 2;

/** A batch whose creation was not answered is looked for after so many milliseconds each. */
const LOOK_UP_AFTER_MS = [0, 1000, 3000];
/** So many others may have been created in the meantime. */
const MOST_NEWER = 200;

/**
 * Makes the batches of a run, never one twice: the newest batches are looked up first, and one of the same run, or
 * one that asks for the same and is not finished, is taken over. What was uploaded and is not used is deleted.
 *
 * @returns one result for each part, in order
 * @throws the reason of the stop; {@link RequestFailure} when nobody knows what was made before
 */
export async function submit(
	session: ApiSession,
	submission: Submission,
): Promise<Array<NotSubmitted | Submitted>> {
	const { parts, pictures, run } = submission;
	const known = await KnownBatches.lookUp(session);
	const identified = parts.map((part) => ({
		part,
		identity: {
			run,
			part: `${part.index + 1}/${parts.length}`,
			fingerprint: partFingerprintOf(part, pictures),
		},
	}));
	const owner = { run, content: hashOf(...identified.map(({ identity }) => identity.fingerprint)) };
	const begin = async () => await Uploads.begin(session, owner, known, purposesOf(parts));
	let uploads: Uploads | undefined;
	const results: Array<NotSubmitted | Submitted> = [];
	try {
		for (const { part, identity } of identified) {
			const found = known.find(identity);
			if (found) {
				results.push({ part, batch: found.batch, takenOver: found.because });
				continue;
			}
			uploads ??= await begin();
			const maker = new BatchMaker(session, submission, uploads, part, identity);
			try {
				const batch = await maker.make();
				known.add(batch);
				results.push({ part, batch });
			} catch (problem) {
				session.stop.throwIfReached();
				results.push({ part, problem });
			}
		}
		// An earlier try of this run was cut off, perhaps before it could tidy up.
		const isCutOff = results.some((one) => 'takenOver' in one && one.takenOver === 'sameRun');
		if (isCutOff) uploads ??= await begin().catch(() => undefined);
	} finally {
		await uploads?.discard();
	}
	return results;
}

const purposesOf = (parts: BatchPart[]): FilePurpose[] =>
	parts.some(({ requests }) => requests.some((one) => uploadsOf(one).length > 0))
		? ['batch', 'vision']
		: ['batch'];

/** Makes the batch of one part. */
class BatchMaker {
	private readonly files: PartFiles;

	constructor(
		private readonly session: ApiSession,
		private readonly submission: Submission,
		private readonly uploads: Uploads,
		private readonly part: BatchPart,
		private readonly identity: PartIdentity,
	) {
		this.files = new PartFiles(submission, uploads, part);
	}

	async make(): Promise<Batch> {
		const { name, workflow, execution } = this.submission;
		const { endpoint, requests } = this.part;
		const keepRest = requests.some(({ request }) => request.keepRest) ? 'yes' : undefined;
		await this.files.uploadPictures();
		const manifest = await this.files.uploadManifest();
		const { content } = this.uploads.owner;
		const said = { name, manifest, content, workflow, execution, keepRest } as const;
		const metadata = toMetadata({ ...said, ...this.identity });
		for (let creations = 1; ; creations++) {
			const inputFileId = await this.files.uploadInput();
			const isLast = creations >= MOST_CREATIONS;
			const batch = await this.create({ inputFileId, endpoint, metadata }, isLast);
			if (!batch) continue;
			this.uploads.keep([inputFileId, manifest, ...this.files.pictureIds]);
			return batch;
		}
	}

	/** @returns `undefined` when nothing came of it, and it may be tried again */
	private async create(wanted: NewBatch, isLast: boolean): Promise<Batch | undefined> {
		let problem: unknown;
		try {
			return await createBatch(this.session, wanted);
		} catch (error) {
			problem = error;
		}
		if (this.session.stop.isReached) {
			await this.undo(wanted.inputFileId);
			throw problem;
		}
		if (!(problem instanceof RequestFailure) || !mayHaveWorked(problem)) throw problem;
		const found = await findByInput(this.session, wanted.inputFileId);
		if (found) return found;
		// Should it come into being later all the same, it finds no input, and costs nothing.
		const isRemoved = await this.uploads.remove(wanted.inputFileId).then(
			() => true,
			() => false,
		);
		if (isLast || !isRemoved) throw problem;
		return undefined;
	}

	/** The execution was stopped while the batch was being created: nobody waits for it. */
	private async undo(inputFileId: string) {
		const session = { ...this.session, stop: new Stop() };
		try {
			const batch = await findByInput(session, inputFileId);
			if (batch && !isFinal(batch)) await cancelBatch(session, batch.id);
		} catch {
			// Without its input file, which is deleted next, it cannot begin.
		}
	}
}

/** An input file belongs to one batch only. */
async function findByInput(session: ApiSession, inputFileId: string): Promise<Batch | undefined> {
	for (const ms of LOOK_UP_AFTER_MS) {
		await wait(ms, session.stop);
		for await (const batch of listBatches(session, MOST_NEWER + 1)) {
			if (batch.inputFileId === inputFileId) return batch;
		}
	}
	return undefined;
}
