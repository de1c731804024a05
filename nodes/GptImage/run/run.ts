import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { forAgent } from '../images/output/agentTool';
import { takesAllItems } from '../operations/parameters/images';
import { canMakeLinks } from '../images/output/link';
import { readConnection } from '../openai/connection';
import { toNodeError } from '../errors/toNodeError';
import { Stop } from '../openai/retry/stop';
import { Budget } from '../cost/budget';
import { continues, errorItem } from '../images/output/errorItem';
import { ItemRun } from './itemRun';
import { mapConcurrent } from './mapConcurrent';
import { RateLimiter } from '../openai/retry/rateLimiter';
import { findOperation } from './buildRequest';
import { CostEstimator } from '../cost/estimator';
import { Series } from './series';
import { readRunSettings } from '../operations/parameters/itemSettings';

/**
 * Runs the node over all its input items, several at a time. Order and pairing of the items are kept.
 *
 * @returns the items of the images; for a failed item, when the node is set to continue, one with `error`
 * @throws NodeApiError or NodeOperationError of the first failure, unless the node is set to continue;
 *   the requests under way are awaited first, no other is started
 */
export async function run(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const signal = context.getExecutionCancelSignal();
	const execution = new Stop();
	const stop = () => execution.reach(signal?.reason);
	if (signal?.aborted) stop();
	signal?.addEventListener('abort', stop, { once: true });
	let problem: unknown;
	try {
		return [await runItems(context, execution)];
	} catch (error) {
		problem = error;
	} finally {
		signal?.removeEventListener('abort', stop);
	}
	// What is wrong for all items: n8n would pass the input on as if it were the output.
	const error = forAgent(context, toNodeError(context, problem, 0, []));
	if (execution.isReached || !continues(context)) throw error;
	return [context.getInputData().map((_, itemIndex) => errorItem(context, error, itemIndex))];
}

async function runItems(
	context: IExecuteFunctions,
	execution: Stop,
): Promise<INodeExecutionData[]> {
	findOperation(context, 0);
	const settings = readRunSettings(context);
	const { concurrency: lanes, imagesPerMinute, maxCost, consistency } = settings;
	const connection = await readConnection(context);
	let canLink: Promise<boolean> | undefined;
	const halt = new Stop();
	execution.listen(() => halt.reach(execution.reason));
	const items = new ItemRun({
		context,
		connection,
		settings,
		items: takesAllItems(context) ? 1 : context.getInputData().length,
		rateLimiter: new RateLimiter(lanes, imagesPerMinute),
		estimator: new CostEstimator(connection.isAzure),
		series: new Series(consistency),
		budget: maxCost === undefined ? undefined : new Budget(maxCost),
		canLink: async () => await (canLink ??= canMakeLinks(context)),
		execution,
		noNewRequests: halt,
	});
	await mapConcurrent(lanes, items.jobs(), async (job) => await items.work(job));
	return items.result();
}
