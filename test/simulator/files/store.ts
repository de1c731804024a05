import { crypto, fs, os, path } from '../../node';
import { ApiError } from '../apiError';
import { toSeconds, type Clock } from '../clock';
import type { Ledger } from '../ledger';
import type { FileContent } from './content';

/** What a file is for. */
export const PURPOSES = [
	'fine-tune',
	'assistants',
	'batch',
	'user_data',
	'vision',
	'evals',
] as const;

export type Purpose = (typeof PURPOSES)[number] | 'batch_output';

/** A file of the account. Times in milliseconds since the epoch. */
export interface StoredFile {
	id: string;
	filename: string;
	purpose: Purpose;
	createdAt: number;
	expiresAt: number | undefined;
	content: FileContent;
}

/** A file as the API describes it. */
export interface FileObject {
	id: string;
	object: 'file';
	bytes: number;
	created_at: number;
	expires_at: number | null;
	filename: string;
	purpose: Purpose;
	status: 'processed';
	status_details: null;
}

/** The files of the account. Their bytes lie in a temporary folder until `reset`. */
export class FileStore {
	private readonly files = new Map<string, StoredFile & { deleted: boolean }>();

	private folder: string | undefined;

	constructor(
		readonly clock: Clock,
		private readonly ledger: Ledger,
		private readonly parent = os.tmpdir(),
	) {}

	/** Where bytes can be written, as a path that nobody uses yet. */
	newPath(): string {
		this.folder ??= fs.mkdtempSync(path.join(this.parent, 'gpt-image-simulator-'));
		return path.join(this.folder, crypto.randomUUID());
	}

	/** Adds a file. @param lifeMs how long it lives from its creation on; for good when undefined */
	add(
		file: Pick<StoredFile, 'filename' | 'purpose' | 'content'> & { id?: string },
		lifeMs: number | undefined,
		createdAt = this.clock.now(),
	): StoredFile {
		const { id = `file-${crypto.randomBytes(11).toString('hex')}` } = file;
		const expiresAt = lifeMs === undefined ? undefined : createdAt + lifeMs;
		const stored = { ...file, id, createdAt, expiresAt, deleted: false };
		this.files.set(id, stored);
		return stored;
	}

	/** The file of that id. @throws ApiError 404 when there is none, or none any more */
	find(id: string): StoredFile {
		const found = this.files.get(id);
		if (!found || !this.exists(found)) throw noSuchFile(id);
		return found;
	}

	/** The bytes of a file, also of one that is gone. @throws ApiError 404 for one that never was */
	async read(id: string): Promise<Buffer> {
		const found = this.files.get(id);
		if (!found) throw noSuchFile(id);
		const pieces: Buffer[] = [];
		for await (const piece of found.content.read()) pieces.push(piece);
		return Buffer.concat(pieces);
	}

	/** All files there are now, oldest first. */
	all(): StoredFile[] {
		return [...this.files.values()].filter((file) => this.exists(file));
	}

	/** Deletes a file at the request of its owner. @throws ApiError 404 */
	delete(id: string): void {
		this.lose(id);
		this.ledger.filesDeleted += 1;
	}

	/** Takes a file away, uncounted. @throws ApiError 404 */
	lose(id: string): void {
		this.find(id);
		const file = this.files.get(id);
		if (file) file.deleted = true;
	}

	/** Forgets all files and removes their bytes. */
	reset(): void {
		this.files.clear();
		if (this.folder !== undefined) fs.rmSync(this.folder, { recursive: true, force: true });
		this.folder = undefined;
	}

	private exists({ deleted, expiresAt }: StoredFile & { deleted: boolean }): boolean {
		return !deleted && (expiresAt === undefined || expiresAt > this.clock.now());
	}
}

/** A file in the API's words. */
export async function describeFile(file: StoredFile): Promise<FileObject> {
	const { id, filename, purpose, createdAt, expiresAt, content } = file;
	return {
		id,
		object: 'file',
		bytes: await content.size(),
		created_at: toSeconds(createdAt),
		expires_at: expiresAt === undefined ? null : toSeconds(expiresAt),
		filename,
		purpose,
		status: 'processed',
		status_details: null,
	};
}

function noSuchFile(id: string): ApiError {
	const message = `No such File object: ${id}`;
	return new ApiError(404, {
		error: { message, type: 'invalid_request_error', param: 'id', code: null },
	});
}
