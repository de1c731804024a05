import type { ReceivedForm } from './received';

/** What a bot said in a chat; a photo that it gave by its link is there as it was loaded. */
export interface BotMessage {
	chatId: unknown;
	/** The text, or the caption of the photo. */
	text: string;
	parseMode?: unknown;
	photo?: { url: string; contentType: string | null; bytes: Buffer };
}

/** Where a bot wants to be told of messages. */
export interface TelegramWebhook {
	url: string;
	secretToken: string;
	allowedUpdates: string[];
}

/** What Telegram knows of a bot. */
export interface Bot {
	/** Forms of the photos that were uploaded and accepted, in order of arrival. */
	photos: ReceivedForm[];
	/** Texts, and photos by link, that were accepted, in order of arrival. */
	messages: BotMessage[];
	webhook?: TelegramWebhook;
	/** What people have sent, by `file_id`. */
	files: Map<string, Buffer>;
}

/** An answer that is a refusal. */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		description: string,
	) {
		super(description);
	}
}

/** Telegram takes no larger photo: https://core.telegram.org/bots/api#sendphoto */
const MAX_PHOTO_BYTES = 10 * 1024 * 1024;
/** By link it takes less: https://core.telegram.org/bots/api#sending-files */
const MAX_LINKED_BYTES = 5 * 1024 * 1024;
/** Of https://core.telegram.org/bots/api#sendphoto and `#sendmessage`. */
const MAX_CAPTION = 1024;
const MAX_TEXT = 4096;

type Method = (bot: Bot, given: Record<string, unknown>) => unknown;

/** The methods that take JSON, by name; each returns the `result`. @throws Refusal */
export const METHODS: Partial<Record<string, Method>> = {
	getWebhookInfo: ({ webhook }) => ({ url: webhook?.url ?? '' }),
	setWebhook: (bot, { url, secret_token: secretToken, allowed_updates: updates }) => {
		const allowedUpdates = Array.isArray(updates) ? updates.map(String) : [];
		bot.webhook = { url: String(url), secretToken: String(secretToken), allowedUpdates };
		return true;
	},
	deleteWebhook: (bot) => {
		bot.webhook = undefined;
		return true;
	},
	getFile: ({ files }, { file_id: id }) => {
		if (!files.has(String(id))) throw new Refusal(400, 'Bad Request: invalid file_id');
		return { file_id: id, file_path: `photos/${String(id)}.jpg` };
	},
	sendMessage: (bot, { chat_id: chatId, text, parse_mode: parseMode }) => {
		if (!text) throw new Refusal(400, 'Bad Request: message text is empty');
		const fitting = shortText(text, MAX_TEXT, 'message');
		return accept(bot, { chatId, text: fitting, parseMode });
	},
	sendPhoto: async (bot, { chat_id: chatId, photo, caption = '' }) => {
		const text = shortText(caption, MAX_CAPTION, 'message caption');
		return accept(bot, { chatId, text, photo: await load(photo) });
	},
};

/** Takes a photo that is uploaded. @throws Refusal */
export function takePhoto({ photos }: Bot, form: ReceivedForm): object {
	const { chat_id: id, caption } = form.fields;
	if (!id) throw new Refusal(400, 'Bad Request: chat_id is empty');
	const photo = form.files.find(({ field }) => field === 'photo');
	if (!photo) throw new Refusal(400, 'Bad Request: there is no photo in the request');
	if (photo.bytes.length > MAX_PHOTO_BYTES) throw new Refusal(413, 'Request Entity Too Large');
	photos.push(form);
	const sizes = [{ file_id: `photo-${photos.length}`, file_size: photo.bytes.length }];
	return { message_id: photos.length, chat: { id }, photo: sizes, caption };
}

function accept({ messages }: Bot, message: BotMessage): object {
	if (!message.chatId) throw new Refusal(400, 'Bad Request: chat_id is empty');
	messages.push(message);
	return { message_id: messages.length, chat: { id: message.chatId }, text: message.text };
}

function shortText(text: unknown, most: number, name: string): string {
	if (String(text).length > most) throw new Refusal(400, `Bad Request: ${name} is too long`);
	return String(text);
}

/** Loads a photo from its link, as anybody could. */
async function load(photo: unknown): Promise<BotMessage['photo']> {
	const url = URL.canParse(String(photo)) ? String(photo) : '';
	if (!url) throw new Refusal(400, 'Bad Request: wrong remote file identifier specified');
	const response = await fetch(url);
	const contentType = response.headers.get('content-type');
	const bytes = Buffer.from(await response.arrayBuffer());
	if (!response.ok || !contentType?.startsWith('image/')) {
		throw new Refusal(400, 'Bad Request: wrong type of the web page content');
	}
	if (bytes.length > MAX_LINKED_BYTES) {
		throw new Refusal(400, 'Bad Request: failed to get HTTP URL content');
	}
	return { url, contentType, bytes };
}
