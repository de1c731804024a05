import {
	UserError,
	type ICredentialDataDecryptedObject,
	type ICredentialTestRequest,
	type ICredentialType,
	type IHttpRequestOptions,
	type INodeProperties,
} from 'n8n-workflow';
import { readBaseUrl } from '../nodes/GptImage/openai/baseUrl';

export class OpenAiImagesApi implements ICredentialType {
	name = 'openAiImagesApi';

	displayName = 'OpenAI Images API';

	icon = {
		light: 'file:../icons/gptImage.svg',
		dark: 'file:../icons/gptImage.dark.svg',
	} as const;

	documentationUrl =
		'https://github.com/n8n-nodes-gpt-image/n8n-nodes-gpt-image/blob/main/docs/credential.md';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'Create one in your OpenAI project under API keys. A restricted key needs Write for Images and Read for Models; for Keep at OpenAI and batches Write for Files, too.',
		},
		{
			displayName: 'Azure, Gateway or Organization',
			name: 'hasMore',
			type: 'boolean',
			default: false,
			description:
				'Whether to use Azure OpenAI or a gateway, or to name an organization or a project',
		},
		{
			displayName: 'Kind',
			name: 'kind',
			type: 'options',
			options: [
				{
					name: 'OpenAI or Compatible Gateway',
					value: 'openAi',
					description: 'Sends the key as "Authorization: Bearer"',
				},
				{
					name: 'Azure OpenAI (v1 API)',
					value: 'azure',
					description: 'Sends the key as "api-key"; the model is the name of your deployment',
				},
			],
			default: 'openAi',
			displayOptions: { show: { hasMore: [true] } },
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'https://api.openai.com/v1',
			description: 'Change it only for a gateway that speaks the OpenAI Images API',
			displayOptions: { show: { hasMore: [true], kind: ['openAi'] } },
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://my-resource.openai.azure.com/openai/v1',
			description:
				'The v1 endpoint of your Azure OpenAI resource, or the target URI of a deployment',
			displayOptions: { show: { hasMore: [true], kind: ['azure'] } },
		},
		{
			displayName: 'Organization ID',
			name: 'organizationId',
			type: 'string',
			default: '',
			placeholder: 'e.g. org-AbC123',
			description: 'Only for keys that belong to several organizations',
			displayOptions: { show: { hasMore: [true], kind: ['openAi'] } },
		},
		{
			displayName: 'Project ID',
			name: 'projectId',
			type: 'string',
			default: '',
			placeholder: 'e.g. proj_AbC123',
			description: 'Only for keys that are not bound to one project',
			displayOptions: { show: { hasMore: [true], kind: ['openAi'] } },
		},
		{
			displayName: 'Extra Header Name',
			name: 'headerName',
			type: 'string',
			default: '',
			placeholder: 'e.g. X-Gateway-Key',
			description: 'One more header for a gateway in front of the API',
			displayOptions: { show: { hasMore: [true] } },
		},
		{
			displayName: 'Extra Header Value',
			name: 'headerSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { hasMore: [true] } },
		},
	];

	/**
	 * Adds the headers that identify the caller; empty fields add none. The test request goes where the node's go.
	 * Header names: OpenAI API reference, "Authentication"; Azure OpenAI v1 API.
	 *
	 * @throws UserError when the Base URL of a test request cannot be one
	 */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const text = (name: string) => String(credentials[name] ?? '').trim();
		const azure = credentials.kind === 'azure';
		const headers: Record<string, string> = {
			[azure ? 'api-key' : 'Authorization']: azure ? text('apiKey') : `Bearer ${text('apiKey')}`,
			'OpenAI-Organization': azure ? '' : text('organizationId'),
			'OpenAI-Project': azure ? '' : text('projectId'),
		};
		if (text('headerName')) headers[text('headerName')] = text('headerSecret');
		const filled = Object.entries(headers).filter(([, value]) => value !== '');
		return {
			...requestOptions,
			...(requestOptions.baseURL !== undefined && {
				baseURL: baseUrlOf(text('baseUrl'), azure),
				disableFollowRedirect: true,
			}),
			headers: { ...requestOptions.headers, ...Object.fromEntries(filled) },
		};
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl || "https://api.openai.com/v1" }}',
			url: '/models',
		},
		rules: Array.from({ length: 300 }, (_, index) => ({
			type: 'responseCode',
			properties: { value: 300 + index, message: explain(300 + index) },
		})),
	};
}

function baseUrlOf(text: string, isAzure: boolean): string {
	const found = readBaseUrl(text, isAzure);
	if ('url' in found) return found.url;
	throw new UserError(`${found.problem}. ${found.remedy}`);
}

/** Statuses that tell something of the credential. */
const TELLING: Record<number, string> = {
	401: 'The API key was not accepted. Copy it again from your OpenAI project, and check that it was not revoked and that it belongs to the organization and project given here.',
	402: 'The account has no credit left.',
	403: 'The key is valid but may not list models. Give it Read permission for Models, or check the region and project it is bound to.',
	404: 'No API answered at this Base URL. It usually ends in /v1, e.g. https://api.openai.com/v1.',
	405: 'What answered at this Base URL has no list of models. It usually ends in /v1.',
	407: 'A proxy in front of the API asks for a login; the n8n server has to give it (HTTPS_PROXY).',
	429: 'The API refused because of a rate limit, or because the account has no credit left.',
};

/** What a status says. All have words of ours: n8n would show the server's, which may repeat the key. */
function explain(status: number): string {
	const known = TELLING[status];
	if (known !== undefined) return known;
	if (status < 400) return 'The Base URL leads to another address. Set it to the final one.';
	return status < 500
		? `The API refused to list its models (status ${status}). Check the Base URL.`
		: `The API, or a proxy in front of it, had a fault (status ${status}). Try again in a few minutes.`;
}
