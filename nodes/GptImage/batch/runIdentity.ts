import type { IExecuteFunctions } from 'n8n-workflow';
import { agentToolOf } from '../images/output/agentTool';
import { hashOf } from './fingerprint';

/** Which run of the node it is, for the metadata of its batches. */
export interface RunIdentity {
	/** The same when n8n runs the execution again; `undefined` where n8n does not tell runs apart. */
	run?: string;
	workflow?: string;
	execution?: string;
	workflowName: string;
}

/**
 * Tells which run of the node this is: n8n's own number of the instance, the execution, the node, and which time the
 * execution is at the node (a loop comes by several times).
 */
export function identifyRun(context: IExecuteFunctions): RunIdentity {
	const { id: workflow, name: workflowName } = context.getWorkflow();
	const execution = context.getExecutionId() || undefined;
	const about = { workflow, execution, workflowName: workflowName ?? '' };
	// Some agents call a tool several times in what n8n counts as one run.
	if (execution === undefined || agentToolOf(context) !== undefined) return about;
	const parts = [context.getInstanceId(), workflow, execution, context.getNode().id];
	return { ...about, run: hashOf(...parts.map(String), runIndexOf(context)) };
}

function runIndexOf(context: IExecuteFunctions): string {
	return String(context.evaluateExpression('{{ $runIndex }}', 0));
}
