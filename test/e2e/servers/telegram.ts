import type { IDataObject } from 'n8n-workflow';

import { formServer, receiveForm } from './received';
import { METHODS, Refusal, takePhoto, type Bot } from './telegramMethods';

/** A Telegram Bot API of the suite's own, as far as n8n's trigger and the sending of photos go. */
export interface Telegram extends Readonly<Bot> {
	/** For the Base URL of n8n's credential. */
	url: string;
	accessToken: string;
	/**
	 * Tells the bot of a message in a chat, as Telegram does.
	 * @param fields `text`, or `photo` and `caption`
	 * @throws when the bot has set no webhook, or does not take the message
	 */
	tell(fields: IDataObject): Promise<void>;
	stop(): Promise<void>;
}

/** The chat that messages come from. */
export const CHAT = 4711;

/** Starts it on a free port of 127.0.0.1. Like Telegram it refuses wrong tokens, missing chats and large photos. */
export async function startTelegram(): Promise<Telegram> {
	const accessToken = '123456:AAexample';
	const bot: Bot = { photos: [], messages: [], files: new Map() };
	const app = formServer();
	app.setErrorHandler(async (error, _, reply) => {
		const status = error instanceof Refusal ? error.status : 400;
		const description = error instanceof Error ? error.message : String(error);
		return await reply.code(status).send({ ok: false, error_code: status, description });
	});
	app.all<{ Params: { token: string; method: string } }>('/:token/:method', async (request) => {
		const { token, method } = request.params;
		if (token !== `bot${accessToken}`) throw new Refusal(401, 'Unauthorized');
		if (method === 'sendPhoto' && request.isMultipart()) {
			return { ok: true, result: takePhoto(bot, await receiveForm(request)) };
		}
		const answer = METHODS[method];
		if (!answer) throw new Refusal(404, 'Not Found');
		const given = { ...Object(request.query), ...Object(request.body) };
		return { ok: true, result: await answer(bot, given) };
	});
	app.get<{ Params: { token: string; id: string } }>(
		'/file/:token/photos/:id.jpg',
		async ({ params: { token, id } }, reply) => {
			const bytes = bot.files.get(id);
			if (token !== `bot${accessToken}` || !bytes) throw new Refusal(404, 'Not Found');
			return await reply.type('application/octet-stream').send(bytes);
		},
	);
	const url = await app.listen({ host: '127.0.0.1', port: 0 });
	const { tell } = new Person(bot);
	return Object.assign(bot, { url, accessToken, tell, stop: async () => await app.close() });
}

/** Somebody who writes to a bot. */
class Person {
	private written = 0;

	constructor(private readonly bot: Bot) {}

	tell = async (fields: IDataObject): Promise<void> => {
		if (!this.bot.webhook) throw new Error('The bot has set no webhook');
		const { url, secretToken } = this.bot.webhook;
		this.written += 1;
		const message = {
			message_id: this.written,
			from: { id: CHAT, is_bot: false, first_name: 'Ada' },
			chat: { id: CHAT, type: 'private', first_name: 'Ada' },
			date: Math.floor(Date.now() / 1000),
			...fields,
		};
		const response = await fetch(url, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				'x-telegram-bot-api-secret-token': secretToken,
			},
			body: JSON.stringify({ update_id: this.written, message }),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
	};
}
