import type { INodeParameters } from 'n8n-workflow';
import { familyOf, MODEL_FAMILIES } from '../../../nodes/GptImage/models/catalogue';
import { findProblem } from '../../../nodes/GptImage/models/rules';
import { FIXED_SIZES } from '../../../nodes/GptImage/models/sizes';
import {
	allFormats,
	backgrounds,
	complexities,
	consistencies,
	fidelities,
	moderations,
	svgEfforts,
} from '../../../nodes/GptImage/operations/fields/choices';
import { imagesFrom, maskFrom, maskOf, modelById } from '../../support/parameters';
import { TODAY } from '../../support/simulator';
import { pairwise, type Row } from './pairs';

/** The models that answer on the day of the tests, and one dated id. */
const models = [
	'gpt-image-2',
	...MODEL_FAMILIES.filter(
		({ id, shutdown }) => id !== 'gpt-image-2' && (!shutdown || shutdown.date > TODAY),
	).map(({ id }) => id),
	'gpt-image-2-2026-04-21',
];

const left = undefined;
const valuesOf = (choices: Array<{ value: string }>) => [
	left,
	...choices.map(({ value }) => value),
];

/** What decides most about the others comes first. */
const shared = {
	outputFormat: valuesOf(allFormats),
	model: models,
	size: ['auto', ...FIXED_SIZES, '1216x640', 'custom'],
	quality: ['auto', 'low', 'medium', 'high', 'xhigh', 'max'],
	n: [left, 3],
	delivery: [left, 'batch'],
	background: valuesOf(backgrounds),
	outputCompression: [left, 0, 80],
	frameCount: [left, 2],
	frameDuration: [left, 100],
	svgModel: [left, 'gpt-5.5'],
	svgEffort: valuesOf(svgEfforts),
	complexity: valuesOf(complexities),
	moderation: valuesOf(moderations),
	safetyIdentifier: [left, 'user-1'],
	keepAlive: [left, true],
	partialImages: [left, 0, 2],
	consistency: valuesOf(consistencies),
	imagesPerRequest: [left, 2],
	keepAtOpenAi: [left, 24],
};

/** Binary fields are data, other, hole and marks. */
const images: Record<string, INodeParameters> = {
	one: imagesFrom('data'),
	two: imagesFrom('data', 'other'),
	url: { image: [{ source: 'url', url: 'https://example.com/a.png' }] },
	fileId: { image: [{ source: 'fileId', fileId: 'file-AbC123' }] },
	mixed: { image: [{ source: 'fileId', fileId: 'file-AbC123' }, ...imagesFrom('data').image] },
};
const masks: Record<string, INodeParameters> = { file: maskFrom('hole'), drawn: maskOf({}) };

const ofEdit = {
	images: Object.keys(images),
	mask: [left, ...Object.keys(masks)],
	markup: [left, 'marks'],
	inputFidelity: valuesOf(fidelities),
	sendAsJson: [left, true],
};

/** The panel hides these in a batch. */
const NOT_IN_BATCH = ['keepAlive', 'partialImages', 'consistency', 'sendAsJson'];

/** What each operation can be told. */
export const FACTORS: Record<string, Record<string, readonly unknown[]>> = {
	generate: shared,
	edit: { ...shared, ...ofEdit },
};

/** Settings of an operation in which each two values meet that go together. */
export const rowsOf = (operation: string): Row[] =>
	pairwise(FACTORS[operation] ?? {}, (row) => isPossible(operation, row));

/** Whether the node takes these settings, which are not all. */
function isPossible(operation: string, row: Row): boolean {
	const family = typeof row.model === 'string' ? familyOf(row.model) : undefined;
	const { size, quality, outputFormat, mask, markup, svgModel, svgEffort } = row;
	const offers = (list: readonly unknown[], value: unknown) =>
		value === undefined || value === 'auto' || list.includes(value);
	if (family && !offers(family.qualities, quality)) return false;
	if (family && !offers(family.formats, outputFormat)) return false;
	if (family?.sizes === 'fixed' && !offers(FIXED_SIZES, size)) return false;
	// A GIF is made of smaller frames.
	if (outputFormat === 'gif' && !offers(['custom'], size)) return false;
	// The types say so; the node leaves it to the API.
	if (row.background === 'transparent' && ['gif', 'svg'].includes(String(outputFormat)))
		return false;
	if (operation === 'generate' && svgEffort !== undefined && !svgModel) return false;
	const isLinked = ['url', 'fileId', 'mixed'].includes(String(row.images));
	const isJson = isLinked || row.sendAsJson !== undefined || row.delivery === 'batch';
	if (markup !== undefined && isJson) return false;
	// It is drawn in the size of the first image.
	if (mask === 'drawn' && isLinked) return false;
	if (row.delivery === 'batch' && NOT_IN_BATCH.some((name) => row[name] !== undefined))
		return false;
	const fields = {
		model: row.model,
		background: row.background,
		output_format: outputFormat,
		output_compression: row.outputCompression,
		frame_count: row.frameCount,
		frame_duration_ms: row.frameDuration,
		svg: svgModel ?? svgEffort,
		complexity: row.complexity,
		input_fidelity: row.inputFidelity,
	};
	// A format that is not chosen yet may still become the one that is needed.
	if (!('outputFormat' in row)) {
		for (const name of ['output_compression', 'frame_count', 'frame_duration_ms', 'svg'] as const) {
			fields[name] = undefined;
		}
	}
	return !findProblem(
		{
			fields,
			images: Number(row.n ?? 1),
			hasMask: mask !== undefined,
			hasMarkup: markup !== undefined,
			isStreamed: row.keepAlive !== undefined || row.partialImages !== undefined,
			isInSeries: row.consistency !== undefined,
		},
		familyOf,
	);
}

/** The parameters of the node for a row. */
export function parametersOf(operation: string, row: Row): INodeParameters {
	const { model, size, quality, delivery, n, images: input, mask, markup, ...options } = row;
	const chosen = {
		size,
		...(size === 'custom' && { width: 960, height: 960 }),
		quality,
		delivery,
		n,
		images: input === undefined ? undefined : images[String(input)],
		options: given({
			...options,
			mask: mask === undefined ? undefined : masks[String(mask)],
			markupBinaryPropertyName: markup,
		}),
	};
	return { operation, prompt: 'A fox', model: modelById(String(model)), ...given(chosen) };
}

/** What is not left alone. */
const given = (values: Row): INodeParameters => JSON.parse(JSON.stringify(values));
