import { formServer, receiveForm, type ReceivedForm } from './received';

/** A Telegram Bot API of the suite's own, as far as sending photos goes. */
export interface Telegram {
	/** For the Base URL of n8n's credential. */
	url: string;
	accessToken: string;
	/** Forms of the photos that were accepted, in order of arrival. */
	photos: ReceivedForm[];
	stop(): Promise<void>;
}

/** Telegram takes no larger photo: https://core.telegram.org/bots/api#sendphoto */
const MAX_PHOTO_BYTES = 10 * 1024 * 1024;

/** Starts it on a free port of 127.0.0.1. Like Telegram it refuses wrong tokens, missing chats and large photos. */
export async function startTelegram(): Promise<Telegram> {
	const accessToken = '123456:AAexample';
	const photos: ReceivedForm[] = [];
	const app = formServer();
	app.post('/*', async (request, reply) => {
		const refuse = async (status: number, description: string) =>
			await reply.code(status).send({ ok: false, error_code: status, description });
		if (!request.url.startsWith(`/bot${accessToken}/`)) return await refuse(401, 'Unauthorized');
		if (!request.url.endsWith('/sendPhoto')) return await refuse(404, 'Not Found');
		const form = await receiveForm(request);
		const photo = form.files.find(({ field }) => field === 'photo');
		const chat = form.fields.chat_id;
		if (!chat) return await refuse(400, 'Bad Request: chat_id is empty');
		if (!photo) return await refuse(400, 'Bad Request: there is no photo in the request');
		if (photo.bytes.length > MAX_PHOTO_BYTES) {
			return await refuse(413, 'Request Entity Too Large');
		}
		photos.push(form);
		const { caption } = form.fields;
		const sizes = [{ file_id: `photo-${photos.length}`, file_size: photo.bytes.length }];
		const message = { message_id: photos.length, chat: { id: chat }, photo: sizes, caption };
		return { ok: true, result: message };
	});
	const url = await app.listen({ host: '127.0.0.1', port: 0 });
	return { url, accessToken, photos, stop: async () => await app.close() };
}
