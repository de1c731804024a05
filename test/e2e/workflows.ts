import type {
	IConnections,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	IRunExecutionData,
} from 'n8n-workflow';

/** How nodes name a credential. */
export interface CredentialReference {
	id: string;
	name: string;
}

/** A workflow as files of the editor have it. */
export interface WorkflowJson {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: object;
}

/** A workflow that n8n has stored. */
export interface CreatedWorkflow extends WorkflowJson {
	id: string;
	versionId: string;
}

interface ExecutionFacts {
	id: string;
	/** `new`, `running`, `waiting`, `success`, `error`, `canceled` or `crashed`. */
	status: string;
	mode: string;
}

/** An execution as the REST API answers it: its data is text. */
export interface StoredExecution extends ExecutionFacts {
	data?: string;
}

/** An execution with its data. */
export interface Execution extends ExecutionFacts {
	data: Pick<IRunExecutionData, 'resultData'>;
}

/** What is told of a node; the rest has defaults. */
export type NodeOptions = Partial<INode> & { parameters?: INodeParameters };

/** A chain: each of its nodes goes into the next; a list of nodes in it hangs on the outputs 0, 1, … */
export type Chain = Array<INode | Array<INode | undefined>>;

/** A node of any type. Its ID is its name. */
export function node(name: string, type: string, options: NodeOptions = {}): INode {
	return {
		id: name.toLowerCase().replaceAll(' ', '-'),
		name,
		type: type.includes('.') ? type : `n8n-nodes-base.${type}`,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		...options,
	};
}

/** The type of the package's node. */
export const GPT_IMAGE = 'n8n-nodes-gpt-image.gptImage';

/** A GPT Image node. A plain `model` is an ID; without one it has the node's default. */
export function gptImage(
	name: string,
	credential: CredentialReference,
	parameters: INodeParameters,
	options: NodeOptions = {},
): INode {
	return node(name, GPT_IMAGE, {
		parameters: {
			model: { __rl: true, mode: 'id', value: 'gpt-image-2' },
			size: '1024x1024',
			...parameters,
		},
		credentials: { openAiImagesApi: credential },
		...options,
	});
}

/** A webhook node under its path, answered by a Respond to Webhook node. */
export function webhook(path: string, options: NodeOptions = {}): INode {
	return node('Webhook', 'webhook', {
		typeVersion: 2,
		webhookId: path,
		...options,
		parameters: {
			httpMethod: 'POST',
			path,
			responseMode: 'responseNode',
			options: {},
			...options.parameters,
		},
	});
}

/** Answers the webhook with the image of the first item, and its file name, which n8n does not add. */
export function respondWithImage(): INode {
	const header = {
		name: 'Content-Disposition',
		value: '=attachment; filename="{{ $binary.data.fileName }}"',
	};
	return node('Respond to Webhook', 'respondToWebhook', {
		typeVersion: 1.1,
		parameters: {
			respondWith: 'binary',
			responseDataSource: 'set',
			inputFieldName: 'data',
			options: { responseHeaders: { entries: [header] } },
		},
	});
}

/** A workflow of one or several chains; a node may be in several of them. */
export function workflow(name: string, ...chains: Chain[]): WorkflowJson {
	const nodes = new Map<string, INode>();
	const connections: IConnections = {};
	for (const chain of chains) {
		chain.forEach((link, column) => {
			const before = chain[column - 1];
			[link].flat().forEach((each, output) => {
				if (!each) return;
				nodes.set(each.name, { ...each, position: [column * 220, output * 180] });
				if (!before || Array.isArray(before)) return;
				connect(connections, before.name, each.name, Array.isArray(link) ? output : 0);
			});
		});
	}
	return { name, nodes: [...nodes.values()], connections, settings: { executionOrder: 'v1' } };
}

function connect(connections: IConnections, from: string, to: string, output: number): void {
	const outputs = (connections[from] ??= { main: [] });
	const main = (outputs.main ??= []);
	while (main.length <= output) main.push([]);
	main[output]?.push({ node: to, type: 'main', index: 0 });
}

/** The items that a node put out in an execution, all runs together. */
export function itemsOf({ data }: Execution, name: string, output = 0): INodeExecutionData[] {
	const runs = data.resultData.runData[name] ?? [];
	return runs.flatMap((run) => run.data?.main?.[output] ?? []);
}

/** A Code node that puts out items with these JSON objects. */
export function itemsNode(name: string, items: IDataObject[]): INode {
	return node(name, 'code', {
		typeVersion: 2,
		parameters: { jsCode: `return ${JSON.stringify(items.map((json) => ({ json })))};` },
	});
}
