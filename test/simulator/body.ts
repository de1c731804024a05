import type { FastifyRequest } from 'fastify';

import { crypto } from '../node';
import { apiError, badRequest } from './apiError';
import type { ReceivedFile, ReceivedRequest } from './types';

/** How much of a file is kept in noise mode: enough to read its type and dimensions. */
const NOISE_KEEPS = 64 * 1024;

const MAX_JSON_STRING = 400;

/** True for objects that are neither null nor arrays. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads the whole body into `received`: `json`, or `fields` and `files`.
 * @param keepAll false in noise mode: bytes are counted and hashed, then dropped
 * @returns the parameters: the JSON object itself, or the multipart fields
 * @throws ApiError 400 for malformed JSON or another content type
 */
export async function readBody(
	request: FastifyRequest,
	received: ReceivedRequest,
	keepAll: boolean,
): Promise<Record<string, unknown>> {
	if (request.isMultipart()) return await readMultipart(request, received, keepAll);
	if (!request.headers['content-type']?.startsWith('application/json')) {
		throw badRequest(
			`Unsupported content type: '${request.headers['content-type']}'. This API method only accepts 'application/json' and 'multipart/form-data' requests.`,
			null,
			'unsupported_content_type',
		);
	}
	const text = (await readAll(request.raw)).toString('utf8');
	const json = parseJson(text);
	received.json = keepAll ? json : parseJson(text, shorten);
	if (!isRecord(json)) throw badJson();
	return json;
}

async function readMultipart(
	request: FastifyRequest,
	received: ReceivedRequest,
	keepAll: boolean,
): Promise<Record<string, unknown>> {
	const fields: Record<string, string | string[]> = {};
	received.fields = fields;
	for await (const part of parts(request)) {
		if (part.type === 'file') {
			const { fieldname, filename, mimetype } = part;
			received.files.push(await readFile(part.file, fieldname, filename, mimetype, keepAll));
		} else {
			const before = fields[part.fieldname];
			const value = String(part.value);
			fields[part.fieldname] = before === undefined ? value : [before, value].flat();
		}
	}
	return nested(fields);
}

/** The parts of the form, in order. @throws ApiError 400 when it is malformed or ends early */
export async function* parts(request: FastifyRequest) {
	const iterator = request.parts();
	for (;;) {
		const next = await iterator.next().catch(() => undefined);
		if (!next) throw badRequest('Could not parse multipart form', null, null);
		if (next.done) return;
		yield next.value;
	}
}

async function readFile(
	chunks: AsyncIterable<Buffer>,
	field: string,
	filename: string | undefined,
	contentType: string,
	keepAll: boolean,
): Promise<ReceivedFile> {
	const hash = crypto.createHash('sha256');
	const kept: Buffer[] = [];
	let size = 0;
	for await (const chunk of chunks) {
		hash.update(chunk);
		if (keepAll) kept.push(chunk);
		// A copy, because a slice would keep the whole chunk alive.
		else if (size < NOISE_KEEPS) kept.push(Buffer.from(chunk));
		size += chunk.length;
	}
	const bytes = Buffer.concat(kept);
	return { field, filename, contentType, bytes, size, sha256: hash.digest('hex') };
}

/** `svg[reasoning][effort]` and the like become nested objects; a trailing `[]` is kept. */
export function nested(fields: Record<string, string | string[]>): Record<string, unknown> {
	const result: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(fields)) {
		const [first = name, ...rest] = name.endsWith('[]') ? [name] : name.split(/\]\[|\[|\]$/);
		const keys = rest.filter((key) => key !== '');
		let target = result;
		let key = first;
		for (const next of keys) {
			const child = target[key];
			const object = isRecord(child) ? child : {};
			target[key] = object;
			target = object;
			key = next;
		}
		target[key] = value;
	}
	return result;
}

/** All bytes of a stream. */
export async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of stream) chunks.push(chunk);
	return Buffer.concat(chunks);
}

function parseJson(text: string, reviver?: (key: string, value: unknown) => unknown): unknown {
	try {
		return JSON.parse(text, reviver);
	} catch {
		return undefined;
	}
}

function shorten(_key: string, value: unknown): unknown {
	return typeof value === 'string' ? value.slice(0, MAX_JSON_STRING) : value;
}

const badJson = () =>
	apiError('invalid_value', {
		code: null,
		param: undefined,
		message:
			'We could not parse the JSON body of your request. (HINT: This likely means you aren’t using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)',
	});
