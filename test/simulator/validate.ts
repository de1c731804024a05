import { isRecord } from './body';
import { checkCombinations } from './combinations';
import { apiError, badRequest } from './apiError';
import { DEFAULT_SVG_AUTHOR, findImageModel, requireTextModel } from './models';
import type { ImageModel, Quality } from './models';
import {
	boolean,
	integer,
	missing,
	oneOf,
	rejectUnknown,
	text,
	wrongType,
	type RawParameters,
} from './parameters';
import { resolveSize, type Size } from './sizes';
import type { OutputFormat } from './types';

export type Operation = 'generate' | 'edit';

/** A request that passed all checks, with defaults filled in. */
export interface ImageRequest {
	operation: Operation;
	model: ImageModel;
	prompt: string;
	n: number;
	width: number;
	height: number;
	quality: Quality;
	background: 'transparent' | 'opaque' | 'auto';
	format: OutputFormat;
	/** 0–100, for JPEG and WebP. */
	compression: number;
	stream: boolean;
	partialImages: number;
	frameCount: number;
	frameDurationMs: number;
	svgAuthor: string;
	safetyIdentifier: string | undefined;
	/** How much of the input images is kept. */
	inputFidelity: 'high' | 'low';
}

/** What the rules depend on beside the request. */
export interface Rules {
	/** YYYY-MM-DD: decides which models run. */
	today: string;
	/** What size `auto` stands for. */
	autoSize: Size;
}

const COMMON = [
	'prompt',
	'model',
	'n',
	'size',
	'quality',
	'background',
	'output_format',
	'output_compression',
	'moderation',
	'stream',
	'partial_images',
	'complexity',
	'frame_count',
	'frame_duration_ms',
	'svg',
	'safety_identifier',
	'user',
];
const KNOWN: Record<Operation, ReadonlySet<string>> = {
	generate: new Set(COMMON),
	edit: new Set([...COMMON, 'input_fidelity']),
};

/** Used when a request names no model; both ids are the documented ones and shut down. */
const DEFAULT_MODEL: Record<Operation, string> = {
	generate: 'dall-e-2',
	edit: 'gpt-image-1.5',
};

const SVG_EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
const FORMATS = ['png', 'webp', 'jpeg', 'gif', 'svg'] as const;

/**
 * Checks all parameters but the images.
 * @param raw parameters without `image`, `images`, `mask` and `markup`; numbers as numbers
 * @throws ApiError with the API's own error
 */
export function validate(
	operation: Operation,
	raw: RawParameters,
	{ today, autoSize }: Rules,
): ImageRequest {
	rejectUnknown(raw, KNOWN[operation]);
	const prompt = text(raw, 'prompt', 32_000);
	if (prompt === undefined) throw missing('prompt');
	if (prompt === '') {
		throw badRequest(
			"Invalid 'prompt': empty string. Expected a string with minimum length 1, but got an empty string instead.",
			'prompt',
			'empty_string',
		);
	}
	const id = text(raw, 'model', 256) ?? DEFAULT_MODEL[operation];
	const model = findImageModel(id, today);
	const format = oneOf(raw, 'output_format', FORMATS) ?? 'png';
	const frameCount = integer(raw, 'frame_count', 2, 16) ?? 9;
	const quality = oneOf(raw, 'quality', [...model.qualities, 'auto']) ?? 'auto';
	oneOf(raw, 'moderation', ['low', 'auto']);
	oneOf(raw, 'complexity', ['low', 'medium', 'high']);
	const request: ImageRequest = {
		operation,
		model,
		prompt,
		n: integer(raw, 'n', 1, 10) ?? 1,
		...resolveSize(text(raw, 'size', 32) ?? 'auto', model, format, frameCount, autoSize),
		quality: quality === 'auto' ? model.autoQuality : quality,
		background: oneOf(raw, 'background', ['transparent', 'opaque', 'auto']) ?? 'auto',
		format,
		compression: integer(raw, 'output_compression', 0, 100) ?? 100,
		stream: boolean(raw, 'stream') ?? false,
		partialImages: integer(raw, 'partial_images', 0, 3) ?? 0,
		frameCount,
		frameDurationMs: integer(raw, 'frame_duration_ms', 20, Number.MAX_SAFE_INTEGER) ?? 200,
		svgAuthor: svgAuthor(raw, operation),
		inputFidelity: inputFidelity(raw, model),
		safetyIdentifier: text(raw, 'safety_identifier', 128) || text(raw, 'user', 512) || undefined,
	};
	checkCombinations(request, raw);
	return request;
}

function inputFidelity(raw: RawParameters, model: ImageModel): 'high' | 'low' {
	const fidelity = oneOf(raw, 'input_fidelity', ['high', 'low']) ?? 'low';
	if (raw.input_fidelity == null || model.inputFidelity.includes(fidelity)) return fidelity;
	if (model.inputFidelity.length > 0) oneOf(raw, 'input_fidelity', model.inputFidelity);
	throw apiError('invalid_input_fidelity_model', {
		message: `The model '${model.id}' does not support the 'input_fidelity' parameter.`,
	});
}

/** The model that writes an SVG; it may be left out on edits alone. */
function svgAuthor(raw: RawParameters, operation: Operation): string {
	const svg = raw.svg ?? undefined;
	if (svg === undefined) return DEFAULT_SVG_AUTHOR;
	if (!isRecord(svg)) throw wrongType('svg', 'an object', svg);
	rejectUnknown(svg, new Set(['model', 'reasoning']), 'svg.');
	const author = text(svg, 'model', 256);
	if (author === undefined && operation === 'generate') throw missing('svg.model');
	if (author !== undefined) requireTextModel(author, 'svg.model');
	const reasoning = svg.reasoning ?? undefined;
	if (reasoning !== undefined) {
		if (!isRecord(reasoning)) throw wrongType('svg.reasoning', 'an object', reasoning);
		rejectUnknown(reasoning, new Set(['effort']), 'svg.reasoning.');
		oneOf(reasoning, 'effort', SVG_EFFORTS, 'svg.reasoning.effort');
	}
	return author ?? DEFAULT_SVG_AUTHOR;
}
