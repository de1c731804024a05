import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { round } from '../cost/tokenCost';
import { RequestFailure } from '../errors/failure';
import { parameterError } from '../errors/parameterError';
import { detectFormat } from '../images/input/format';
import { NO_FIGURES } from '../images/output/estimateItem';
import type { StoredImage } from '../images/output/store';
import { sizeText } from '../images/scan/facts';
import { drawPlaceholder } from './draw';
import { Deadline } from '../openai/retry/deadline';
import { fileNamesOf, imageIndexOf, imagesOf, type ItemRequest } from '../run/buildRequest';
import { madeImages, requestOf, warningsOf, type Performed } from '../run/perform';
import type { Run } from '../run/run';
import type { Reference } from '../run/series';
import { messageOf } from '../values';

/** What the API makes, mostly, when it may choose. */
const USUAL_SIZE = { width: 1024, height: 1024 };

/** More than any image of the API has. */
const [MAX_PIXELS, MAX_EDGE] = [64_000_000, 16_384];

const HINT =
	'These are placeholders: Placeholder in Manual Runs is on, and this run was started by hand. Nothing was sent, nothing is to be paid. Runs that a trigger starts make real images.';

/**
 * Whether the images of an item are drawn in place of being made: when the option is on, and n8n calls the run manual.
 * That is one started in the editor, of the whole workflow or up to a node, by a test URL or the chat beside the
 * canvas, with the calls of the agents in it. Everything else is real: what a trigger starts in production, retries of
 * executions, and sub-workflows (n8n calls them `integrated`, whoever has started the first one).
 */
export const isPlaceholder = (context: IExecuteFunctions, { settings }: ItemRequest) =>
	settings.placeholder && context.getMode() === 'manual';

/**
 * Draws what stands in for the images of one of the calls of an item, and tells of them what is told of real ones.
 * Nothing is sent, and nothing of a budget is spent.
 *
 * @throws NodeOperationError when it would be too large; {@link RequestFailure} `store`, or `timeout` when n8n's store
 *   takes longer than the item's Timeout; the reason of the stop
 */
export async function performPlaceholder(
	run: Run,
	item: ItemRequest,
	call: number,
	references: Reference[],
): Promise<Performed> {
	const { estimator } = run;
	const { settings } = item;
	const startedAt = Date.now();
	const count = imagesOf(item, call);
	const size = sizeOf(run.context, item);
	const { images, partials } = await drawAndStore(run, item, call, size);
	const estimate = estimator.estimate(
		await requestOf(run, item, call, references),
		settings.prices,
	);
	const made = madeImages(run, item, call, {
		attempt: { images, partials, fields: answerOf(item, size), requestId: 'placeholder' },
		cost: 0,
		references,
		retries: 0,
		retryReasons: [],
		waitedMs: 0,
		durationMs: Date.now() - startedAt,
	});
	const facts = {
		isPlaceholder: true,
		costBasis: 'placeholder: nothing was sent',
		estimatedCost: estimate?.usd === undefined ? undefined : round(estimate.usd / count),
		estimateBasis: estimate?.basis ?? NO_FIGURES,
	};
	return {
		images: made.map((image) => ({ ...image, facts: { ...image.facts, ...facts } })),
		warnings: [HINT, ...formatHint(item), ...warningsOf(item, call, made)],
	};
}

async function drawAndStore(
	run: Run,
	item: ItemRequest,
	call: number,
	size: typeof USUAL_SIZE,
): Promise<{ images: StoredImage[]; partials: StoredImage[] }> {
	const { context, execution } = run;
	const { timeoutMs, keepPartialImages, partialImages = 0 } = item.settings;
	const nameOf = fileNamesOf(item, call);
	const deadline = new Deadline(execution, timeoutMs);
	const store = async (png: Buffer, position: number, preview?: number) => {
		const format = detectFormat(png);
		if (!format) throw new RequestFailure({ kind: 'store', reason: 'Nothing was drawn' });
		const name = nameOf(position, { format, dimensions: size }, preview);
		const binary = await deadline.race(
			context.helpers.prepareBinaryData(png, name, format.mimeType).catch(failStore),
		);
		return { binary, format, dimensions: size };
	};
	const images: StoredImage[] = [];
	const partials: StoredImage[] = [];
	try {
		for (let position = 0; position < imagesOf(item, call); position++) {
			// Several images of a prompt differ, and so do their placeholders.
			const index = imageIndexOf(item, call, position);
			const seed = index === 0 ? '' : String(index);
			const { width, height } = size;
			const png = await drawPlaceholder(
				width,
				height,
				`${String(item.request.fields.prompt)}${seed}`,
			);
			for (let preview = 1; keepPartialImages && preview <= partialImages; preview++) {
				partials.push(await store(png, position, preview));
			}
			images.push(await store(png, position));
		}
		return { images, partials };
	} finally {
		deadline.end();
	}
}

const failStore = async (error: unknown) =>
	await Promise.reject(new RequestFailure({ kind: 'store', reason: messageOf(error) }));

/** What the API would say beside the images; it tells the picture as it is. */
function answerOf(item: ItemRequest, size: typeof USUAL_SIZE): IDataObject {
	return {
		created: Math.floor(Date.now() / 1000),
		size: sizeText(size),
		quality: item.request.fields.quality ?? 'auto',
		background: 'opaque',
		usage: {
			input_tokens: 0,
			input_tokens_details: { image_tokens: 0, text_tokens: 0 },
			output_tokens: 0,
			// Of a stream the API does not tell them.
			...(item.settings.partialImages === undefined && {
				output_tokens_details: { image_tokens: 0, text_tokens: 0 },
			}),
			total_tokens: 0,
		},
	};
}

function sizeOf(context: IExecuteFunctions, { itemIndex, request }: ItemRequest) {
	const match = /^(\d+)x(\d+)$/.exec(String(request.fields.size ?? ''));
	if (!match) return USUAL_SIZE;
	const [width, height] = [Number(match[1]), Number(match[2])];
	const isDrawable = width * height <= MAX_PIXELS && Math.max(width, height) <= MAX_EDGE;
	if (isDrawable && Math.min(width, height) > 0) return { width, height };
	throw parameterError(
		context,
		itemIndex,
		`Size ${width}x${height} is not possible for a placeholder`,
		`Placeholders have sides of 1 to ${MAX_EDGE} pixels, and up to ${MAX_PIXELS} pixels in all. Choose another Size, or remove Placeholder in Manual Runs.`,
	);
}

function formatHint({ request }: ItemRequest): string[] {
	const format = String(request.fields.output_format ?? 'png');
	if (format === 'png') return [];
	return [
		`The placeholders are PNG files, though Output Format is ${format.toUpperCase()}: a real run makes that.`,
	];
}
