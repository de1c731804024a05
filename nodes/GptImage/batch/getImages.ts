import {
	NodeOperationError,
	sleep,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type NodeApiError,
} from 'n8n-workflow';
import { apiError } from '../errors/apiError';
import { RequestFailure } from '../errors/failure';
import { itemLabel, withoutItemLabel } from '../errors/parameterError';
import { toNodeError } from '../errors/toNodeError';
import { agentToolOf, forAgent } from '../images/output/agentTool';
import { continues, errorItem, hasErrorOutput } from '../images/output/errorItem';
import { hint } from '../images/output/hints';
import { toItems, type MadeImage } from '../images/output/items';
import { KeptFiles } from '../images/output/keptFiles';
import { isFinal, type Batch } from '../openai/batches';
import type { ApiSession } from '../openai/callApi';
import { counted, omitUndefined } from '../values';
import { keptHours } from '../operations/parameters/toolDefaults';
import { collect, type CollectedLine } from './collect';
import { madeImages } from './madeImages';
import type { ManifestEntry } from './manifest';

/** For which input item, and how. */
export interface GetImagesSettings {
	itemIndex: number;
	/** Return nothing while the batch is not finished. */
	isPatient: boolean;
}

/** n8n does other things for a moment after the items of so many: a batch may have 50,000. */
const ITEMS_AT_ONCE = 200;

/**
 * Fetches what a batch has brought, as Generate and Edit would have handed it on: the images of each item in order,
 * and its failures. What has been paid for comes out whatever else has failed.
 *
 * @throws NodeOperationError when the batch is not finished; NodeApiError when it has brought nothing, unless the node
 *   is set to continue; {@link RequestFailure} when its files cannot be had; the reason of the stop
 */
export async function getImages(
	context: IExecuteFunctions,
	session: ApiSession,
	batch: Batch,
	{ itemIndex, isPatient }: GetImagesSettings,
): Promise<INodeExecutionData[]> {
	if (!isFinal(batch)) {
		if (isPatient) return [];
		throw unfinished(context, batch, itemIndex);
	}
	const { lines, unnamed } = await collect(context, session, batch);
	if (lines.length === 0 || isRefused(batch, lines)) throw nothingMade(session, batch);
	const items: INodeExecutionData[] = [];
	const failed: INodeExecutionData[] = [];
	let firstError: NodeApiError | NodeOperationError | undefined;
	const groups = byItem(lines).map((ofItem) => ({
		ofItem,
		json: ofItem.find(({ entry }) => entry.json)?.entry.json,
		images: ofItem.flatMap((line) => madeImages(context, session, line)),
	}));
	await keepFiles(context, session, groups);
	for (const [index, { ofItem, json, images }] of groups.entries()) {
		if (index % ITEMS_AT_ONCE === 0) await sleep(0);
		items.push(...imageItems(context, batch, ofItem, { images, json }, itemIndex));
		for (const line of ofItem) {
			const error = errorOf(context, session, batch, { line, json }, itemIndex);
			if (!error) continue;
			firstError ??= error;
			const item = errorItem(context, error, itemIndex, { json });
			// Behind the images, a failure cannot keep the next node from them.
			(continues(context) ? items : failed).push(item);
		}
	}
	if (firstError && items.length === 0) throw firstError;
	addHints(context, batch, lines, unnamed);
	return [...items, ...failed];
}

/** Lines of the same item follow each other. */
function byItem(lines: CollectedLine[]): CollectedLine[][] {
	const groups: CollectedLine[][] = [];
	let before: ManifestEntry | undefined;
	for (const line of lines) {
		const { entry } = line;
		// Where nobody knows the items, each request is one.
		const isSame = before?.item === entry.item && entry.isKnown && before.isKnown;
		if (isSame) groups.at(-1)?.push(line);
		else groups.push([line]);
		before = entry;
	}
	return groups;
}

/** Uploads the images whose items ask for it. */
async function keepFiles(
	context: IExecuteFunctions,
	{ connection, stop }: ApiSession,
	groups: Array<{ ofItem: CollectedLine[]; images: MadeImage[] }>,
) {
	const files = new KeptFiles({ context, connection, execution: stop, noNewRequests: stop });
	for (const { ofItem, images } of groups) {
		const hours = keptHours({ context, connection }, ofItem[0]?.entry.keepAtOpenAiHours);
		files.add({ hours }, images);
	}
	await files.finish();
	stop.throwIfReached();
}

