import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type NodeApiError,
} from 'n8n-workflow';
import { takesAllItems } from '../images/inputs';
import { toItems, type MadeImage } from '../images/items';
import { canMakeLinks } from '../images/link';
import { readConnection } from '../openai/connection';
import { errorDetails, toNodeError } from '../openai/errors';
import { RequestFailure } from '../openai/failure';
import { Stop } from '../openai/stop';
import { Budget } from './budget';
import { inLanes } from './lanes';
import { Pace } from './pace';
import { perform } from './perform';
import { findOperation, prepare, type Order } from './prepare';
import { Quotes } from './quotes';
import { Series, type Reference } from './series';
import { readRunSettings } from './settings';
import type { Run } from './shared';
import { agentToolOf, forAgent } from '../images/agentTool';
import { estimateItem } from './estimateItem';

/** One request of an item; an item with many images has several. */
interface Job {
	order: Order;
	/** Position among the requests of the item. */
	part: number;
}

/** What came of an input item so far. */
interface Outcome {
	order?: Order;
	/** Images made by each of its requests, by position. */
	parts: MadeImage[][];
	/** Images of earlier items its requests are given. */
	references?: Reference[];
	/** What its requests would cost, when they are only estimated. */
	estimate?: IDataObject;
	error?: NodeApiError | NodeOperationError;
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
	// What is wrong for all items: n8n would pass the input on as if it were the output.
	const error = forAgent(context, toNodeError(context, problem, 0, []));
	if (execution.isReached || !context.continueOnFail()) throw error;
	return [context.getInputData().map((_, itemIndex) => errorItem(context, error, itemIndex))];
}

async function runItems(
	context: IExecuteFunctions,
	execution: Stop,
): Promise<INodeExecutionData[]> {
	findOperation(context, 0);
	const settings = readRunSettings(context);
	const { lanes, imagesPerMinute, maxCost } = settings;
	const connection = await readConnection(context);
	let canLink: Promise<boolean> | undefined;
	const halt = new Stop();
	execution.listen(() => halt.reach(execution.reason));
	const items = new ItemRun({
		context,
		connection,
		settings,
		items: takesAllItems(context) ? 1 : context.getInputData().length,
		pace: new Pace(lanes, imagesPerMinute),
		quotes: new Quotes(connection.isAzure),
		budget: maxCost === undefined ? undefined : new Budget(maxCost),
		canLink: async () => await (canLink ??= canMakeLinks(context)),
		execution,
		halt,
	});
	await inLanes(lanes, items.jobs(), async (job) => await items.work(job));
	return items.result();
}

class ItemRun {
	private readonly outcomes: Outcome[];
	private readonly isJoined: boolean;
	private readonly series: Series;
	private readonly warnings = new Set<string>();
	private failed: Outcome['error'];
	/** The first that was not sent because of the budget; it ends the run only when nothing was made. */
	private unaffordable: Outcome['error'];

	constructor(private readonly shared: Run) {
		const { context } = shared;
		this.series = new Series(shared.settings.consistency);
		this.isJoined = takesAllItems(context);
		this.outcomes = Array.from({ length: shared.items }, () => ({ parts: [] }));
	}

	/** Prepares the requests of one item after the other, each when a lane is free for it. */
	async *jobs(): AsyncGenerator<Job> {
		// Where the first failure ends the run, one that can be known beforehand must not come after others were paid for.
		if (!this.shared.context.continueOnFail()) {
			for (const itemIndex of this.outcomes.keys()) await this.prepare(itemIndex);
		}
		for (const itemIndex of this.outcomes.keys()) {
			const outcome = await this.prepare(itemIndex);
			if (outcome?.order?.settings.estimateOnly) {
				outcome.estimate = estimateItem(
					outcome.order,
					this.shared.quotes,
					this.series.expected(itemIndex),
				);
				continue;
			}
			for (const part of outcome?.order?.settings.shares.keys() ?? []) {
				if (this.isOver) return;
				if (outcome?.order && !outcome.error) yield { order: outcome.order, part };
			}
		}
	}

	private async prepare(itemIndex: number): Promise<Outcome | undefined> {
		const outcome = this.outcomes[itemIndex];
		if (!outcome || outcome.order || outcome.error || this.isOver) return outcome;
		try {
			outcome.order = await prepare(this.shared, itemIndex);
		} catch (error) {
			this.fail(outcome, error, itemIndex);
		}
		return outcome;
	}

