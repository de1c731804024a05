import type { ICredentialType } from 'n8n-workflow';
import { inputFields, prepareWorkflow } from '../engine';
import { MODEL, PROMPT, type Prepare } from '../job';
import { instantiate, vendorStep } from './vendor';

const NODE = '@n8n/n8n-nodes-langchain/dist/nodes/vendors/OpenAi/OpenAi.node.js';
const CREDENTIAL = 'n8n-nodes-base/dist/credentials/OpenAiApi.credentials.js';

/** n8n's built-in OpenAI node, Image: Generate or Edit. */
export const prepare: Prepare = async (job) => {
	const { operation, n, url, apiKey } = job;
	const node = await vendorStep(NODE, 'OpenAi', {
		resource: 'image',
		operation,
		modelId: { __rl: true, mode: 'id', value: MODEL },
		prompt: PROMPT,
		...(operation === 'edit' && {
			n,
			size: 'auto',
			images: { values: inputFields(job).map((name) => ({ binaryPropertyName: name })) },
		}),
	});
	const type = await instantiate(CREDENTIAL, 'OpenAiApi');
	if (!isCredentialType(type)) throw new Error(`${CREDENTIAL} has no credential type`);
	return await prepareWorkflow(job, [node], { type, data: { apiKey, url } });
};

function isCredentialType(value: unknown): value is ICredentialType {
	return typeof value === 'object' && value !== null && 'authenticate' in value;
}
