import type { ICredentialType, INodeProperties } from 'n8n-workflow';

const text = (name: string, value = ''): INodeProperties => ({
	displayName: name,
	name,
	type: 'string',
	default: value,
});

/** Credential types of n8n's own nodes, by name (n8n-nodes-base 2.41.1). */
export const credentialTypes: Record<string, ICredentialType> = {
	telegramApi: {
		name: 'telegramApi',
		displayName: 'Telegram API',
		properties: [text('accessToken'), text('baseUrl', 'https://api.telegram.org')],
	},
	facebookGraphApi: {
		name: 'facebookGraphApi',
		displayName: 'Facebook Graph API',
		properties: [text('accessToken')],
		authenticate: async ({ accessToken }, request) => ({
			...request,
			qs: { ...request.qs, access_token: accessToken },
		}),
	},
};
