import { badRequest } from './apiError';
import type { ImageModel } from './models';
import type { OutputFormat } from './types';

/** Width and height in pixels. */
export interface Size {
	width: number;
	height: number;
}

const STANDARD = ['1024x1024', '1536x1024', '1024x1536'];
const MAX_EDGE = 3840;
const MIN_PIXELS = 655_360;
const MAX_PIXELS = 8_294_400;

const invalid = (size: string, rule: string) =>
	badRequest(`Invalid size '${size}'. ${rule}`, 'size', 'invalid_value');

/**
 * The size asked for; `auto` is what is given, for a GIF the largest square its frames allow.
 * Rules: `openai` 7.57.0 comments on `size` and OpenAI's image guide.
 * @throws ApiError 400
 */
export function resolveSize(
	size: string,
	model: ImageModel,
	format: OutputFormat,
	frames: number,
	auto: Size,
): Size {
	if (size === 'auto') return format === 'gif' ? gifSize(frames) : auto;
	const [, width = 0, height = 0] = (/^(\d{1,5})x(\d{1,5})$/.exec(size) ?? []).map(Number);
	if (!width || !height) {
		throw invalid(size, "Expected 'auto' or a size like '1024x1024'.");
	}
	if (!model.freeSizes) {
		if (STANDARD.includes(size)) return { width, height };
		throw badRequest(
			`Invalid value: '${size}'. Supported values are: '1024x1024', '1024x1536', '1536x1024', and 'auto'.`,
			'size',
			'invalid_value',
		);
	}
	if (width % 16 || height % 16) {
		throw invalid(size, 'Width and height must both be divisible by 16.');
	}
	if (Math.max(width, height) > MAX_EDGE) {
		throw invalid(size, `The longest edge must be at most ${MAX_EDGE} pixels.`);
	}
	if (Math.max(width, height) > 3 * Math.min(width, height)) {
		throw invalid(size, 'The aspect ratio must be between 1:3 and 3:1.');
	}
	if (width * height > MAX_PIXELS) {
		throw invalid(size, `The total number of pixels must be at most ${MAX_PIXELS}.`);
	}
	if (format === 'gif') checkSheet(size, { width, height }, frames);
	// Not for GIF: frame sizes above this floor would leave no square for 13 frames and more.
	else if (width * height < MIN_PIXELS) {
		throw invalid(size, `The total number of pixels must be at least ${MIN_PIXELS}.`);
	}
	return { width, height };
}

/**
 * The sheet all frames of a GIF are rendered on: columns and rows. Derived from measured limits
 * (square frames: 960 pixels for 2–9 frames, 816 for 10–12, 720 for 13–16).
 */
export function gifSheet(frames: number): { columns: number; rows: number } {
	if (frames <= 9) return { columns: 3, rows: 3 };
	return frames <= 12 ? { columns: 4, rows: 3 } : { columns: 4, rows: 4 };
}

function checkSheet(size: string, frame: Size, frames: number): void {
	const { columns, rows } = gifSheet(frames);
	const width = frame.width * columns;
	const height = frame.height * rows;
	if (Math.max(width, height) > MAX_EDGE || width * height > MAX_PIXELS) {
		throw invalid(size, `It exceeds the GIF size limits for ${frames} frames.`);
	}
}

function gifSize(frames: number): Size {
	const edge = frames <= 9 ? 960 : frames <= 12 ? 816 : 720;
	return { width: edge, height: edge };
}

/** A size from its text. @throws RangeError */
export function parseSize(text: string): Size {
	const [, width = 0, height = 0] = (/^(\d{1,5})x(\d{1,5})$/.exec(text) ?? []).map(Number);
	if (!width || !height) throw new RangeError(`Not a size: ${text}`);
	return { width, height };
}
