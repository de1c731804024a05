import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { forEachItem, nodeType, parameters } from './nodeType';
import { isRecord } from './values';

/** Sends a message, or a photo: from a binary field or by its address: Telegram.node.js, GenericFunctions.js. */
export const telegram = nodeType('telegram', {
	version: 1.2,
	credential: 'telegramApi',
	properties: parameters({
		operation: 'sendMessage',
		chatId: '',
		text: '',
		file: '',
		binaryData: false,
		binaryPropertyName: 'data',
		additionalFields: {},
	}),
	execute: forEachItem(async (context, _, itemIndex) => {
		const { baseUrl, accessToken } = await context.getCredentials('telegramApi');
		const operation = String(context.getNodeParameter('operation', itemIndex));
		const isUpload = Boolean(context.getNodeParameter('binaryData', 0));
		const answer: unknown = await context.helpers.httpRequest({
			method: 'POST',
			url: `${String(baseUrl)}/bot${String(accessToken)}/${operation}`,
			body: isUpload ? await upload(context, itemIndex) : message(context, itemIndex, operation),
			json: true,
		});
		return { json: isRecord(answer) ? answer : {}, pairedItem: { item: itemIndex } };
	}),
});

function message(context: IExecuteFunctions, itemIndex: number, operation: string): IDataObject {
	const isPhoto = operation === 'sendPhoto';
	const { appendAttribution, ...fields } = more(context, itemIndex);
	if (!isPhoto && appendAttribution !== false) throw new Error('It would name n8n in the message');
	return {
		chat_id: context.getNodeParameter('chatId', itemIndex),
		[isPhoto ? 'photo' : 'text']: context.getNodeParameter(isPhoto ? 'file' : 'text', itemIndex),
		...(!isPhoto && { parse_mode: 'Markdown', disable_web_page_preview: true }),
		...fields,
	};
}

async function upload(context: IExecuteFunctions, itemIndex: number): Promise<FormData> {
	const field = String(context.getNodeParameter('binaryPropertyName', itemIndex));
	const { fileName, mimeType } = context.helpers.assertBinaryData(itemIndex, field);
	const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, field);
	const form = new FormData();
	form.set('chat_id', String(context.getNodeParameter('chatId', itemIndex)));
	form.set('disable_notification', 'false');
	form.set('photo', new Blob([new Uint8Array(bytes)], { type: mimeType }), fileName);
	for (const [name, value] of Object.entries(more(context, itemIndex)))
		form.set(name, String(value));
	return form;
}

function more(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const fields = context.getNodeParameter('additionalFields', itemIndex);
	return isRecord(fields) ? fields : {};
}
