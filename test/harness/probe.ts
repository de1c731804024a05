import {
	NodeConnectionTypes,
	type ICredentialType,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

/** A credential with every part the engine has to apply: a default, `authenticate` and a test. */
export const probeApi: ICredentialType = {
	name: 'probeApi',
	displayName: 'Probe API',
	properties: [
		{ displayName: 'Key', name: 'apiKey', type: 'string', default: '' },
		{ displayName: 'Path', name: 'path', type: 'string', default: '/echo' },
		{ displayName: 'URL', name: 'baseUrl', type: 'string', default: '' },
	],
	authenticate: async ({ apiKey }, options: IHttpRequestOptions) => ({
		...options,
		headers: { ...options.headers, 'x-probe-key': String(apiKey) },
	}),
	test: {
		request: { baseURL: '={{ $credentials.baseUrl }}', url: '={{ $credentials.path }}' },
		rules: [
			{ type: 'responseCode', properties: { value: 401, message: 'The key was not accepted' } },
		],
	},
};

/** A node that shows what the engine gives it: it posts its parameters and stores the answer. */
export class Probe implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Probe',
		name: 'probe',
		group: ['transform'],
		version: [1, 2],
		description: 'Posts its parameters',
		defaults: { name: 'Probe' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'probeApi', required: true }],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				options: [
					{ name: 'Say', value: 'say' },
					{ name: 'Whisper', value: 'whisper' },
				],
				default: 'say',
			},
			{ displayName: 'Text', name: 'text', type: 'string', default: 'Hello' },
			{
				displayName: 'Ear',
				name: 'ear',
				type: 'string',
				default: 'left',
				displayOptions: { show: { operation: ['whisper'] } },
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				default: {},
				options: [
					{ displayName: 'Loud', name: 'loud', type: 'boolean', default: false },
					{
						displayName: 'Secret',
						name: 'secret',
						type: 'boolean',
						default: true,
						displayOptions: { show: { '/operation': ['whisper'] } },
					},
				],
			},
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { baseUrl, path } = await this.getCredentials<{ baseUrl: string; path: string }>(
			'probeApi',
		);
		this.addExecutionHints({ message: 'A probe ran' });
		const say = async (_: INodeExecutionData, index: number): Promise<INodeExecutionData> => {
			const body: unknown = await this.helpers.httpRequestWithAuthentication.call(
				this,
				'probeApi',
				{
					method: 'POST',
					url: baseUrl + path,
					body: {
						operation: this.getNodeParameter('operation', index),
						text: this.getNodeParameter('text', index),
						ear: this.getNodeParameter('ear', index, 'not shown'),
					},
					encoding: 'arraybuffer',
				},
			);
			const answer = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
			return {
				json: { item: index },
				binary: { data: await this.helpers.prepareBinaryData(answer, 'answer.json', 'a/json') },
				pairedItem: { item: index },
			};
		};
		return [await Promise.all(this.getInputData().map(say))];
	}
}
