import type { FamilyName, Quality } from './models';
import { inputImageTokens } from './inputTokens';
import type { InputImages } from './inputs';
import { gifSheet, type Size } from './sizes';
import type { ImageRequest } from './validate';

/** Extra output tokens for each partial image (OpenAI's image guide). */
const PARTIAL_IMAGE_TOKENS = 100;

type Table = Record<Quality, number>;

/**
 * Base of the formula behind OpenAI's price calculator; it reproduces the published token table of
 * gpt-image-2 to the digit.
 */
const BASE: Record<'2' | '2.5', Table> = {
	'2': { low: 16, medium: 48, high: 96, xhigh: 96, max: 96 },
	'2.5': { low: 16, medium: 24, high: 48, xhigh: 64, max: 96 },
};

/** Published tokens of the older models: square, portrait, landscape. */
const OLD: Record<'low' | 'medium' | 'high', [number, number, number]> = {
	low: [272, 408, 400],
	medium: [1056, 1584, 1568],
	high: [4160, 6240, 6208],
};

function calculated(base: number, { width, height }: Size): number {
	const short = Math.min(width, height);
	const long = Math.max(width, height);
	const units = Math.round((base * short) / long);
	return Math.ceil((base * units * (2_000_000 + width * height)) / 4_000_000);
}

/** Output tokens of one image without partial images. */
export function outputTokens(family: FamilyName, quality: Quality, size: Size): number {
	if (family === '2' || family === '2.5') return calculated(BASE[family][quality], size);
	if (family === '2.6') {
		// Nobody published a formula for 2.6. Measurements say three to four times the tokens of 2.5
		// for low and medium, and about the same from high on.
		const factor = quality === 'low' || quality === 'medium' ? 3 : 1;
		return factor * calculated(BASE['2.5'][quality], size);
	}
	const [square, portrait, landscape] =
		OLD[quality === 'low' || quality === 'medium' ? quality : 'high'];
	if (size.width === size.height) return square;
	return size.width < size.height ? portrait : landscape;
}

/** Output tokens of one image as asked. A GIF is counted as the one sheet its frames share (a guess). */
export function imageTokens(request: ImageRequest): number {
	const { model, quality, width, height, format, frameCount } = request;
	const { columns, rows } = format === 'gif' ? gifSheet(frameCount) : { columns: 1, rows: 1 };
	return outputTokens(model.family, quality, {
		width: width * columns,
		height: height * rows,
	});
}

/** Input tokens: about four characters per text token, and those of the images. */
function inputTokens(request: ImageRequest, inputs: InputImages) {
	const image = [...inputs.images, inputs.mask, inputs.markup].reduce(
		(sum, file) => sum + (file ? inputImageTokens(request, file) : 0),
		0,
	);
	return { text: Math.ceil(request.prompt.length / 4), image };
}

/** The `usage` of a whole answer without a stream. */
export function usageOf(request: ImageRequest, inputs: InputImages) {
	const output = request.n * imageTokens(request);
	const { text, image } = inputTokens(request, inputs);
	return {
		input_tokens: text + image,
		input_tokens_details: { image_tokens: image, text_tokens: text },
		output_tokens: output,
		output_tokens_details: { image_tokens: output, text_tokens: 0 },
		total_tokens: text + image + output,
	};
}

/**
 * The `usage` of one completed event. With n > 1 the input is counted in the first event only, so
 * that all events add up to the usage of the same request without a stream (plus partial images).
 * What OpenAI does there is not documented.
 */
export function streamUsageOf(request: ImageRequest, inputs: InputImages, index: number) {
	const output = imageTokens(request) + request.partialImages * PARTIAL_IMAGE_TOKENS;
	const { text, image } = index === 0 ? inputTokens(request, inputs) : { text: 0, image: 0 };
	return {
		input_tokens: text + image,
		input_tokens_details: { image_tokens: image, text_tokens: text },
		output_tokens: output,
		total_tokens: text + image + output,
	};
}

/** The `svg_usage` of an SVG answer: the author model's tokens. */
export function svgUsageOf(request: ImageRequest, svgBytes: number) {
	const input = Math.ceil(request.prompt.length / 4) + 1024;
	const output = Math.ceil(svgBytes / 3);
	const reasoning = 128;
	return {
		model: request.svgAuthor,
		input_tokens: input,
		output_tokens: output + reasoning,
		reasoning_tokens: reasoning,
		total_tokens: input + output + reasoning,
	};
}
