import type { IDataObject } from 'n8n-workflow';
import { forEachItem, nodeType, parameters } from './nodeType';
import { isRecord, rowsOf } from './values';

/** A request with a JSON body of name-value pairs, and the JSON of its answer: HttpRequestV3.node.js. */
export const httpRequest = nodeType('httpRequest', {
	version: 4.5,
	properties: parameters({
		method: 'GET',
		url: '',
		authentication: 'none',
		nodeCredentialType: '',
		sendBody: false,
		bodyParameters: {},
	}),
	execute: forEachItem(async (context, _, itemIndex) => {
		const text = (name: string) => String(context.getNodeParameter(name, itemIndex));
		const rows = rowsOf(context.getNodeParameter('bodyParameters', itemIndex), 'parameters');
		const request = {
			method: text('method') === 'POST' ? ('POST' as const) : ('GET' as const),
			url: text('url'),
			json: true,
			...(context.getNodeParameter('sendBody', itemIndex) === true && {
				body: Object.fromEntries(rows.map(({ name, value }) => [name, value])),
			}),
		};
		const { httpRequest: plain, httpRequestWithAuthentication: signed } = context.helpers;
		const answer: unknown =
			text('authentication') === 'predefinedCredentialType'
				? await signed.call(context, text('nodeCredentialType'), request)
				: await plain(request);
		const json: IDataObject = isRecord(answer) ? answer : { data: String(answer) };
		return { json, pairedItem: { item: itemIndex } };
	}),
});
