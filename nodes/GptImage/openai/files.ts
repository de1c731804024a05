import { BOUNDS } from '../bounds';
import { isNotFound, RequestFailure } from '../errors/failure';
import { callJson, mayHaveWorked, type ApiSession } from './callApi';
import { listAll } from './list';
import { multipartForm, type RequestFile } from './multipart';

/** What a file is for: only those of `batch` can be downloaded again. */
export type FilePurpose = 'batch' | 'vision';

/** A file that lies at OpenAI (`openai` 7.57.0, `FileObject`). */
export interface RemoteFile {
	id: string;
	name: string;
	bytes: number;
	/** Epoch seconds. */
	createdAt: number;
	/** Epoch seconds; `undefined` for a file that stays. */
	expiresAt?: number;
}

/** What the id of a file may look like, so that it can stand in an address. */
export const FILE_ID = new RegExp(`^[\\w-]{1,${BOUNDS.fileIdCharacters}}$`);

/** Slowest connection an upload is waited for, in bytes per millisecond. */
const SLOWEST = 64;
const SHORTEST_UPLOAD_MS = 120_000;
const MOST_UPLOADS = 3;

/** Files are looked for among so many, newest first. */
const LOOKED_AT = 1000;

/**
 * Uploads a file, streamed, with its exact length. An upload whose answer got lost is looked up by its name,
 * which therefore must be unique to its contents.
 *
 * @param lifeSeconds after which the API deletes it by itself, 3,600 to 2,592,000
 * @returns the file as the API has it
 * @throws {RequestFailure} why it could not be uploaded; the reason of the stop
 */
export async function uploadFile(
	session: ApiSession,
	file: RequestFile,
	purpose: FilePurpose,
	lifeSeconds: number,
): Promise<RemoteFile> {
	const fields: Array<[string, string]> = [
		['purpose', purpose],
		['expires_after[anchor]', 'created_at'],
		['expires_after[seconds]', String(lifeSeconds)],
	];
	const timeoutMs = Math.max(SHORTEST_UPLOAD_MS, file.bytes / SLOWEST);
	for (let uploads = 1; ; uploads++) {
		let problem: unknown;
		try {
			const answer = await callJson(
				session,
				{
					method: 'POST',
					path: '/files',
					body: async (streams) => multipartForm(fields, [['file', file]], streams),
				},
				{ timeoutMs, isRepeatable: false },
			);
			return toFile(answer) ?? noFile();
		} catch (error) {
			problem = error;
		}
		if (!(problem instanceof RequestFailure) || !mayHaveWorked(problem)) throw problem;
		const found = await findFile(session, file, purpose);
		if (found) return found;
		if (uploads >= MOST_UPLOADS) throw problem;
	}
}

/** Deletes a file; it does not matter when it is gone already. @throws {RequestFailure} when it may still be there */
export async function deleteFile(session: ApiSession, fileId: string): Promise<void> {
	let problem: unknown;
	try {
		const call = { method: 'DELETE' as const, path: `/files/${encodeURIComponent(fileId)}` };
		await callJson(session, call, { isRepeatable: true });
		return;
	} catch (error) {
		problem = error;
	}
	if (!isNotFound(problem)) throw problem;
}

/** Lists files of a purpose, newest first, up to a thousand. @throws {RequestFailure} when they cannot be listed */
export async function* listFiles(
	session: ApiSession,
	purpose: FilePurpose,
): AsyncGenerator<RemoteFile> {
	let seen = 0;
	for await (const entry of listAll(session, '/files', { purpose, order: 'desc' })) {
		const file = toFile(entry);
		// A server that ignores the purpose lists all.
		if (file && (entry.purpose ?? purpose) === purpose) yield file;
		if (++seen >= LOOKED_AT) return;
	}
}

async function findFile(
	session: ApiSession,
	{ fileName, bytes }: RequestFile,
	purpose: FilePurpose,
): Promise<RemoteFile | undefined> {
	for await (const file of listFiles(session, purpose)) {
		if (file.name === fileName && file.bytes === bytes) return file;
	}
	return undefined;
}

function toFile({ id, filename, bytes, created_at, expires_at }: Record<string, unknown>) {
	if (typeof id !== 'string' || id === '') return undefined;
	const file: RemoteFile = {
		id,
		name: typeof filename === 'string' ? filename : '',
		bytes: typeof bytes === 'number' ? bytes : NaN,
		createdAt: typeof created_at === 'number' ? created_at : 0,
	};
	if (typeof expires_at === 'number') file.expiresAt = expires_at;
	return file;
}

function noFile(): never {
	const reason = 'The answer to an upload names no file';
	throw new RequestFailure({ kind: 'call', reason });
}
