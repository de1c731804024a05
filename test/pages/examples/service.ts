import multipart from '@fastify/multipart';
import fastify from 'fastify';

/** A request that reached the service. */
export interface Heard {
	/** With its query. */
	path: string;
	/** The JSON, or the text fields of a form. */
	body: unknown;
	files: Array<{ field: string; fileName: string; mimeType: string; bytes: Buffer }>;
}

/** What the service answers. */
export interface Answer {
	status?: number;
	body: object;
}

/** A service of another company that a workflow talks to: answers as it is told and keeps what it heard. */
export interface Service {
	url: string;
	heard: Heard[];
	close(): Promise<void>;
}

/** Starts one on a free port of 127.0.0.1. */
export async function startService(
	answer: (heard: Heard) => Answer | Promise<Answer>,
): Promise<Service> {
	const heard: Heard[] = [];
	const app = fastify({ forceCloseConnections: true });
	await app.register(multipart);
	app.post('/*', async (request, reply) => {
		const files: Heard['files'] = [];
		const fields: Record<string, unknown> = {};
		if (request.isMultipart()) {
			for await (const part of request.parts()) {
				if (part.type === 'field') fields[part.fieldname] = part.value;
				else {
					const { fieldname: field, filename: fileName, mimetype: mimeType } = part;
					files.push({ field, fileName, mimeType, bytes: await part.toBuffer() });
				}
			}
		}
		const one = { path: request.url, body: request.isMultipart() ? fields : request.body, files };
		heard.push(one);
		const { status = 200, body } = await answer(one);
		return await reply.code(status).send(body);
	});
	const url = await app.listen({ host: '127.0.0.1', port: 0 });
	return { url, heard, close: async () => await app.close() };
}
