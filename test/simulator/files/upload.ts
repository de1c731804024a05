import type { FastifyRequest } from 'fastify';

import { crypto } from '../../node';
import { badRequest } from '../apiError';
import { isRecord, nested, parts } from '../body';
import { missing, wrongType, type RawParameters } from '../parameters';
import type { ReceivedRequest } from '../types';
import { DiskContent, writeTo } from './content';
import { PURPOSES, type FileStore, type StoredFile } from './store';

/** How much of an uploaded file the record of requests keeps; the whole lies in the store. */
const RECORD_KEEPS = 64 * 1024;
const MAX_FILE_BYTES = 512 * 1000 * 1000;
const MAX_BATCH_BYTES = 200 * 1000 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
const BATCH_LIFE_MS = 30 * DAY_MS;

/** A form as it arrived, its file written to disk but not yet part of the account. */
export interface Upload {
	parameters: RawParameters;
	file: { filename: string; content: DiskContent } | undefined;
}

/** Reads the form of an upload, its file straight to disk. @throws ApiError 400 */
export async function readUpload(
	request: FastifyRequest,
	received: ReceivedRequest,
	store: FileStore,
): Promise<Upload> {
	if (!request.isMultipart()) {
		throw badRequest(
			`Unsupported content type: '${request.headers['content-type']}'. This API method only accepts 'multipart/form-data' requests.`,
			null,
			'unsupported_content_type',
		);
	}
	const fields: Record<string, string> = {};
	received.fields = fields;
	let file: Upload['file'];
	for await (const part of parts(request)) {
		if (part.type !== 'file') {
			fields[part.fieldname] = String(part.value);
			continue;
		}
		const { fieldname: field, filename, mimetype: contentType } = part;
		const path = store.newPath();
		const hash = crypto.createHash('sha256');
		const kept: Buffer[] = [];
		let keep = RECORD_KEEPS;
		const size = await writeTo(path, part.file, (piece) => {
			hash.update(piece);
			if (keep > 0) kept.push(Buffer.from(piece.subarray(0, keep)));
			keep -= piece.length;
		}).catch(() => {
			throw badRequest('Could not parse multipart form', null, null);
		});
		const bytes = Buffer.concat(kept);
		received.files.push({
			field,
			filename,
			contentType,
			bytes,
			size,
			sha256: hash.digest('hex'),
		});
		if (field !== 'file') throw badRequest(`Unknown parameter: '${field}'.`, field, null);
		file = { filename: filename ?? '', content: new DiskContent(path, size) };
	}
	return { parameters: nested(fields), file };
}

/** Checks an upload and makes it a file of the account. @throws ApiError 400, 413 */
export async function storeUpload(
	{ parameters, file }: Upload,
	store: FileStore,
): Promise<StoredFile> {
	const known = new Set(['purpose', 'expires_after']);
	const unknown = Object.keys(parameters).find((name) => !known.has(name));
	if (unknown !== undefined) {
		throw badRequest(`Unknown parameter: '${unknown}'.`, unknown, 'unknown_parameter');
	}
	if (!file) throw missing('file');
	const { purpose: asked } = parameters;
	if (asked === undefined) throw missing('purpose');
	const purpose = PURPOSES.find((candidate) => candidate === asked);
	if (purpose === undefined) {
		const names = PURPOSES.map((name) => `'${name}'`).join(', ');
		throw badRequest(`'${String(asked)}' is not one of [${names}] - 'purpose'`, null, null);
	}
	const bytes = await file.content.size();
	if (bytes === 0) throw badRequest('File is empty.', 'file', null);
	if (purpose === 'batch' && !file.filename.toLowerCase().endsWith('.jsonl')) {
		throw badRequest('Invalid file format for Batch API. Must be .jsonl', 'file', null);
	}
	const max = purpose === 'batch' ? MAX_BATCH_BYTES : MAX_FILE_BYTES;
	if (bytes > max) {
		throw badRequest(
			`File is too large: ${bytes} bytes. The maximum size for purpose '${purpose}' is ${max} bytes.`,
			'file',
			'file_too_large',
		);
	}
	const life = expiry(parameters, 'expires_after');
	return store.add({ ...file, purpose }, life ?? (purpose === 'batch' ? BATCH_LIFE_MS : undefined));
}

/**
 * How long a file is to live, from `{anchor: 'created_at', seconds}` at `name`.
 * @returns milliseconds
 * @throws ApiError 400
 */
export function expiry(raw: RawParameters, name: string): number | undefined {
	const value = raw[name] ?? undefined;
	if (value === undefined) return undefined;
	if (!isRecord(value)) throw wrongType(name, 'an object', value);
	const { anchor, seconds } = value;
	if (anchor !== 'created_at') {
		throw badRequest(
			`Invalid value: '${String(anchor)}'. Supported values are: 'created_at'.`,
			`${name}.anchor`,
			'invalid_value',
		);
	}
	// A form writes numbers as text.
	const count = typeof seconds === 'string' && /^\d+$/.test(seconds) ? Number(seconds) : seconds;
	if (typeof count !== 'number' || !Number.isInteger(count)) {
		throw wrongType(`${name}.seconds`, 'an integer', seconds);
	}
	if (count < 3600 || count > 2_592_000) {
		throw badRequest(
			`Invalid '${name}.seconds': expected a value between 3600 and 2592000, but got ${count} instead.`,
			`${name}.seconds`,
			count < 3600 ? 'integer_below_min_value' : 'integer_above_max_value',
		);
	}
	return count * 1000;
}
