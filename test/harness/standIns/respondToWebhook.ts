import type { GenericValue, IDataObject } from 'n8n-workflow';
import { nodeType, parameters, type Execute } from './nodeType';
import { isRecord } from './values';

/** Sends the answer to the webhook's caller, and its input on: RespondToWebhook.node.js. */
const execute: Execute = async function () {
	const items = this.getInputData();
	const [first] = items;
	const headers: IDataObject = {};
	const bodies: Record<string, () => GenericValue> = {
		noData: () => undefined,
		text: () => this.getNodeParameter('responseBody', 0),
		json: () => this.getNodeParameter('responseBody', 0),
		firstIncomingItem: () => first?.json,
		allIncomingItems: () => items.map(({ json }) => json),
		binary: () => {
			const automatic = this.getNodeParameter('responseDataSource', 0) === 'automatically';
			const name = automatic
				? (Object.keys(first?.binary ?? {})[0] ?? '')
				: String(this.getNodeParameter('inputFieldName', 0));
			const binaryData = this.helpers.assertBinaryData(0, name);
			headers['content-type'] = binaryData.mimeType;
			return { binaryData };
		},
	};
	const body = bodies[String(this.getNodeParameter('respondWith', 0))]?.();
	const options = this.getNodeParameter('options', 0);
	const statusCode = Number((isRecord(options) && options.responseCode) || 200);
	await this.sendResponse({ body, headers, statusCode });
	return [items];
};

export const respondToWebhook = nodeType('respondToWebhook', {
	version: 1.5,
	properties: parameters({
		respondWith: 'firstIncomingItem',
		responseBody: '',
		responseDataSource: 'automatically',
		inputFieldName: 'data',
		options: {},
	}),
	execute,
});
