import { workflowId } from './binary';
import { ExecuteContext, RoutingNode } from 'n8n-core';
import {
	createEmptyRunExecutionData,
	NodeConnectionTypes,
	UnexpectedError,
	Workflow,
	type ICredentialDataDecryptedObject,
	type ICredentialTestRequest,
	type ICredentialType,
	type INode,
	type INodeCredentialTestResult,
	type INodeType,
} from 'n8n-workflow';
import { additionalData } from './additionalData';
import { EngineCredentials, withDefaults } from './credentials';
import { onlyType, openAiImagesApi } from './package';

/**
 * Presses "Test" on a credential: n8n's RoutingNode sends the type's test request, and the answer
 * is read as n8n's server reads it (n8n 2.41.1, services/credentials-tester.service.js).
 */
export async function testCredential(
	data: ICredentialDataDecryptedObject,
	type: ICredentialType = openAiImagesApi,
): Promise<INodeCredentialTestResult> {
	if (!type.test) throw new UnexpectedError(`${type.name} has no test`);
	const decrypted = withDefaults(type, data);
	const nodeType = routedNode(type, type.test);
	const node: INode = {
		id: 'temp',
		name: 'Temp-Node',
		type: nodeType.description.name,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { [type.name]: { id: 'credential', name: 'Account' } },
	};
	const mode = 'internal';
	const context = new ExecuteContext(
		new Workflow({
			id: workflowId,
			active: false,
			nodes: [node],
			connections: {},
			nodeTypes: onlyType(nodeType),
		}),
		node,
		additionalData(new EngineCredentials(() => type, decrypted), mode),
		mode,
		createEmptyRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
	const credential = { id: 'credential', name: 'Account', type: type.name, data: decrypted };
	return await new RoutingNode(context, nodeType, credential).runNode().then(
		() => ({ status: 'OK', message: 'Connection successful!' }),
		(error: unknown) => ({ status: 'Error', message: explain(error, type.test) }),
	);
}

/** n8n's no-operation node with the test request in place of its properties. */
function routedNode({ name }: ICredentialType, { request }: ICredentialTestRequest): INodeType {
	return {
		description: {
			displayName: 'No Operation',
			name: 'noOp',
			group: ['organization'],
			version: 1,
			description: 'No Operation',
			defaults: { name: 'No Operation' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name, required: true }],
			properties: [
				{ displayName: 'Temp', name: 'temp', type: 'string', default: '', routing: { request } },
			],
		},
	};
}

function explain(error: unknown, test?: ICredentialTestRequest): string {
	if (!(error instanceof Error)) return String(error);
	const cause: unknown = error.cause;
	if (typeof cause !== 'object' || cause === null) return error.message;
	if ('response' in cause && isStatus(cause.response)) {
		const { status, statusText } = cause.response;
		const rule = test?.rules?.find(
			({ type, properties }) => type === 'responseCode' && properties.value === status,
		);
		return rule?.properties.message ?? (statusText || `Received HTTP status code: ${status}`);
	}
	return 'code' in cause ? String(cause.code) : error.message;
}

function isStatus(response: unknown): response is { status: number; statusText: string } {
	return typeof response === 'object' && response !== null && 'status' in response;
}
