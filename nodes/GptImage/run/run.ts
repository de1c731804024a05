import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type NodeApiError,
} from 'n8n-workflow';
import { imageFileName } from '../images/fileName';
import { toItem } from '../images/items';
import { readConnection, type ApiRequest, type Connection } from '../openai/client';
import { badInput, errorDetails, toNodeError } from '../openai/errors';
import { operations } from '../operations';
import { ask, type Asked } from './ask';
import { attemptRequest } from './attempt';
import { inLanes } from './lanes';
import { Pace } from './pace';
import { readItemSettings, readRunSettings, type ItemSettings } from './settings';

/** One request of an item; an item with many images has several. */
interface Job {
	itemIndex: number;
	operation: string;
	/** Without `n`. */
	request: ApiRequest;
	settings: ItemSettings;
	/** Position among the requests of the item. */
	part: number;
}

/** What came of an item so far. */
interface Outcome {
	/** Items made by each of its requests, by position. */
	parts: INodeExecutionData[][];
	error?: NodeApiError | NodeOperationError;
}

/**
 * Runs the node over all its input items, several at a time. Order and pairing of the items are kept.
 *
 * @returns one item for each image; for a failed item, when the node is set to continue, one with `error`
 * @throws NodeApiError or NodeOperationError of the first failure, unless the node is set to continue;
 *   the requests under way are awaited first, no other is started
 */
export async function run(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const connection = await readConnection(context);
	const { lanes, imagesPerMinute } = readRunSettings(context);
	const execution = context.getExecutionCancelSignal() ?? new AbortController().signal;
	const outcomes = context.getInputData().map((): Outcome => ({ parts: [] }));
	const runner = new Runner(
		context,
		connection,
		new Pace(lanes, imagesPerMinute),
		execution,
		outcomes,
	);
	await inLanes(lanes, runner.jobs(), async (job) => await runner.work(job));
	if (execution.aborted) throw stopped(context);
	runner.throwFirst();
	return [
		outcomes.flatMap(({ parts, error }, itemIndex) => [
			...parts.flat(),
			...(error ? [errorItem(error, itemIndex)] : []),
		]),
	];
}

class Runner {
	private failed: Outcome['error'];

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly connection: Connection,
		private readonly pace: Pace,
		private readonly execution: AbortSignal,
		private readonly outcomes: Outcome[],
	) {}

	/** Prepares the requests of one item after the other, each when a lane is free for it. */
	async *jobs(): AsyncGenerator<Job> {
		for (const [itemIndex, outcome] of this.outcomes.entries()) {
			let jobs: Job[] = [];
			try {
				jobs = await this.prepare(itemIndex);
			} catch (error) {
				this.fail(outcome, error, itemIndex);
			}
			for (const job of jobs) {
				if (this.isOver) return;
				if (!outcome.error) yield job;
			}
			if (this.isOver) return;
		}
	}

	async work(job: Job): Promise<void> {
		const outcome = this.outcomes[job.itemIndex];
		if (!outcome || outcome.error || this.isOver) return;
		try {
			const asked = await this.ask(job);
			outcome.parts[job.part] = this.toItems(job, asked);
			const { failure } = asked.attempt;
			if (failure) this.fail(outcome, failure, job.itemIndex);
		} catch (error) {
			this.fail(outcome, error, job.itemIndex);
		}
	}

	/** @throws the first failure, unless the node is set to continue */
	throwFirst() {
		if (!this.failed || this.context.continueOnFail()) return;
		const made = this.outcomes.flatMap(({ parts }) => parts.flat()).length;
		if (made > 0) {
			const images = made === 1 ? '1 image was' : `${made} images were`;
			this.failed.description =
				`${this.failed.description ?? ''} ${images} made before this and not passed on; set On Error to Continue in the node's settings to keep them.`.trim();
		}
		throw this.failed;
	}

	private get isOver(): boolean {
		return this.execution.aborted || (this.failed !== undefined && !this.context.continueOnFail());
	}

	private fail(outcome: Outcome, problem: unknown, itemIndex: number) {
		outcome.error ??= toNodeError(this.context, problem, itemIndex);
		this.failed ??= outcome.error;
	}

	private async prepare(itemIndex: number): Promise<Job[]> {
		const name = String(this.context.getNodeParameter('operation', itemIndex));
		const operation = operations[name];
		if (!operation) {
			throw badInput(
				this.context,
				itemIndex,
				`Operation ${JSON.stringify(name)} is not one of this node`,
				'Choose Generate Image or Edit Image. For other calls use the HTTP Request node with this credential.',
			);
		}
		const settings = readItemSettings(this.context, itemIndex);
		const request = await operation.request(this.context, itemIndex);
		return settings.shares.map((_, part) => ({
			itemIndex,
			operation: name,
			request,
			settings,
			part,
		}));
	}

	private async ask({ request, settings, part }: Job): Promise<Asked> {
		const { shares, images, fileName, keepAlive, idleMs } = settings;
		const share = shares[part] ?? 1;
		const before = shares.slice(0, part).reduce((sum, earlier) => sum + earlier, 0);
		const fields: IDataObject = {
			...request.fields,
			...(share > 1 && { n: share }),
			...(keepAlive && { stream: true, partial_images: KEEP_ALIVE_PARTIALS }),
		};
		const name = (index: number, extension: string) =>
			imageFileName(fileName, before + index, images, extension);
		return await ask(
			{ ...settings, images: share },
			this.pace,
			this.execution,
			async (deadline) =>
				await attemptRequest(
					this.context,
					this.connection,
					{ ...request, fields },
					{ deadline, idleMs, fileName: name },
				),
		);
	}

	private toItems(job: Job, { attempt, ...asked }: Asked): INodeExecutionData[] {
		const { shares, binaryPropertyName, includeOtherFields } = job.settings;
		const before = shares.slice(0, job.part).reduce((sum, earlier) => sum + earlier, 0);
		const input = includeOtherFields ? this.context.getInputData()[job.itemIndex]?.json : undefined;
		const facts = {
			operation: job.operation,
			request: job.request.fields,
			answer: attempt.fields,
			requestId: attempt.requestId,
			imagesInRequest: attempt.images.length,
			...asked,
		};
		return attempt.images.map((image, index) =>
			toItem(image, facts, {
				itemIndex: job.itemIndex,
				imageIndex: before + index,
				binaryPropertyName,
				input,
			}),
		);
	}
}

/** As often as the API can give a sign of life. */
const KEEP_ALIVE_PARTIALS = 3;

/** In this shape n8n's error output takes the item and merges the input's JSON into it. */
function errorItem(
	error: NodeApiError | NodeOperationError,
	itemIndex: number,
): INodeExecutionData {
	return {
		json: { error: error.message, details: errorDetails(error) },
		pairedItem: { item: itemIndex },
	};
}

const stopped = (context: IExecuteFunctions) =>
	new NodeOperationError(context.getNode(), 'The execution was stopped', {
		description:
			'Requests that were under way have been ended. Images they may have made are lost.',
	});
