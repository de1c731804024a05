import { readChunks } from '../../abort';
import { BOUNDS } from '../../bounds';
import type { ModelFamily } from '../../models/catalogue';
import type { Problem } from '../../models/rules';
import { nearestSize, sizeProblem } from '../../models/sizes';
import type { LinkedImage } from '../../openai/request';
import type { InputImage } from '../input/inputImage';
import { PngError } from '../png/byteReader';
import { PngDecoder } from '../png/decode';
import { expander } from '../png/pixels';
import { shownSize, sizeText } from '../scan/facts';
import type { Reopenable } from './keepRest';

/** What else is asked for. */
export interface KeepRestRequest {
	/** What is known of the models that may make it: the one that is set, and its fallback. */
	families: Array<ModelFamily | undefined>;
	/** The `size` that is set, `undefined` for one the model chooses. */
	size: unknown;
	/** The `output_format` that is set. */
	outputFormat: unknown;
}

/**
 * Tells beforehand why an edit cannot be put together with its first image.
 *
 * @returns what is wrong and the way out, or `undefined`; then the `size` to ask for is that of the first image
 */
export function keepRestProblem(
	first: InputImage | LinkedImage | undefined,
	{ families, size: wanted, outputFormat }: KeepRestRequest,
): Problem | undefined {
	if (!first || !('facts' in first)) {
		return {
			problem: 'Keep the Rest Unchanged needs the first image itself',
			remedy: 'Take the first image from a binary field or from base64, not by its address or ID.',
		};
	}
	const { facts, format } = first;
	const shown = shownSize(facts);
	if (!shown) return notPossible('its size is not known', 'Save it as a PNG again.');
	const size = sizeText(shown);
	const family = families.find((one) => sizeProblem(one, size) !== undefined);
	const target = family ? nearestSize(family, shown) : shown;
	const resize = `Resize it with n8n's Edit Image node before this node: Operation Resize, Width ${target.width}, Height ${target.height}, Option Ignore Aspect Ratio, and under Options Format PNG.`;
	if (format.name !== 'png') {
		return notPossible(
			`it is a ${format.name.toUpperCase()}, not a PNG`,
			family ? resize : CONVERT,
		);
	}
	if (family) return notPossible(`its size ${size} ${sizeProblem(family, size)}`, resize);
	if (shown.width * shown.height > BOUNDS.decodedPixels) {
		return notPossible(
			`it has more than ${BOUNDS.decodedPixels} pixels`,
			'Make it smaller before this node.',
		);
	}
	if (facts.png?.bitDepth === 16) return notPossible('it has 16 bits for each colour', SAVE_AGAIN);
	if (facts.png?.isInterlaced) return notPossible('it is interlaced', SAVE_AGAIN);
	if (facts.orientation !== 1) return notPossible('it is turned by its Exif data', SAVE_AGAIN);
	if (outputFormat !== undefined && outputFormat !== 'png') {
		return {
			problem: 'Keep the Rest Unchanged makes a PNG, but Output Format is another',
			remedy: 'Remove Output Format, or set it to PNG.',
		};
	}
	if (wanted !== undefined && wanted !== size) {
		return {
			problem: `Keep the Rest Unchanged needs the size of the first image, ${size}, but Size is another`,
			remedy: 'Set Size to Auto: the image then gets the size of the first.',
		};
	}
	return undefined;
}

/**
 * Looks at all of a mask, beforehand.
 *
 * @param signal ends the reading
 * @returns why the edit cannot be put together by it, or `undefined`
 * @throws what its file throws; the signal's reason
 */
export async function maskProblem(
	mask: Reopenable,
	signal: AbortSignal | undefined,
): Promise<Problem | undefined> {
	let problem: unknown;
	try {
		if (await hasClearPixel(mask, signal)) return undefined;
		return {
			problem: 'The mask leaves no pixel to change',
			remedy:
				'With Keep the Rest Unchanged the image changes where the mask is fully transparent (alpha 0).',
		};
	} catch (error) {
		problem = error;
	}
	if (!(problem instanceof PngError)) return await Promise.reject(problem);
	return {
		problem: `Keep the Rest Unchanged cannot read the mask: it ${problem.message}`,
		remedy: 'Save the mask as a PNG with 8 bits for each colour and alpha, without interlacing.',
	};
}

async function hasClearPixel(mask: Reopenable, signal: AbortSignal | undefined): Promise<boolean> {
	const file = readChunks(mask.open, signal);
	try {
		const decoder = await PngDecoder.open(file);
		const pixels = new Uint8Array(decoder.head.width * 4);
		const expand = expander(decoder.head, 4);
		let isClear = false;
		for await (const row of decoder.rows()) {
			if (isClear) continue;
			expand(row, pixels);
			for (let at = 3; at < pixels.length && !isClear; at += 4) isClear = pixels[at] === 0;
		}
		return isClear;
	} finally {
		await file.return(undefined);
	}
}

const CONVERT =
	"Convert it with n8n's Edit Image node before this node: add its option Format and choose PNG.";

const SAVE_AGAIN =
	"Save it as a plain PNG of 8 bits. n8n's Edit Image node does so in two steps: Format JPEG, then Format PNG.";

const notPossible = (why: string, remedy: string): Problem => ({
	problem: `Keep the Rest Unchanged is not possible with the first image: ${why}`,
	remedy,
});
