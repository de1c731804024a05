import { binaryStoreReady, workflowId } from './binary';
import { isEngineRequest, WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	UnexpectedError,
	Workflow,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type IWorkflowSettings,
	type NodeExecutionHint,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { additionalData } from './additionalData';
import { EngineCredentials } from './credentials';
import { gptImage, newNode, onlyType, openAiImagesApi } from './package';

export interface NodeRun {
	parameters?: INodeParameters;
	/** Decrypted credential; without it the node has none. */
	credentials?: ICredentialDataDecryptedObject;
	/** Input, by default one empty item. */
	items?: INodeExecutionData[];
	/** Settings of the node: name, onError, executeOnce, … (retryOnFail needs `runWorkflow`). */
	node?: Partial<INode>;
	/** Aborts when the user stops the execution. */
	signal?: AbortSignal;
	mode?: WorkflowExecuteMode;
	settings?: IWorkflowSettings;
	nodeType?: INodeType;
	credentialType?: ICredentialType;
}

export interface NodeRunResult {
	/** The items of the first output. */
	items: INodeExecutionData[];
	outputs: INodeExecutionData[][];
	hints: NodeExecutionHint[];
}

/**
 * Runs one node as n8n's engine runs it: defaults filled in, hidden fields dropped, expressions,
 * HTTP, credentials and binary store all n8n's own. Runs GptImage unless told otherwise.
 * Throws what the node throws.
 */
export async function runNode(run: NodeRun = {}): Promise<NodeRunResult> {
	const { nodeType = gptImage, credentialType = openAiImagesApi, mode = 'manual' } = run;
	await binaryStoreReady();
	const node = {
		...newNode(nodeType, run.credentials !== undefined),
		parameters: run.parameters ?? {},
		...run.node,
	};
	const workflow = new Workflow({
		id: workflowId,
		active: false,
		nodes: [node],
		connections: {},
		nodeTypes: onlyType(nodeType),
		settings: { executionOrder: 'v1', ...run.settings },
	});
	const data = additionalData(new EngineCredentials(() => credentialType, run.credentials), mode);
	const engine = new WorkflowExecute(data, mode);
	const input = { node, data: { main: [run.items ?? [{ json: {} }]] }, source: null };
	const runData = createRunExecutionData();
	const result = await engine.runNode(workflow, input, runData, 0, data, mode, run.signal);
	if (isEngineRequest(result))
		throw new UnexpectedError('The node asked for other nodes to be run');
	const outputs = result.data ?? [];
	return { items: outputs[0] ?? [], outputs, hints: result.hints ?? [] };
}
