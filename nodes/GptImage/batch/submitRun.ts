import type { INodeExecutionData, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { budgetReached, inExactDollars } from '../cost/budget';
import { inBatch, round } from '../cost/tokenCost';
import { RequestFailure } from '../errors/failure';
import { parameterError } from '../errors/parameterError';
import { readPassedOn } from '../operations/parameters/passedOn';
import { toNodeError } from '../errors/toNodeError';
import { agentToolOf, forAgent } from '../images/output/agentTool';
import { continues, errorItem } from '../images/output/errorItem';
import { estimateItem } from '../images/output/estimateItem';
import { hint } from '../images/output/hints';
import {
	buildRequest,
	callOf,
	imageIndexOf,
	promptOf,
	type ItemRequest,
} from '../run/buildRequest';
import type { Run } from '../run/run';
import { omitUndefined } from '../values';
import { batchProblem } from './batchProblem';
import { uploadsOf, type BatchRequest } from './batchRequest';
import type { KeptSettings } from './manifest';
import { partsOf } from './parts';
import { Pictures } from './pictures';
import { identifyRun } from './runIdentity';
import { submit, type NotSubmitted, type Submitted } from './submit';
import { describeSubmitted, tellAgent } from './submittedItem';

/** What came of an input item so far. */
interface ItemResult {
	/** It was only to be estimated. */
	estimated?: ItemRequest;
	/** Its JSON is to be passed on. */
	isPassedOn?: boolean;
	error?: NodeApiError | NodeOperationError;
	/** It was not submitted because of the budget. */
	isUnaffordable?: boolean;
}

/** Submits the items of a run as batches. */
export class SubmitRun {
	private readonly results: ItemResult[];
	private readonly pictures = new Pictures();
	private readonly hints = new Set<string>();
	private readonly costs = new Map<BatchRequest, number | undefined>();
	private spent = 0;

	constructor(private readonly run: Run) {
		this.results = Array.from({ length: run.items }, () => ({}));
	}

	/**
	 * @returns one item for each batch, then those of estimates and failures
	 * @throws the first failure, unless the node is set to continue; before anything is sent, if it can be known then;
	 *   the reason of the stop
	 */
	async items(): Promise<INodeExecutionData[]> {
		const { context, execution } = this.run;
		const requests: BatchRequest[] = [];
		for (const index of this.results.keys()) {
			requests.push(...(await this.requestsOf(index)));
			const { error, isUnaffordable } = this.results[index] ?? {};
			if (error && !isUnaffordable && !continues(context)) throw error;
		}
		// A reached budget ends the run only when nothing is left of it.
		const [first] = this.results.flatMap(({ error }) => error ?? []);
		if (first && requests.length === 0 && !continues(context)) throw first;
		const submitted = requests.length > 0 ? await this.submit(requests) : [];
		execution.throwIfReached();
		for (const one of submitted) if ('problem' in one) this.failPart(one, submitted);
		const items = [
			...submitted.flatMap((one) => ('batch' in one ? [this.itemOf(one)] : [])),
			...this.results.flatMap((result, index) => this.othersOf(result, index)),
		];
		this.addHints();
		return items;
	}

	/** Builds and checks what an item asks for. */
	private async requestsOf(itemIndex: number): Promise<BatchRequest[]> {
		const { context } = this.run;
		const result = this.results[itemIndex];
		if (!result || this.run.noNewRequests.isReached) return [];
		try {
			const item = await buildRequest(this.run, itemIndex);
			const problem = batchProblem(this.run, item);
			if (problem) throw parameterError(context, itemIndex, problem.problem, problem.remedy);
			result.isPassedOn = item.settings.includeOtherFields;
			if (item.warning !== undefined) this.hints.add(item.warning);
			if (item.settings.estimateOnly) {
				result.estimated = item;
				return [];
			}
			const requests = [...item.settings.imagesPerCall.keys()].map((call) =>
				this.requestOf(item, call),
			);
			const limits = { stop: this.run.execution, timeoutMs: item.settings.timeoutMs };
			await this.pictures.read(requests.flatMap(uploadsOf), limits);
			this.pay(requests, item);
			return requests;
		} catch (problem) {
			this.fail(itemIndex, problem);
			return [];
		}
	}

	private requestOf(item: ItemRequest, call: number): BatchRequest {
		const request = callOf(item, call);
		return {
			item: item.itemIndex,
			first: imageIndexOf(item, call, 0),
			request,
			kept: keptOf(item),
		};
	}

	/** Books what an item will cost: all of its requests, or none. */
	private pay(requests: BatchRequest[], { settings }: ItemRequest) {
		const { estimator, settings: run } = this.run;
		const costs = requests.map(({ request }) => {
			const usd = estimator.estimate(request, settings.prices)?.usd;
			return usd === undefined ? undefined : inBatch(usd);
		});
		const cost = sumOf(costs);
		if (run.maxCost !== undefined) checkBudget(cost, this.spent, run.maxCost);
		this.spent = round(this.spent + (cost ?? 0));
		for (const [index, request] of requests.entries()) this.costs.set(request, costs[index]);
	}

	private async submit(requests: BatchRequest[]) {
		const { context, connection, execution, settings } = this.run;
		const { run, workflow, execution: executionId, workflowName } = identifyRun(context);
		const { requestsPerBatch = 1, name } = settings.batch ?? {};
		const session = { context, connection, stop: execution };
		return await submit(session, {
			parts: partsOf(requests, requestsPerBatch),
			pictures: this.pictures,
			name: name ?? workflowName,
			run,
			workflow,
			execution: executionId,
			jsonOf: (itemIndex) => this.passedOn(itemIndex),
		});
	}

	private passedOn(itemIndex: number) {
		const isPassedOn = this.results[itemIndex]?.isPassedOn === true;
		return isPassedOn ? this.run.context.getInputData()[itemIndex]?.json : undefined;
	}

	private itemOf({ part, batch, takenOver }: Submitted): INodeExecutionData {
		const { context, connection } = this.run;
		const estimatedCost = sumOf(part.requests.map((request) => this.costs.get(request)));
		const told = describeSubmitted({ part, batch, takenOver }, estimatedCost, connection.redactor);
		if (takenOver) this.hints.add(String(told.takenOver));
		return {
			json: agentToolOf(context) === undefined ? told : tellAgent(told),
			pairedItem: this.pairsOf(new Set(part.requests.map(({ item }) => item))),
		};
	}

	/** An edit of all input items is one, and comes of them all. */
	private pairsOf(items: Iterable<number>) {
		const input = this.run.context.getInputData();
		const isJoined = this.run.items < input.length;
		return (isJoined ? [...input.keys()] : [...items]).map((item) => ({ item }));
	}

	private othersOf(
		{ estimated: item, error }: ItemResult,
		itemIndex: number,
	): INodeExecutionData[] {
		const { context } = this.run;
		if (error) return [errorItem(context, error, itemIndex, readPassedOn(context, itemIndex))];
		if (!item) return [];
		const { estimator } = this.run;
		const calls = [...item.settings.imagesPerCall.keys()].map((call) => callOf(item, call));
		const estimate = estimateItem(item, calls, estimator, [], true);
		const json = { ...this.passedOn(itemIndex), error: undefined, ...estimate };
		return [{ json: omitUndefined(json), pairedItem: this.pairsOf([itemIndex]) }];
	}

	private failPart({ part, problem }: NotSubmitted, all: Array<NotSubmitted | Submitted>) {
		const made = all.flatMap((one) => ('batch' in one ? [one.batch.id] : []));
		for (const itemIndex of new Set(part.requests.map(({ item }) => item))) {
			this.fail(itemIndex, problem);
		}
		const error = this.results[part.requests[0]?.item ?? 0]?.error;
		if (!error || continues(this.run.context)) return;
		if (made.length > 0) {
			error.description = `${error.description ?? ''} ${made.length === 1 ? 'Another batch was' : 'Other batches were'} made all the same, and will be taken over when the node runs again: ${made.join(', ')}.`;
		}
		throw error;
	}

	private fail(itemIndex: number, problem: unknown) {
		const { context, connection } = this.run;
		const result = this.results[itemIndex];
		if (!result) return;
		result.error ??= forAgent(
			context,
			toNodeError(context, problem, itemIndex, connection.redactor),
		);
		result.isUnaffordable = problem instanceof RequestFailure && problem.details.kind === 'budget';
	}

	private addHints() {
		const hints = [...this.hints].map((message) => hint(message, 'warning'));
		if (hints.length > 0) this.run.context.addExecutionHints(...hints);
	}
}

/** @throws {RequestFailure} `budget` when requests would cost more than is left, or nobody can tell */
function checkBudget(cost: number | undefined, spent: number, limit: number) {
	if (cost !== undefined && round(spent + cost) <= limit) return;
	const [before, most] = [inExactDollars(spent), inExactDollars(limit)];
	const reason =
		cost === undefined
			? 'Nobody can tell what the requests would cost'
			: `The requests would cost about ${inExactDollars(cost)} in a batch; those before them cost ${before} of ${most}`;
	throw budgetReached(reason, { estimatedCost: cost, spent, limit });
}

/** @returns USD in all; `undefined` where one of them cannot be told */
function sumOf(costs: Array<number | undefined>): number | undefined {
	const known = costs.filter((cost) => cost !== undefined);
	if (known.length < costs.length) return undefined;
	return round(known.reduce((sum, cost) => sum + cost, 0));
}

function keptOf(item: ItemRequest): KeptSettings {
	const { id, operation, settings, fallbackFor } = item;
	return {
		operation,
		images: settings.images,
		id,
		fileName: settings.fileName,
		prompt: promptOf(item).slice(0, MOST_PROMPT),
		binaryPropertyName: settings.binaryPropertyName,
		oneItem: settings.oneItem,
		detail: settings.detail,
		linkMinutes: settings.linkMinutes,
		keepAtOpenAiHours: settings.keepAtOpenAiHours,
		prices: settings.prices,
		fallbackFor,
	};
}

/** No file name is longer. */
const MOST_PROMPT = 1000;