function imageItems(
	context: IExecuteFunctions,
	batch: Batch,
	lines: CollectedLine[],
	{ images, json }: { images: MadeImage[]; json?: IDataObject },
	itemIndex: number,
): INodeExecutionData[] {
	const [first] = lines;
	if (!first) return [];
	const { binaryPropertyName, oneItem, detail } = first.entry;
	const agentTool = agentToolOf(context);
	return toItems(images, {
		pairedItem: { item: itemIndex },
		binaryPropertyName,
		oneItem,
		detail,
		agentTool,
		...(agentTool === undefined && { json: { ...json, batchId: batch.id } }),
	});
}

/** @returns why a line has brought no image, or not all; it names the line, since the item is that of the batch */
function errorOf(
	context: IExecuteFunctions,
	{ connection }: ApiSession,
	batch: Batch,
	{ line: { customId, entry, result }, json }: { line: CollectedLine; json?: IDataObject },
	itemIndex: number,
) {
	const failure = result ? result.failure : new RequestFailure({ kind: 'unmade', reason: '' });
	if (!failure) return undefined;
	const error = toNodeError(context, failure, itemIndex, connection.redactor);
	const name = connection.redactor.text(customId);
	error.message = `${withoutItemLabel(error.message)} [${name}]`;
	const place: IDataObject = entry.isKnown ? { item: entry.item } : {};
	const { data } = error.context;
	error.context.data = {
		...(typeof data === 'object' ? data : {}),
		batchId: batch.id,
		customId: name,
		...place,
		// The JSON that n8n merges into it there is the one of Get Images.
		...(json && hasErrorOutput(context) && { input: json }),
	};
	return forAgent(context, error);
}

function unfinished(context: IExecuteFunctions, batch: Batch, itemIndex: number) {
	const { completed, failed, total } = batch.counts;
	const done = total > 0 ? `, ${completed + failed} of ${counted(total, 'request')} done` : '';
	const message = `The batch is not finished: it is ${batch.status.slice(0, 40)}${done} ${itemLabel(itemIndex)}`;
	const error = new NodeOperationError(context.getNode(), message, {
		itemIndex,
		description:
			'Fetch the images when GPT Image Trigger tells that the batch is finished, or look again with a Wait node in a loop. With Return Nothing Until Finished this is no error.',
		failure: { cause: 'temporarily-unavailable' },
	});
	error.message = message;
	return error;
}

/** The API says why none of the requests could be begun. */
const isRefused = ({ errors }: Batch, lines: CollectedLine[]) =>
	errors.length > 0 && lines.every(({ result }) => result === undefined);

/** A batch that was refused as a whole, or has no results any more. */
function nothingMade({ connection }: ApiSession, batch: Batch): RequestFailure {
	const [first] = batch.errors;
	if (!first) {
		const reason = `The batch is ${batch.status} and has no results, or none any more: they are deleted after 30 days`;
		return new RequestFailure({ kind: 'unmade', reason });
	}
	const { code, line, message, param } = first;
	const more = batch.errors.length > 1 ? ` (and ${batch.errors.length - 1} more)` : '';
	const words = `${line === undefined ? '' : `Line ${line}: `}${message}${more}`;
	const said = { error: omitUndefined({ message: words, code, param }) };
	return apiError({ status: 400, said }, { redactor: connection.redactor, ownWords: [] });
}

function addHints(
	context: IExecuteFunctions,
	{ status }: Batch,
	lines: CollectedLine[],
	unnamed: number,
) {
	const failed = lines.filter(({ result }) => result === undefined || result.failure).length;
	const messages: string[] = [];
	if (failed > 0)
		messages.push(`${failed} of ${counted(lines.length, 'request')} of the batch failed.`);
	const changed = lines.filter(({ result }) =>
		result?.images.some(({ keepRestError }) => keepRestError !== undefined),
	).length;
	if (changed > 0) {
		messages.push(
			`${changed} of ${counted(lines.length, 'edit')} came out as the model drew, also outside the mask; keepRestError says why.`,
		);
	}
	if (unnamed > 0) {
		messages.push(
			`The batch, which is ${status.slice(0, 40)}, has no result for ${counted(unnamed, 'request')}.`,
		);
	}
	const hints = messages.map((message) => hint(message, 'warning'));
	if (hints.length > 0) context.addExecutionHints(...hints);
}
