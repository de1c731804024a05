import type { IDataObject } from 'n8n-workflow';
import { round } from '../../cost/tokenCost';
import { sizeText } from '../scan/facts';
import { isRecord, omitUndefined } from '../../values';
import type { MadeImage } from './items';

/**
 * How much an item says about its image:
 * - `simplified`: flat and short, for tables;
 * - `raw`: everything that is known;
 * - a list: the fields of these names.
 */
export type OutputDetail = 'simplified' | 'raw' | string[];

/**
 * Describes an image for the JSON of its item, the most interesting first.
 *
 * @param field binary field that has the image
 * @returns flat values only when simplified; what belongs to an option is there only when that is set
 */
export function describeImage(
	image: MadeImage,
	field: string,
	detail: OutputDetail = 'simplified',
): IDataObject {
	const simplified = omitUndefined(simplify(image));
	if (detail === 'simplified') return simplified;
	const raw = omitUndefined({ ...tellAll(image, field) });
	if (detail === 'raw') return raw;
	const all: IDataObject = { ...simplified, ...raw };
	return omitUndefined(Object.fromEntries(detail.map((name) => [name, all[name]])));
}

/**
 * Describes all images of an item that has them together.
 *
 * @returns flat sums when simplified, else what is said of each under `images`
 */
export function describeImages(
	images: Array<{ image: MadeImage; field: string }>,
	detail: OutputDetail = 'simplified',
): IDataObject {
	const [first] = images;
	if (!first) return {};
	const { operation } = first.image.facts;
	if (detail !== 'simplified') {
		const all = images.map(({ image, field }) => describeImage(image, field, detail));
		return { operation, model: first.image.facts.request.model, images: all };
	}
	const each = images.map(({ image }) => simplify(image));
	const sum = (name: string) => {
		const values = each.map((one) => one[name]).filter((value) => typeof value === 'number');
		return values.length === each.length
			? round(values.reduce((all, value) => all + value, 0))
			: undefined;
	};
	const shared: IDataObject = { ...each[0], fileName: undefined };
	return omitUndefined({
		fileNames: images.map(({ image }) => image.stored.binary.fileName).join(', '),
		imageCount: images.length,
		...shared,
		cost: sum('cost'),
		estimatedCost: sum('estimatedCost'),
		// Edit takes them all in one row.
		fileId: each.flatMap(({ fileId }) => fileId ?? []).join(', ') || undefined,
		fileError: each.find(({ fileError }) => fileError !== undefined)?.fileError,
		inputTokens: sum('inputTokens'),
		outputTokens: sum('outputTokens'),
	});
}

/** What a table of images has as columns. */
function simplify({ stored, link, file, facts }: MadeImage): IDataObject {
	const { answer, request, imagesInRequest } = facts;
	const usage = isRecord(answer.usage) ? answer.usage : {};
	const share = (tokens: unknown) =>
		typeof tokens === 'number' ? Math.round(tokens / imagesInRequest) : undefined;
	return {
		fileName: stored.binary.fileName,
		prompt: request.prompt,
		cost: facts.cost,
		model: request.model,
		size: (stored.dimensions && sizeText(stored.dimensions)) ?? answer.size ?? request.size,
		quality: answer.quality ?? request.quality,
		format: stored.format.name,
		inputTokens: share(usage.input_tokens),
		outputTokens: share(usage.output_tokens),
		placeholder: facts.isPlaceholder,
		estimatedCost: facts.estimatedCost,
		fallbackFor: facts.fallbackFor,
		...link,
		...file,
		keepRestError: stored.keepRestError,
	};
}

/** Everything, in the order in which people look for it. */
function tellAll({ stored, index, link, file, facts }: MadeImage, field: string): IDataObject {
	const { answer, request, references, retries } = facts;
	const { binary, format } = stored;
	return {
		fileName: binary.fileName,
		prompt: request.prompt,
		cost: facts.cost,
		costBasis: facts.costBasis,
		model: request.model,
		fallbackFor: facts.fallbackFor,
		operation: facts.operation,
		size: answer.size ?? request.size,
		quality: answer.quality ?? request.quality,
		background: answer.background ?? request.background,
		format: format.name,
		...link,
		...file,
		keepRestError: stored.keepRestError,
		placeholder: facts.isPlaceholder,
		estimatedCost: facts.estimatedCost,
		estimateBasis: facts.estimateBasis,
		index,
		imagesInRequest: facts.imagesInRequest,
		references: references.length > 0 ? references : undefined,
		usage: answer.usage,
		svgUsage: answer.svg_usage,
		created: answer.created,
		requestId: facts.requestId,
		durationMs: facts.durationMs,
		retries:
			retries > 0
				? { count: retries, waitedMs: facts.waitedMs, reasons: facts.retryReasons }
				: undefined,
		fromEarlierTry: facts.isFromEarlierTry,
		mimeType: binary.mimeType,
		bytes: binary.bytes,
		binaryPropertyName: field,
	};
}
