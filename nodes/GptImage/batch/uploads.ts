import { RequestFailure } from '../errors/failure';
import type { ApiSession } from '../openai/callApi';
import {
	deleteFile,
	listFiles,
	uploadFile,
	type FilePurpose,
	type RemoteFile,
} from '../openai/files';
import type { RequestFile } from '../openai/multipart';
import { Stop } from '../openai/retry/stop';
import { isOfContent, isOfRun, readFileName, type FileOwner } from './fileNames';
import type { KnownBatches } from './knownBatches';

/** A file that was there before is used only when it has lost no more of its life than this, in seconds. */
const MOST_AGE_SECONDS = 36 * 3600;

/**
 * The files a run of the node has at OpenAI: uploads each once, finds those an earlier try has left behind,
 * and deletes what no batch came to use.
 */
export class Uploads {
	/** Files of earlier tries, by name, until they are used. */
	private readonly leftovers = new Map<string, RemoteFile[]>();
	/** Files this run has uploaded or taken over: ids by name. */
	private readonly uploaded = new Map<string, string>();
	/** Those that a batch uses. */
	private readonly kept = new Set<string>();

	private constructor(
		private readonly session: ApiSession,
		readonly owner: FileOwner,
	) {}

	/**
	 * @param known batches that may use files which are found
	 * @throws {RequestFailure} when files cannot be listed
	 */
	static async begin(
		session: ApiSession,
		owner: FileOwner,
		known: KnownBatches,
		purposes: FilePurpose[],
	): Promise<Uploads> {
		const uploads = new Uploads(session, owner);
		for (const purpose of purposes) {
			for await (const file of listFiles(session, purpose)) {
				const named = readFileName(file.name);
				const isOurs = named && (isOfRun(named, owner) || isOfContent(named, owner));
				if (!isOurs || known.uses(file.id)) continue;
				uploads.remember(file);
				const isPicture = purpose === 'vision' || named.role.startsWith('rest-');
				const isUsed = isPicture && (await known.usesPicture(session, file.id, named));
				if (isUsed) uploads.kept.add(file.id);
			}
		}
		return uploads;
	}

	/** @returns the id of the file; it is not sent again when this run or an earlier try has */
	async upload(file: RequestFile, purpose: FilePurpose, lifeSeconds: number): Promise<string> {
		const before = this.uploaded.get(file.fileName);
		if (before !== undefined) return before;
		const there = this.take(file, lifeSeconds);
		const { id } = there ?? (await uploadFile(this.session, file, purpose, lifeSeconds));
		this.uploaded.set(file.fileName, id);
		return id;
	}

	/** A batch uses these files now: they stay. */
	keep(fileIds: Iterable<string>) {
		for (const id of fileIds) this.kept.add(id);
	}

	/** Deletes a file that nothing uses; it may be uploaded anew. @throws {RequestFailure} when it may still be there */
	async remove(fileId: string) {
		await deleteFile(this.session, fileId);
		this.forget(fileId);
	}

	/** Deletes what no batch uses, also after a stop. What cannot be deleted expires by itself. */
	async discard() {
		const session = { ...this.session, stop: new Stop() };
		for (const id of this.unused()) {
			try {
				await deleteFile(session, id);
				this.forget(id);
			} catch (error) {
				// Without a connection none of the others can be deleted either.
				const isUnreachable = error instanceof RequestFailure && error.details.kind !== 'api';
				if (isUnreachable) return;
			}
		}
	}

	/** What this run has uploaded, and what an earlier try of the same run has. */
	private unused(): string[] {
		const abandoned = [...this.leftovers.values()].flat().filter(({ name }) => {
			const named = readFileName(name);
			// Equal requests of another run may be under way at this moment.
			return named && isOfRun(named, this.owner);
		});
		const all = [...this.uploaded.values(), ...abandoned.map(({ id }) => id)];
		return all.filter((id) => !this.kept.has(id));
	}

	private forget(fileId: string) {
		for (const [name, id] of this.uploaded) if (id === fileId) this.uploaded.delete(name);
	}

	private remember(file: RemoteFile) {
		this.leftovers.set(file.name, [...(this.leftovers.get(file.name) ?? []), file]);
	}

	private take({ fileName, bytes }: RequestFile, lifeSeconds: number): RemoteFile | undefined {
		const soon = Date.now() / 1000 + lifeSeconds - MOST_AGE_SECONDS;
		const role = readFileName(fileName)?.role;
		for (const [name, files] of this.leftovers) {
			const named = readFileName(name);
			// Only files for the same requests: a batch tells which pictures it may use by what it asks for.
			if (named?.role !== role || !named || !isOfContent(named, this.owner)) continue;
			const found = files.find((file) => file.bytes === bytes && (file.expiresAt ?? soon) >= soon);
			if (!found) continue;
			this.leftovers.set(
				name,
				files.filter((file) => file !== found),
			);
			return found;
		}
		return undefined;
	}
}
