import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { startService, type Service } from './service';

/** Telegram's Bot API, as far as it answers, and what a bot hears and says there. */
export interface Chat {
	/** What was sent to it. */
	readonly heard: Service['heard'];
	credentials(): { telegramApi: { accessToken: string; baseUrl: string } };
}

const CHAT = 4711;

/** Starts it before each test of a file, and ends it after. */
export function useTelegram(): Chat {
	let telegram: Service | undefined;
	beforeEach(async () => {
		telegram = await startService(({ body }) => ({
			body: { ok: true, result: { message_id: 7, chat: { id: Object(body).chat_id } } },
		}));
	});
	afterEach(async () => await telegram?.close());
	return {
		get heard() {
			return telegram?.heard ?? [];
		},
		credentials: () => ({ telegramApi: { accessToken: '1:AA', baseUrl: telegram?.url ?? '' } }),
	};
}

/** An update that Telegram sends to the trigger. */
export const message = (fields: IDataObject): IDataObject => ({
	update_id: 1,
	message: { message_id: 6, from: { id: 42 }, chat: { id: CHAT, type: 'private' }, ...fields },
});

/** What the Telegram node puts out after sending. */
export const sent = (chat_id: unknown): INodeExecutionData[] => [
	{ json: { ok: true, result: { message_id: 7, chat: { id: chat_id } } }, pairedItem: { item: 0 } },
];

/** The request by which the bot sends a text. */
export const textMessage = (text: unknown) => ({
	path: '/bot1:AA/sendMessage',
	body: { chat_id: CHAT, text, parse_mode: 'HTML', disable_web_page_preview: true },
	files: [],
});
