import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { openAiImagesApi } from '../../../test/harness/package';
import { prepareWorkflow } from '../engine';
import { MODEL, PROMPT, type Prepare } from '../job';

const KEY = '"b64_json":"';

/**
 * The least that a node of n8n can do: n8n's HTTP with n8n's credential, n8n's binary store, some items at once, and
 * no care for anything. What it takes beside the bare script is n8n's.
 */
class Least implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Least',
		name: 'least',
		group: ['transform'],
		version: 1,
		description: 'Makes images without any care',
		defaults: { name: 'Least' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'openAiImagesApi', required: true }],
		// As many at once as this node by default.
		properties: [{ displayName: 'Concurrency', name: 'concurrency', type: 'number', default: 5 }],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { baseUrl } = await this.getCredentials('openAiImagesApi');
		const concurrency = Number(this.getNodeParameter('concurrency', 0));
		const made: INodeExecutionData[] = [];
		const queue = this.getInputData().keys();
		const worker = async () => {
			for (const item of queue) made[item] = await imageItem(this, String(baseUrl), item);
		};
		await Promise.all(Array.from({ length: concurrency }, worker));
		return [made];
	}
}

async function imageItem(
	context: IExecuteFunctions,
	baseUrl: string,
	item: number,
): Promise<INodeExecutionData> {
	const answer: { body: AsyncIterable<Buffer> } =
		await context.helpers.httpRequestWithAuthentication.call(context, 'openAiImagesApi', {
			method: 'POST',
			url: `${baseUrl}/images/generations`,
			body: { model: MODEL, prompt: PROMPT },
			encoding: 'stream',
			returnFullResponse: true,
		});
	const chunks: Buffer[] = [];
	for await (const chunk of answer.body) chunks.push(chunk);
	const text = Buffer.concat(chunks).toString('latin1');
	const from = text.indexOf(KEY) + KEY.length;
	const bytes = Buffer.from(text.slice(from, text.indexOf('"', from)), 'base64');
	const data = await context.helpers.prepareBinaryData(bytes, `${item}.png`, 'image/png');
	return { json: {}, binary: { data }, pairedItem: { item } };
}

export const prepare: Prepare = async (job) => {
	const { apiKey, url, concurrency } = job;
	const parameters = { ...(concurrency !== undefined && { concurrency }) };
	return await prepareWorkflow(job, [{ nodeType: new Least(), version: 1, parameters }], {
		type: openAiImagesApi,
		data: { apiKey, hasMore: true, baseUrl: url },
	});
};
