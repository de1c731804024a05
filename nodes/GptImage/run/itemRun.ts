import type { INodeExecutionData, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { agentToolOf, forAgent } from '../images/output/agentTool';
import { toItems, type MadeImage } from '../images/output/items';
import { toNodeError } from '../errors/toNodeError';
import { RequestFailure } from '../errors/failure';
import { omitUndefined } from '../values';
import { continues, errorItem, stopped, withCount } from '../images/output/errorItem';
import { estimateItem } from '../images/output/estimateItem';
import { perform } from './perform';
import { buildRequest, type ItemRequest } from './buildRequest';
import type { Reference } from './series';
import type { Run } from './shared';

/** One request of an item; an item with many images has several. */
interface Job {
	order: ItemRequest;
	/** Position among the requests of the item. */
	part: number;
}

/** What came of an input item so far. */
interface Outcome {
	order?: ItemRequest;
	/** Images made by each of its requests, by position. */
	parts: MadeImage[][];
	/** Images of earlier items its requests are given. */
	references?: Reference[];
	/** A request of it was not sent because of the budget. */
	isUnaffordable?: boolean;
	error?: NodeApiError | NodeOperationError;
}

/** Works off the items of a run, and remembers what came of each. */
export class ItemRun {
	private readonly outcomes: Outcome[];
	private readonly warnings = new Set<string>();
	private failed: Outcome['error'];
	private readonly agentTool: string | undefined;

	constructor(private readonly shared: Run) {
		this.agentTool = agentToolOf(shared.context);
		this.outcomes = Array.from({ length: shared.items }, () => ({ parts: [] }));
	}

	/** Prepares the requests of one item after the other, each when a lane is free for it. */
	async *jobs(): AsyncGenerator<Job> {
		// Where the first failure ends the run, one that can be known beforehand must not come after others were paid for.
		if (!continues(this.shared.context)) {
			for (const itemIndex of this.outcomes.keys()) await this.prepare(itemIndex);
		}
		for (const itemIndex of this.outcomes.keys()) {
			const outcome = await this.prepare(itemIndex);
			if (outcome?.order?.settings.estimateOnly) continue;
			for (const part of outcome?.order?.settings.imagesPerCall.keys() ?? []) {
				if (this.isOver) return;
				if (outcome?.order && !outcome.error) yield { order: outcome.order, part };
			}
		}
	}

	private async prepare(itemIndex: number): Promise<Outcome | undefined> {
		const outcome = this.outcomes[itemIndex];
		if (!outcome || outcome.order || outcome.error || this.isOver) return outcome;
		try {
			outcome.order = await buildRequest(this.shared, itemIndex);
		} catch (error) {
			this.fail(outcome, error, itemIndex);
		}
		return outcome;
	}

	async work({ order, part }: Job): Promise<void> {
		const outcome = this.outcomes[order.itemIndex];
		if (!outcome || outcome.error || this.isOver) return;
		try {
			outcome.references ??= this.shared.series.references();
			const { images, failure, warning } = await perform(
				this.shared,
				order,
				part,
				outcome.references,
			);
			outcome.parts[part] = images;
			this.shared.series.add(
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
		// A reached budget ends the run only when nothing was made.
		const failed = this.failed ?? (this.imagesMade === 0 ? this.unaffordable[0]?.error : undefined);
		if (failed && !continues(context)) throw withCount(failed, this.imagesMade);
		this.addHints();
		return this.outcomes.flatMap((outcome, itemIndex) => [
			...this.itemsOf(outcome, itemIndex),
			...(outcome.error ? [errorItem(context, outcome.error, itemIndex)] : []),
		]);
	}

	private itemsOf({ order, parts }: Outcome, itemIndex: number): INodeExecutionData[] {
		if (!order) return [];
		const { context, estimator: quotes, series, items } = this.shared;
		const input = context.getInputData();
		const {
			binaryPropertyName,
			estimateOnly,
			oneItem,
			includeOtherFields: isJsonIncluded,
			includeInputBinary,
		} = order.settings;
		const isJoined = items < input.length;
		const pairedItem = isJoined ? input.map((_, item) => ({ item })) : { item: itemIndex };
		// What an agent knows already it need not be told.
		const json =
			isJsonIncluded && this.agentTool === undefined ? input[itemIndex]?.json : undefined;
		if (estimateOnly) {
			const estimate = estimateItem(order, quotes, series.expected(itemIndex));
			return [{ json: omitUndefined({ ...json, error: undefined, ...estimate }), pairedItem }];
		}
		return toItems(parts.flat(), {
			pairedItem,
			binaryPropertyName,
			oneItem,
			agentTool: this.agentTool,
			json,
			...(includeInputBinary && { binary: input[itemIndex]?.binary }),
		});
	}

	private get imagesMade(): number {
		return this.outcomes.flatMap(({ parts }) => parts.flat()).length;
	}

	private get unaffordable(): Outcome[] {
		return this.outcomes.filter(({ isUnaffordable }) => isUnaffordable);
	}

	private get isOver(): boolean {
		return this.shared.noNewRequests.isReached;
	}

	private fail(outcome: Outcome, problem: unknown, itemIndex: number) {
		const { context, connection, noNewRequests: halt } = this.shared;
		outcome.error ??= forAgent(
			context,
			toNodeError(context, problem, itemIndex, connection.secrets),
		);
		if (problem instanceof RequestFailure && problem.details.kind === 'budget') {
			outcome.isUnaffordable = true;
			return;
		}
		this.failed ??= outcome.error;
		if (!continues(context)) halt.reach(this.failed);
	}

	private addHints() {
		const refused = this.unaffordable.length;
		const unmade = `${refused} of ${this.outcomes.length} items were not made, or not all of their images: Maximum Cost per Run is reached.`;
		const messages = refused > 0 ? [...this.warnings, unmade] : [...this.warnings];
		const hints = messages.map((message) => ({
			message,
			type: 'warning' as const,
			location: 'outputPane' as const,
		}));
		if (hints.length > 0) this.shared.context.addExecutionHints(...hints);
	}
}
