import type { ModelFamily } from '../models/catalogue';
import type { Tokens } from './tokenCost';
import { outputTokens } from './outputTokens';

/** A request, as far as its tokens depend on it. */
export interface Work {
	/** Body fields by the API's names, with `n` and `partial_images`. */
	fields: Record<string, unknown>;
	/** Pixels of each picture that goes in; `undefined` for one that only the API sees. */
	inputPixels: Array<number | undefined>;
}

/** OpenAI's image guide: each partial image costs so many output tokens more. */
const PARTIAL_IMAGE_TOKENS = 100;

/** No figures are published for newer models; users measure about 1,024 tokens for 1024x1024 pixels. */
const PIXELS_PER_TOKEN = 1024;

/** What a picture behind a link counts as. */
const USUAL_PIXELS = 1024 * 1024;

/** English has four to five bytes to a token; counting three errs to the safe side. */
const BYTES_PER_TEXT_TOKEN = 3;

/** What earlier answers say about a kind of request. */
export interface Experience {
	/** Output tokens of one image, the most that were seen. */
	outputTokens: number;
	/** How many times as many tokens input images had as estimated, the most that was seen; at least 1. */
	inputFactor: number;
}

/** @returns the tokens that pictures count as when they go in */
export function inputTokens(inputPixels: Work['inputPixels']): number {
	const pixels = inputPixels.reduce<number>((sum, one = USUAL_PIXELS) => sum + one, 0);
	return Math.ceil(pixels / PIXELS_PER_TOKEN);
}

/**
 * Estimates the tokens of a request before it is sent.
 *
 * @param family the model's, if it is known
 * @param seen what images of the same kind were made of, where there were any
 * @returns tokens of the whole request; `undefined` where neither figures nor experience tell
 */
export function estimateTokens(
	{ fields, inputPixels }: Work,
	family: ModelFamily | undefined,
	seen?: Experience,
): Tokens | undefined {
	const perImage = seen?.outputTokens ?? publishedTokens(fields, family);
	if (perImage === undefined) return undefined;
	return {
		textInput: Math.ceil(Buffer.byteLength(String(fields.prompt)) / BYTES_PER_TEXT_TOKEN),
		imageInput: Math.ceil(inputTokens(inputPixels) * (seen?.inputFactor ?? 1)),
		imageOutput: perImage * Number(fields.n ?? 1),
		textOutput: 0,
	};
}

function publishedTokens(
	{ quality, size, output_format: format, partial_images: partials }: Work['fields'],
	family: ModelFamily | undefined,
): number | undefined {
	// Nobody has said what the frames of a GIF count as, or an SVG.
	if (!family?.outputTokens || format === 'gif' || format === 'svg') return undefined;
	const tokens = outputTokens(family.outputTokens, quality, size);
	return tokens === undefined ? undefined : tokens + PARTIAL_IMAGE_TOKENS * Number(partials ?? 0);
}
