import { additionalData } from '../../test/harness/additionalData';
import { binaryStoreReady, storeBinary, workflowId } from '../../test/harness/binary';
import { EngineCredentials } from '../../test/harness/credentials';
import { WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	NodeConnectionTypes,
	NodeHelpers,
	Workflow,
	type IBinaryKeyData,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IHttpRequestOptions,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type IRequestOptionsSimplified,
	type IVersionedNodeType,
} from 'n8n-workflow';
import { fs } from '../../test/node';
import type { Job, Prepare } from './job';

/** A node of the chain that is measured. */
export interface Step {
	nodeType: INodeType | IVersionedNodeType;
	version: number;
	parameters: INodeParameters;
}

export interface Account {
	type: ICredentialType;
	data: ICredentialDataDecryptedObject;
}

const MODE = 'trigger';

/**
 * Prepares a chain of nodes for n8n's `WorkflowExecute`; every item that comes in has the input image
 * in as many binary fields as the job says.
 *
 * @param steps the nodes, one after the other
 * @returns runs the workflow: the sizes of the files that the last node passes on, in its field `data`
 */
export async function prepareWorkflow(
	job: Job,
	steps: Step[],
	account: Account | undefined,
): ReturnType<Prepare> {
	await binaryStoreReady();
	const isEdit = job.operation === 'edit' || (job.operation === 'submit' && job.mask !== undefined);
	const binary = isEdit ? await storeInputs(job) : undefined;
	const items = Array.from(
		{ length: job.items },
		(): INodeExecutionData => ({
			json: {},
			...(binary && { binary }),
		}),
	);
	const workflow = toWorkflow(steps, account);
	const first = workflow.getNode('step 0');
	const last = `step ${steps.length - 1}`;
	if (!first) throw new Error('There is no node to start with');
	return async () => {
		const credentials = new BenchCredentials(() => account?.type ?? noType(), account?.data);
		const start = { node: first, data: { main: [items] }, source: null };
		const run = await new WorkflowExecute(
			additionalData(credentials, MODE),
			MODE,
			createRunExecutionData({ executionData: { nodeExecutionStack: [start] } }),
		).processRunExecutionData(workflow);
		const { error, runData } = run.data.resultData;
		if (error) throw new Error([error.message, error.description].join(' '));
		const made = runData[last]?.[0]?.data?.main?.[0] ?? [];
		return made.map((item) => item.binary?.data?.bytes ?? 0);
	};
}

/** Names of the binary fields with the input images. */
export const inputFields = ({ inputs }: Job) =>
	Array.from({ length: inputs }, (_, index) => `image${index}`);

async function storeInputs(job: Job): Promise<IBinaryKeyData> {
	const stored = await storeBinary(fs.readFileSync(job.input), 'input.png', 'image/png');
	return Object.fromEntries(inputFields(job).map((name) => [name, stored]));
}

function toWorkflow(steps: Step[], account: Account | undefined): Workflow {
	const types = new Map(steps.map(({ nodeType }, index) => [`bench.step${index}`, nodeType]));
	const find = (type: string) => {
		const found = types.get(type);
		if (!found) throw new Error(`Unknown node type ${type}`);
		return found;
	};
	return new Workflow({
		id: workflowId,
		active: false,
		nodes: steps.map(({ version, parameters }, index) => ({
			id: String(index),
			name: `step ${index}`,
			type: `bench.step${index}`,
			typeVersion: version,
			position: [0, 0],
			parameters,
			...(account && { credentials: { [account.type.name]: { id: '1', name: 'Account' } } }),
		})),
		connections: Object.fromEntries(
			steps.slice(1).map((_, index) => [
				`step ${index}`,
				{
					main: [[{ node: `step ${index + 1}`, type: NodeConnectionTypes.Main, index: 0 }]],
				},
			]),
		),
		nodeTypes: {
			getByName: find,
			getByNameAndVersion: (type, version) => NodeHelpers.getVersionedNodeType(find(type), version),
			getKnownTypes: () => ({}),
		},
		settings: { executionOrder: 'v1' },
	});
}

/** Also signs requests in the older form that n8n's own nodes still use, with `uri` for `url`. */
class BenchCredentials extends EngineCredentials {
	override async authenticate(
		data: ICredentialDataDecryptedObject,
		typeName: string,
		request: IHttpRequestOptions | IRequestOptionsSimplified,
	): Promise<IHttpRequestOptions> {
		const url = 'url' in request ? request.url : String(Reflect.get(request, 'uri'));
		return await super.authenticate(data, typeName, { ...request, url });
	}
}

function noType(): never {
	throw new Error('The node has no credential');
}
