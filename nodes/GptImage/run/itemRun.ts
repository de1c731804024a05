import type { INodeExecutionData, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { RequestFailure } from '../errors/failure';
import { toNodeError } from '../errors/toNodeError';
import { agentToolOf, forAgent } from '../images/output/agentTool';
import { continues, errorItem, withCount, withPrompt } from '../images/output/errorItem';
import { hint, logLineOf, summaryOf } from '../images/output/hints';
import { toItems, type MadeImage } from '../images/output/items';
import { canRetryHelp } from '../openai/retry/retryDecision';
import { counted, omitUndefined } from '../values';
import { buildRequest, type ItemRequest } from './buildRequest';
import { estimateOf, sumEstimates } from './estimates';
import { KeptFiles } from '../images/output/keptFiles';
import type { Performed } from './perform';
import type { Run } from './run';
import type { Reference } from './series';
import { readPassedOn } from '../operations/parameters/passedOn';
import { performRest, takeOver } from '../retryOnFail/takeOver';
import type { MadeBefore } from '../retryOnFail/tries';

/** One request of an item; an item with many images has several. */
interface Call {
	item: ItemRequest;
	/** Position among the calls of the item. */
	index: number;
}

/** What came of an input item so far. */
interface ItemResult {
	item?: ItemRequest;
	/** Images made by each of its calls, by position. */
	calls: MadeImage[][];
	/** Images of earlier items its calls are given. */
	references?: Reference[];
	/** What each of its calls led to in an earlier try. */
	before?: MadeBefore[];
	/** A call of it was not sent because of the budget. */
	isUnaffordable?: boolean;
	error?: NodeApiError | NodeOperationError;
}

/** Works through the items of a run, and remembers what came of each. */
export class ItemRun {
	private readonly results: ItemResult[];
	private readonly warnings = new Set<string>();
	private failed: ItemResult['error'];
	/** The first failure that may pass, of a request that is not on the bill. */
	private passing: ItemResult['error'];
	private readonly agentTool: string | undefined;
	private readonly keptFiles: KeptFiles;

	constructor(private readonly run: Run) {
		this.agentTool = agentToolOf(run.context);
		this.keptFiles = new KeptFiles(run);
		this.results = Array.from({ length: run.items }, () => ({ calls: [] }));
	}

	/** Builds the requests of one item after the other, each when there is room for it. */
	async *calls(): AsyncGenerator<Call> {
		// Where the first failure ends the run, one that can be known beforehand must not come after others were paid for.
		if (!continues(this.run.context)) {
			for (const itemIndex of this.results.keys()) await this.build(itemIndex);
		}
		for (const itemIndex of this.results.keys()) {
			const result = await this.build(itemIndex);
			const item = result?.item;
			if (!item || item.settings.estimateOnly) continue;
			await this.takeOver(result, item);
			for (const index of item.settings.imagesPerCall.keys()) {
				if (this.isOver) return;
				if (!result.error && !result.before?.[index]?.isWhole) yield { item, index };
			}
		}
	}

	private async build(itemIndex: number): Promise<ItemResult | undefined> {
		const result = this.results[itemIndex];
		if (!result || result.item || result.error || this.isOver) return result;
		try {
			result.item = await buildRequest(this.run, itemIndex);
		} catch (error) {
			this.fail(result, error, itemIndex);
		}
		return result;
	}

	private async takeOver(result: ItemResult, item: ItemRequest) {
		const { run } = this;
		try {
			result.references = run.series.references();
			result.before = await takeOver(run, item, result.references);
			for (const [index, made] of result.before.entries()) this.add(item, index, made);
		} catch (error) {
			this.fail(result, error, item.itemIndex);
		}
	}

	/** Makes one call and keeps what came of it. */
	async work({ item, index }: Call): Promise<void> {
		const { itemIndex } = item;
		const result = this.results[itemIndex];
		if (!result || result.error || this.isOver) return;
		const { references = [], before } = result;
		try {
			const made = await performRest(this.run, item, index, references, before?.[index]);
			this.add(item, index, made);
			this.log(item, made.images);
			if (made.failure) this.fail(result, made.failure, itemIndex);
		} catch (error) {
			this.fail(result, error, itemIndex);
		}
	}

	private add(item: ItemRequest, call: number, { images, warnings }: Performed) {
		const { itemIndex } = item;
		const result = this.results[itemIndex];
		const { keepAtOpenAiHours: hours, timeoutMs } = item.settings;
		this.keptFiles.add({ hours, timeoutMs }, images);
		if (result) result.calls[call] = images;
		this.run.series.add(
			itemIndex,
			images.map(({ stored }) => stored),
		);
		for (const warning of warnings) this.warnings.add(warning);
	}

	/** Waits for what goes on beside the calls. */
	async finish() {
		await this.keptFiles.finish();
	}

	/** One line for each image while it runs: forty images take minutes. */
	private log({ itemIndex }: ItemRequest, images: MadeImage[]) {
		const { context, items } = this.run;
		for (const image of images.filter(({ facts }) => !facts.isFromEarlierTry)) {
			context.logger.info(logLineOf(image, itemIndex, items));
		}
	}

	/** @throws the reason of the stop; the first failure, unless the node is set to continue */
	result(): INodeExecutionData[] {
		const { context, execution } = this.run;
		execution.throwIfReached();
		// A reached budget ends the run only when nothing was made.
		const failed = this.failed ?? (this.imagesMade === 0 ? this.unaffordable[0]?.error : undefined);
		if (failed && !continues(context)) throw withCount(failed, this.imagesMade);
		// By itself n8n tries again only when the first item has failed, or the node.
		if (this.passing && this.run.tries?.isAnotherLeft) throw this.passing;
		this.addHints();
		return this.results.flatMap((result, itemIndex) => [
			...this.itemsOf(result, itemIndex),
			...(result.error ? [this.failedItem(result.error, itemIndex)] : []),
		]);
	}

	/** Whether an image is missing, or the run was stopped. */
	get hasFailed(): boolean {
		return this.isOver || this.results.some(({ error }) => error !== undefined);
	}

	private itemsOf({ item, calls }: ItemResult, itemIndex: number): INodeExecutionData[] {
		if (!item) return [];
		const { context, items } = this.run;
		const input = context.getInputData();
		const { binaryPropertyName, oneItem, includeOtherFields, includeInputBinary } = item.settings;
		const isJoined = items < input.length;
		const pairedItem = isJoined ? input.map((_, index) => ({ item: index })) : { item: itemIndex };
		// What an agent knows already it need not be told.
		const isPassedOn = includeOtherFields && this.agentTool === undefined;
		const json = isPassedOn ? input[itemIndex]?.json : undefined;
		if (item.settings.estimateOnly) {
			const estimate = estimateOf(this.run, item);
			return [{ json: omitUndefined({ ...json, error: undefined, ...estimate }), pairedItem }];
		}
		return toItems(calls.flat(), {
			pairedItem,
			binaryPropertyName,
			oneItem,
			detail: item.settings.detail,
			agentTool: this.agentTool,
			json,
			...(includeInputBinary && { binary: input[itemIndex]?.binary }),
		});
	}

	private failedItem(error: NonNullable<ItemResult['error']>, itemIndex: number) {
		const { context } = this.run;
		return errorItem(context, error, itemIndex, readPassedOn(context, itemIndex));
	}

	private get imagesMade(): number {
		return this.results.flatMap(({ calls }) => calls.flat()).length;
	}

	private get unaffordable(): ItemResult[] {
		return this.results.filter(({ isUnaffordable }) => isUnaffordable);
	}

	private get isOver(): boolean {
		return this.run.noNewRequests.isReached;
	}

	private fail(result: ItemResult, problem: unknown, itemIndex: number) {
		const { context, connection, noNewRequests } = this.run;
		const error = toNodeError(context, problem, itemIndex, connection.redactor);
		// An agent knows its prompt.
		const prompt = this.agentTool === undefined ? result.item?.request.fields.prompt : undefined;
		result.error ??= forAgent(context, withPrompt(error, problem, prompt));
		if (problem instanceof RequestFailure && problem.details.kind === 'budget') {
			result.isUnaffordable = true;
			return;
		}
		this.failed ??= result.error;
		if (problem instanceof RequestFailure && mayPassUnpaid(problem)) this.passing ??= result.error;
		if (!continues(context)) noNewRequests.reach(this.failed);
	}

	private addHints() {
		const { context } = this.run;
		const warnings = [...this.warnings].map((message) => hint(message, 'warning'));
		const refused = this.unaffordable.length;
		if (refused > 0) {
			const unmade = `Maximum Cost per Run is reached: ${refused} of ${counted(this.results.length, 'item')} not made, or not with all images.`;
			warnings.push(hint(unmade, 'warning'));
		}
		const summary = this.summary();
		const hints = [...(summary === undefined ? [] : [hint(summary, 'info')]), ...warnings];
		if (hints.length > 0) context.addExecutionHints(...hints);
	}

	private summary(): string | undefined {
		const estimated = this.results.flatMap(({ item }) => (item?.settings.estimateOnly ? item : []));
		if (estimated.length > 0) return sumEstimates(this.run, estimated);
		return summaryOf({
			images: this.results.flatMap(({ calls }) => calls.flat()),
			items: this.results.length,
			failed: this.results.filter(({ error }) => error).length,
			durationMs: Date.now() - this.run.startedAt,
		});
	}
}

const mayPassUnpaid = (failure: RequestFailure) =>
	(failure.billing === 'no' || failure.billing === 'hardly') && canRetryHelp(failure);
