import { workflowId } from './binary';
import { Container } from '@n8n/di';
import { ExecutionLifecycleHooks, ExternalSecretsProxy } from 'n8n-core';
import {
	UnexpectedError,
	type ICredentialsHelper,
	type IWorkflowBase,
	type IWorkflowExecuteAdditionalData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

const n8n = 'http://localhost:5678';
let executions = 0;

async function unavailable(): Promise<never> {
	throw new UnexpectedError('The engine of the tests runs neither sub-workflows nor task runners');
}

/**
 * What n8n's server gives to each execution: its URLs, credentials and hooks, under a new execution
 * id. Nothing here talks to a server.
 */
export function additionalData(
	credentialsHelper: ICredentialsHelper,
	mode: WorkflowExecuteMode,
	workflow: Partial<IWorkflowBase> = {},
): IWorkflowExecuteAdditionalData & { hooks: ExecutionLifecycleHooks } {
	const executionId = String(++executions);
	const created = new Date();
	return {
		credentialsHelper,
		executionId,
		workflowId,
		hooks: new ExecutionLifecycleHooks(mode, executionId, {
			name: 'Engine',
			active: false,
			isArchived: false,
			createdAt: created,
			updatedAt: created,
			nodes: [],
			connections: {},
			activeVersionId: null,
			...workflow,
			id: workflowId,
		}),
		externalSecretsProxy: Container.get(ExternalSecretsProxy),
		currentNodeExecutionIndex: 0,
		variables: {},
		restApiUrl: `${n8n}/rest`,
		instanceBaseUrl: n8n,
		formBaseUrl: `${n8n}/form`,
		formWaitingBaseUrl: `${n8n}/form-waiting`,
		formTestBaseUrl: `${n8n}/form-test`,
		webhookBaseUrl: `${n8n}/webhook`,
		webhookWaitingBaseUrl: `${n8n}/webhook-waiting`,
		webhookTestBaseUrl: `${n8n}/webhook-test`,
		mcpBaseUrl: `${n8n}/mcp`,
		mcpTestBaseUrl: `${n8n}/mcp-test`,
		logAiEvent() {},
		getRunExecutionData: async () => undefined,
		getRuntimeCredential: async () => undefined,
		executeWorkflow: unavailable,
		startRunnerTask: unavailable,
	};
}
