import multipart from '@fastify/multipart';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';

/** A multipart request as it arrived. */
export interface ReceivedForm {
	/** Path with query. */
	path: string;
	headers: FastifyRequest['headers'];
	fields: Record<string, string>;
	files: Array<{ field: string; fileName: string; contentType: string; bytes: Buffer }>;
}

/** A fastify on 127.0.0.1 that reads multipart. */
export function formServer(): FastifyInstance {
	const app = fastify({ forceCloseConnections: true });
	void app.register(multipart, { limits: { fileSize: 50 * 1024 * 1024 } });
	return app;
}

/**
 * Reads a multipart request to its end.
 * @throws what fastify answers with a 4xx, when it is none
 */
export async function receiveForm(request: FastifyRequest): Promise<ReceivedForm> {
	const form: ReceivedForm = { path: request.url, headers: request.headers, fields: {}, files: [] };
	for await (const part of request.parts()) {
		if (part.type === 'file') {
			const { fieldname: field, filename: fileName, mimetype: contentType } = part;
			form.files.push({ field, fileName, contentType, bytes: await part.toBuffer() });
		} else {
			// A part that says it is JSON is parsed already.
			const { fieldname, value } = part;
			form.fields[fieldname] = typeof value === 'string' ? value : JSON.stringify(value);
		}
	}
	return form;
}
