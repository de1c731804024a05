import { binaryStoreReady, workflowId } from './binary';
import { PollContext } from 'n8n-core';
import {
	Workflow,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INodeExecutionData,
	type INodeParameters,
} from 'n8n-workflow';
import { additionalData } from './additionalData';
import { EngineCredentials } from './credentials';
import { gptImageTrigger, newNode, onlyType, openAiImagesApi } from './package';

export interface Poll {
	credentials?: ICredentialDataDecryptedObject;
	parameters?: INodeParameters;
	/** What n8n has stored for the node after the last poll. */
	staticData?: IDataObject;
	/** `manual` fetches a test event. */
	mode?: 'manual' | 'trigger';
}

export interface PollResult {
	/** `null` when there was nothing new. */
	items: INodeExecutionData[] | null;
	/** What n8n stores for the node now. */
	staticData: IDataObject;
}

/** Polls the trigger once, as n8n's server does. Throws what it throws. */
export async function runPoll({
	credentials,
	parameters = {},
	staticData = {},
	mode = 'trigger',
}: Poll): Promise<PollResult> {
	await binaryStoreReady();
	const node = { ...newNode(gptImageTrigger, credentials !== undefined), parameters };
	const workflow = new Workflow({
		id: workflowId,
		active: mode === 'trigger',
		nodes: [node],
		connections: {},
		nodeTypes: onlyType(gptImageTrigger),
		staticData: { [`node:${node.name}`]: { ...staticData } },
	});
	const data = additionalData(new EngineCredentials(() => openAiImagesApi, credentials), mode);
	const context = new PollContext(workflow, node, data, mode, 'activate');
	const output = await gptImageTrigger.poll?.call(context);
	const stored: IDataObject = JSON.parse(JSON.stringify(workflow.getStaticData('node', node)));
	return { items: output?.[0] ?? null, staticData: stored };
}
