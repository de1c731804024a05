import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { runBatchOperation } from '../batch/runBatchOperation';
import { SubmitRun } from '../batch/submitRun';
import { Redactor } from '../errors/redact';
import { Budget } from '../cost/budget';
import { CostEstimator } from '../cost/estimator';
import { toNodeError } from '../errors/toNodeError';
import { forAgent } from '../images/output/agentTool';
import { continues, errorItem, stopped } from '../images/output/errorItem';
import { canMakeLinks } from '../images/output/link';
import { readConnection, type Connection } from '../openai/connection';
import { RateLimiter } from '../openai/retry/rateLimiter';
import type { Stops } from '../openai/retry/requestWithRetries';
import { Stop } from '../openai/retry/stop';
import { takesAllItems } from '../operations/parameters/imageSources';
import { readPassedOn } from '../operations/parameters/passedOn';
import { readImageOperation, readOperation } from '../operations/parameters/readOperation';
import { batchWork } from '../operations/work';
import { readRunSettings, type RunSettings } from '../operations/parameters/runSettings';
import { ItemRun } from './itemRun';
import { mapConcurrent } from '../mapConcurrent';
import { Series } from './series';
import { Tries } from '../retryOnFail/tries';

/** What all items of a run share. */
export interface Run extends Stops {
	context: IExecuteFunctions;
	connection: Connection;
	settings: RunSettings;
	/** When it began, in epoch milliseconds. */
	startedAt: number;
	/** How many items it works on; an edit of all input items is one. */
	items: number;
	rateLimiter: RateLimiter;
	estimator: CostEstimator;
	/** What the run may cost; `undefined` for as much as it takes. */
	budget?: Budget;
	series: Series;
	/** What earlier tries have made; `undefined` without Retry On Fail. */
	tries?: Tries;
	/** Whether n8n can sign links; only asked when a link is wanted. */
	canLink: () => Promise<boolean>;
}

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
	if (execution.isReached) throw stopped(context);
	// It concerns all items. Thrown with Continue set, it would make n8n pass the input on as the output.
	const error = forAgent(context, toNodeError(context, problem, 0, new Redactor([])));
	if (!continues(context)) throw error;
	const failed = (_: unknown, itemIndex: number) =>
		errorItem(context, error, itemIndex, readPassedOn(context, itemIndex));
	return [context.getInputData().map(failed)];
}

async function runItems(
	context: IExecuteFunctions,
	execution: Stop,
): Promise<INodeExecutionData[]> {
	const onBatches = batchWork.get(readOperation(context, 0));
	if (onBatches) return await runBatchOperation(context, execution, onBatches);
	const settings = readRunSettings(context);
	const { concurrency, imagesPerMinute, maxCost, consistency } = settings;
	const connection = await readConnection(context);
	const tries = Tries.begin(context);
	let canLink: Promise<boolean> | undefined;
	const noNewRequests = new Stop();
	execution.listen(() => noNewRequests.reach(execution.reason));
	const shared: Run = {
		context,
		connection,
		settings,
		startedAt: Date.now(),
		items: takesAllItems(context, readImageOperation(context, 0).work)
			? 1
			: context.getInputData().length,
		rateLimiter: new RateLimiter(imagesPerMinute),
		estimator: new CostEstimator(connection.lookUpModel),
		series: new Series(consistency),
		tries,
		budget: maxCost === undefined ? undefined : (tries?.budget(maxCost) ?? new Budget(maxCost)),
		canLink: async () => await (canLink ??= canMakeLinks(context)),
		execution,
		noNewRequests,
	};
	if (settings.batch) return await new SubmitRun(shared).items();
	const items = new ItemRun(shared);
	try {
		await mapConcurrent(concurrency, items.calls(), async (call) => await items.work(call));
		await items.finish();
		return items.result();
	} finally {
		tries?.end(!items.hasFailed);
	}
}
