import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { toNodeError } from '../errors/toNodeError';
import { forAgent } from '../images/output/agentTool';
import { continues, errorItem } from '../images/output/errorItem';
import { readConnection } from '../openai/connection';
import type { Stop } from '../openai/retry/stop';
import type { BatchWork } from '../operations/operation';

/**
 * Works through the input items of an operation on batches, one after the other.
 *
 * @throws the first failure, unless the node is set to continue; the reason of the stop
 */
export async function runBatchOperation(
	context: IExecuteFunctions,
	stop: Stop,
	work: BatchWork,
): Promise<INodeExecutionData[]> {
	const connection = await readConnection(context);
	const session = { context, connection, stop };
	const items: INodeExecutionData[] = [];
	for (const itemIndex of context.getInputData().keys()) {
		let problem: unknown;
		try {
			items.push(...(await work(context, session, itemIndex)));
			continue;
		} catch (error) {
			problem = error;
		}
		if (stop.isReached) throw problem;
		const error = toNodeError(context, problem, itemIndex, connection.redactor);
		if (!continues(context)) throw forAgent(context, error);
		items.push(errorItem(context, forAgent(context, error), itemIndex));
	}
	return items;
}
