import { binaryStoreReady, workflowId } from './binary';
import { WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	jsonParse,
	Workflow,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IConnections,
	type IExecuteResponsePromiseData,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type IPinData,
	type IRun,
	type IRunExecutionData,
	type ITaskData,
	type IWorkflowSettings,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { fs } from '../node';
import { additionalData } from './additionalData';
import { EngineCredentials } from './credentials';
import { packageName } from './package';
import { EngineNodeTypes } from './nodeTypes';
import { toResponse, type Response } from './responses';
import { triggers, type Received } from './triggers';

/** A workflow as n8n exports it. */
export interface WorkflowFile {
	name?: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	/** Items that a node puts out without running, by its name; for executions by hand only. */
	pinData?: IPinData;
}

export interface WorkflowOptions {
	/** Decrypted credential of every node that has one. */
	credentials?: ICredentialDataDecryptedObject;
	/** Those of other types than ours, by type. */
	otherCredentials?: Record<string, ICredentialDataDecryptedObject>;
	/** What the trigger receives; it makes of it the item that the real trigger makes. */
	received?: Received;
	/** The trigger's items as they are, instead of `received`. */
	items?: INodeExecutionData[];
	/** Parameters to replace, by node name. */
	parameters?: Record<string, INodeParameters>;
	/** Stops the execution, as the user does in the editor. */
	signal?: AbortSignal;
	/** By default the mode in which n8n starts such a trigger. */
	mode?: WorkflowExecuteMode;
	onNodeStart?(name: string): void;
	onNodeEnd?(name: string, data: ITaskData): void;
	/** Further node types, by full name, and the credential type they use. */
	nodeTypes?: Record<string, INodeType>;
	credentialType?: ICredentialType;
}

export interface WorkflowResult {
	run: IRun;
	responses: Response[];
	/** The items that a node's last run put out. Throws when it failed or never ran. */
	items(node: string, output?: number): INodeExecutionData[];
	/** Sends in the page of a form that the execution waits for. Throws when it waits for none. */
	submit(received: Received): Promise<WorkflowResult>;
}

/**
 * Runs a workflow, an object or the path of its JSON file, through n8n's `WorkflowExecute`: our
 * node as n8n's loader finds it in the built package, n8n's own nodes as stand-ins. A node that
 * fails does not throw: see `run.status` and `run.data.resultData.error`.
 */
export async function runWorkflow(
	source: WorkflowFile | string,
	options: WorkflowOptions = {},
): Promise<WorkflowResult> {
	const file = typeof source === 'string' ? await readWorkflow(source) : source;
	const types = await EngineNodeTypes.load(options.nodeTypes);
	await binaryStoreReady();
	const workflow = new Workflow({
		id: workflowId,
		name: file.name,
		active: false,
		nodes: file.nodes.map((node) => withParameters(node, options.parameters?.[node.name])),
		connections: file.connections,
		nodeTypes: types,
		settings: { executionOrder: 'v1', ...file.settings },
	});
	const { node, mode, items } = await start(workflow, options);
	const credentials = new EngineCredentials(
		(name) => options.credentialType ?? types.credentialType(name),
		options.credentials,
		options.otherCredentials,
	);
	const execute = async (executionData: IRunExecutionData): Promise<WorkflowResult> => {
		const data = additionalData(credentials, mode, file);
		const sent: IExecuteResponsePromiseData[] = [];
		data.hooks.addHandler('sendResponse', (response) => void sent.push(response));
		data.hooks.addHandler('nodeExecuteBefore', (name) => options.onNodeStart?.(name));
		data.hooks.addHandler('nodeExecuteAfter', (name, task) => options.onNodeEnd?.(name, task));
		const engine = new WorkflowExecute(data, mode, executionData);
		const execution = engine.processRunExecutionData(workflow);
		const stop = () => execution.cancel();
		if (options.signal?.aborted) stop();
		options.signal?.addEventListener('abort', stop);
		const run = await execution.finally(() => options.signal?.removeEventListener('abort', stop));
		return {
			run,
			responses: await Promise.all(sent.map(toResponse)),
			items: (name, output) => itemsOf(run, name, output),
			submit: async (received) => await execute(await submitted(run, received)),
		};
	};
	return await execute(
		createRunExecutionData({
			executionData: { nodeExecutionStack: [{ node, data: { main: [items] }, source: null }] },
			...(mode === 'manual' && file.pinData && { resultData: { pinData: file.pinData } }),
		}),
	);
}

function itemsOf(run: IRun, name: string, output = 0): INodeExecutionData[] {
	const data = run.data.resultData.runData[name]?.at(-1)?.data;
	const outcome = run.data.resultData.error?.message ?? run.status;
	if (!data) throw new Error(`The node "${name}" put out nothing: ${outcome}`);
	return data.main?.[output] ?? [];
}

/**
 * What n8n's server makes of a waiting execution when the page of a form is sent in: the waiting node
 * puts out what was entered (n8n 2.41.1, webhook-helpers.js, prepareExecutionData).
 */
async function submitted(run: IRun, received: Received): Promise<IRunExecutionData> {
	const [waiting] = run.data.executionData?.nodeExecutionStack ?? [];
	const page = triggers['n8n-nodes-base.formTrigger'];
	if (run.status !== 'waiting' || !waiting || !page) throw new Error(`It is ${run.status}`);
	const { json = {}, files = {} } = received;
	waiting.data.main = [[await page.item({ json, files }, waiting.node)]];
	waiting.metadata = { ...waiting.metadata, forwardAllOutputs: true };
	return run.data;
}

/** Reads a workflow as exported by n8n. */
export async function readWorkflow(file: string): Promise<WorkflowFile> {
	return jsonParse<WorkflowFile>(await fs.promises.readFile(file, 'utf8'));
}

function withParameters(node: INode, parameters: INodeParameters = {}): INode {
	return { ...node, parameters: { ...node.parameters, ...parameters } };
}

/** The trigger, and what n8n's server puts in front of it when the trigger goes off. */
async function start(workflow: Workflow, { received, items, mode }: WorkflowOptions) {
	const nodes = Object.values(workflow.nodes);
	// In an execution by hand the engine polls by itself.
	const poller = nodes.find(({ type }) => type === `${packageName}.gptImageTrigger`);
	if (poller) return { node: poller, mode: 'manual' as const, items: [{ json: {} }] };
	const node = nodes.find(({ type, disabled }) => type in triggers && !disabled);
	const trigger = node && triggers[node.type];
	if (!trigger) throw new Error('The workflow has no trigger that the engine of the tests knows');
	const json = received?.json ?? {};
	const files = received?.files ?? {};
	return {
		node,
		mode: mode ?? trigger.mode,
		items: items ?? [await trigger.item({ json, files }, node)],
	};
}