	async work({ order, part }: Job): Promise<void> {
		const outcome = this.outcomes[order.itemIndex];
		if (!outcome || outcome.error || this.isOver) return;
		try {
			outcome.references ??= this.series.references();
			const { images, failure, warning } = await perform(
				this.shared,
				order,
				part,
				outcome.references,
			);
			outcome.parts[part] = images;
			this.series.add(
				order.itemIndex,
				images.map(({ stored }) => stored),
			);
			if (warning !== undefined) this.warnings.add(warning);
			if (failure) this.fail(outcome, failure, order.itemIndex);
		} catch (error) {
			this.fail(outcome, error, order.itemIndex);
		}
	}

	/** @throws when the execution was stopped; the first failure, unless the node is set to continue */
	result(): INodeExecutionData[] {
		const { context, execution } = this.shared;
		if (execution.isReached) throw stopped(context);
		const failed = this.failed ?? (this.imagesMade === 0 ? this.unaffordable : undefined);
		// An agent is told both, what was made and what was not.
		const isTold = agentToolOf(context) !== undefined && this.imagesMade > 0;
		if (failed && !context.continueOnFail() && !isTold) throw withCount(failed, this.imagesMade);
		this.addHints();
		return this.outcomes.flatMap((outcome, itemIndex) => [
			...this.itemsOf(outcome, itemIndex),
			...(outcome.error ? [errorItem(context, outcome.error, itemIndex)] : []),
		]);
	}

	private itemsOf({ order, parts, estimate }: Outcome, itemIndex: number): INodeExecutionData[] {
		if (!order) return [];
		const { context } = this.shared;
		const input = context.getInputData();
		const agentTool = agentToolOf(context);
		if (estimate) return [{ json: estimate, pairedItem: { item: itemIndex } }];
		const { binaryPropertyName, oneItem, includeOtherFields, includeInputBinary } = order.settings;
		return toItems(parts.flat(), {
			pairedItem: this.isJoined ? input.map((_, item) => ({ item })) : { item: itemIndex },
			binaryPropertyName,
			oneItem,
			agentTool,
			...(includeOtherFields && agentTool === undefined && { json: input[itemIndex]?.json }),
			...(includeInputBinary && { binary: input[itemIndex]?.binary }),
		});
	}

	private get imagesMade(): number {
		return this.outcomes.flatMap(({ parts }) => parts.flat()).length;
	}

	private get isOver(): boolean {
		return this.shared.halt.isReached;
	}

	private fail(outcome: Outcome, problem: unknown, itemIndex: number) {
		const { context, connection, halt } = this.shared;
		outcome.error ??= forAgent(
			context,
			toNodeError(context, problem, itemIndex, connection.secrets),
		);
		if (problem instanceof RequestFailure && problem.details.kind === 'budget') {
			this.unaffordable ??= outcome.error;
			return;
		}
		this.failed ??= outcome.error;
		if (!context.continueOnFail()) halt.reach(this.failed);
	}

	private addHints() {
		const hints = [...this.warnings].map((message) => ({
			message,
			type: 'warning' as const,
			location: 'outputPane' as const,
		}));
		if (hints.length > 0) this.shared.context.addExecutionHints(...hints);
	}
}

function withCount<NodeError extends NodeApiError | NodeOperationError>(
	error: NodeError,
	images: number,
): NodeError {
	if (images === 0) return error;
	const made = images === 1 ? '1 image was' : `${images} images were`;
	error.description = `${error.description ?? ''} ${made} made before this and not passed on; set On Error to Continue in the node's settings to keep them.`;
	return error;
}

/** In this shape n8n's error output takes the item and merges the input's JSON into it. */
function errorItem(
	context: IExecuteFunctions,
	error: NodeApiError | NodeOperationError,
	itemIndex: number,
): INodeExecutionData {
	const isTool = agentToolOf(context) !== undefined;
	return {
		json: { error: error.message, ...(!isTool && { details: errorDetails(error) }) },
		pairedItem: { item: itemIndex },
	};
}

const stopped = (context: IExecuteFunctions) =>
	new NodeOperationError(context.getNode(), 'The execution was stopped', {
		description:
			'Requests that were under way have been ended. Images they may have made are lost.',
	});
