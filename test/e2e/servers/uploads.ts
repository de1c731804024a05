import { formServer, receiveForm, type ReceivedForm } from './received';

/** An HTTP API of the suite's own that takes file uploads, as chats and content systems have one. */
export interface Uploads {
	url: string;
	/** To be sent as `Authorization: Bearer …`. */
	token: string;
	/** Forms that were accepted, in order of arrival. */
	forms: ReceivedForm[];
	stop(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. It refuses requests without token or without a file. */
export async function startUploads(): Promise<Uploads> {
	const token = 'token-of-the-upload-api';
	const forms: ReceivedForm[] = [];
	const app = formServer();
	app.post('/api/files', async (request, reply) => {
		if (request.headers.authorization !== `Bearer ${token}`) {
			return await reply.code(401).send({ ok: false, error: 'invalid_auth' });
		}
		const form = await receiveForm(request);
		const file = form.files.find(({ field }) => field === 'file');
		if (!file) return await reply.code(400).send({ ok: false, error: 'no_file_data' });
		forms.push(form);
		return { ok: true, file: { id: `F${forms.length}`, name: file.fileName } };
	});
	const origin = await app.listen({ host: '127.0.0.1', port: 0 });
	return { url: `${origin}/api/files`, token, forms, stop: async () => await app.close() };
}
