import { formServer, receiveForm, type ReceivedForm } from './received';

/** A Discord webhook of the suite's own. */
export interface Discord {
	/** For the Webhook URL of n8n's credential. */
	webhookUri: string;
	/** Forms of the messages that were accepted, in order of arrival. */
	messages: ReceivedForm[];
	stop(): Promise<void>;
}

const WEBHOOK = '/api/webhooks/1234567890/token-of-the-webhook';

/**
 * Starts it on a free port of 127.0.0.1. Files come as `files[n]`, and `payload_json` names each of
 * them: https://discord.com/developers/docs/reference#uploading-files
 */
export async function startDiscord(): Promise<Discord> {
	const messages: ReceivedForm[] = [];
	const app = formServer();
	app.post(WEBHOOK, async (request, reply) => {
		const form = await receiveForm(request);
		const names = attachmentNames(form.fields.payload_json);
		const isNamed = form.files.every(
			({ field, fileName }, index) => field === `files[${index}]` && names[index] === fileName,
		);
		if (!isNamed || form.files.length === 0) {
			return await reply.code(400).send({ message: 'Invalid Form Body', code: 50035 });
		}
		messages.push(form);
		const attachments = form.files.map(({ fileName, bytes }, index) => ({
			id: String(index),
			filename: fileName,
			size: bytes.length,
		}));
		return { id: String(messages.length), type: 0, attachments };
	});
	const url = await app.listen({ host: '127.0.0.1', port: 0 });
	return { webhookUri: `${url}${WEBHOOK}`, messages, stop: async () => await app.close() };
}

function attachmentNames(payload: string | undefined): unknown[] {
	const parsed: unknown = payload === undefined ? undefined : JSON.parse(payload);
	if (typeof parsed !== 'object' || parsed === null || !('attachments' in parsed)) return [];
	const { attachments } = parsed;
	if (!Array.isArray(attachments)) return [];
	return attachments.map((attachment: unknown) =>
		typeof attachment === 'object' && attachment !== null && 'filename' in attachment
			? attachment.filename
			: undefined,
	);
}
