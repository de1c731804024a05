import { NodeOperationError, type INodeExecutionData, type IPollFunctions } from 'n8n-workflow';
import { toNodeError } from '../errors/toNodeError';
import type { Batch } from '../openai/batches';
import type { ApiSession } from '../openai/callApi';
import { readConnection } from '../openai/connection';
import { Stop } from '../openai/retry/stop';
import { describeBatch } from './describeBatch';
import { isNamed, lookForEnded, newestEnded, readSeen } from './finishedBatches';

/**
 * What the trigger does at each poll: one item for each batch that has ended since the last one. By hand the newest
 * one comes out, whether it was told before or not.
 *
 * @returns `null` when there is none
 * @throws NodeApiError when batches cannot be listed; by hand, NodeOperationError when there is none
 */
export async function pollForEnded(
	context: IPollFunctions,
): Promise<INodeExecutionData[][] | null> {
	const connection = await readConnection(context);
	const session = { context, connection, stop: new Stop() };
	const name = String(context.getNodeParameter('batchName', '') ?? '').trim();
	const states: unknown = context.getNodeParameter('states');
	const isWanted = (batch: Batch) =>
		Array.isArray(states) && states.includes(batch.status) && isNamed(batch, name);
	let problem: unknown;
	try {
		const batches =
			context.getMode() === 'manual'
				? [await newestEnded(session, isWanted)]
				: await endedSince(context, session);
		const wanted = batches.filter((batch) => batch !== undefined).filter(isWanted);
		const items = wanted.map((batch) => ({ json: describeBatch(batch, connection.redactor) }));
		if (items.length > 0) return [items];
	} catch (error) {
		problem = error;
	}
	if (problem !== undefined) throw toNodeError(context, problem, undefined, connection.redactor);
	if (context.getMode() !== 'manual') return null;
	throw new NodeOperationError(context.getNode(), 'No batch is finished yet', {
		description:
			'Submit one with the GPT Image node (Delivery: Batch) and wait till it is finished, or check Batch Name and States.',
	});
}

/** Batches that were not wanted are not told later either. */
async function endedSince(context: IPollFunctions, session: ApiSession): Promise<Batch[]> {
	const memory = context.getWorkflowStaticData('node');
	const { ended, seen } = await lookForEnded(session, readSeen(memory));
	Object.assign(memory, seen);
	return ended;
}
