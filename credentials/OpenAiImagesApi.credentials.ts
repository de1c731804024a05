import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

export class OpenAiImagesApi implements ICredentialType {
	name = 'openAiImagesApi';

	displayName = 'OpenAI Images API';

	icon = {
		light: 'file:../icons/gptImage.svg',
		dark: 'file:../icons/gptImage.dark.svg',
	} as const;

	documentationUrl = 'https://platform.openai.com/docs/api-reference/authentication';

	properties: INodeProperties[] = [
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
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'Create one in your OpenAI project under API keys. A restricted key needs Write for Images and Read for Models.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'https://api.openai.com/v1',
			description: 'Change it only for a gateway that speaks the OpenAI Images API',
			displayOptions: { show: { kind: ['openAi'] } },
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://my-resource.openai.azure.com/openai/v1',
			description: 'The v1 endpoint of your Azure OpenAI resource',
			displayOptions: { show: { kind: ['azure'] } },
		},
		{
			displayName: 'Organization ID',
			name: 'organizationId',
			type: 'string',
			default: '',
			placeholder: 'e.g. org-AbC123',
			description: 'Only for keys that belong to several organizations',
			displayOptions: { show: { kind: ['openAi'] } },
		},
		{
			displayName: 'Project ID',
			name: 'projectId',
			type: 'string',
			default: '',
			placeholder: 'e.g. proj_AbC123',
			description: 'Only for keys that are not bound to one project',
			displayOptions: { show: { kind: ['openAi'] } },
		},
		{
			displayName: 'Extra Header Name',
			name: 'headerName',
			type: 'string',
			default: '',
			placeholder: 'e.g. X-Gateway-Key',
			description: 'One more header for a gateway in front of the API',
		},
		{
			displayName: 'Extra Header Value',
			name: 'headerSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
		},
	];

	/**
	 * Adds the headers that identify the caller; empty fields add none.
	 * Header names: OpenAI API reference, "Authentication"; Azure OpenAI v1 API.
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
			headers: { ...requestOptions.headers, ...Object.fromEntries(filled) },
		};
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL:
				'={{ ($credentials.baseUrl || "https://api.openai.com/v1").trim().replace(/\\/+$/, "") }}',
			url: '/models',
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'The API key was not accepted. Copy it again from your OpenAI project, and check that it was not revoked and that it belongs to the organization and project given here.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message:
						'The key is valid but may not list models. Give it Read permission for Models, or check the region and project it is bound to.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message:
						'No API answered at this Base URL. It usually ends in /v1, e.g. https://api.openai.com/v1.',
				},
			},
		],
	};
}
