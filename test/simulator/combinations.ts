import { badRequest } from './apiError';
import type { RawParameters } from './parameters';
import type { ImageRequest } from './validate';

/**
 * Rules that concern more than one parameter. OpenAI's wording is only known for few of them.
 * @param raw the parameters as sent, to tell a given one from a default
 * @throws ApiError 400
 */
export function checkCombinations(request: ImageRequest, raw: RawParameters): void {
	const { format, model } = request;
	const given = (name: string) => raw[name] !== undefined && raw[name] !== null;
	const reject = (wrong: boolean, param: string, message: string) => {
		if (wrong) throw badRequest(message, param, 'invalid_value');
	};
	const drawn = format === 'gif' || format === 'svg';
	const label = format.toUpperCase();
	reject(
		drawn && !model.animated,
		'output_format',
		`${label} output is not supported for model '${model.id}'.`,
	);
	reject(
		request.background === 'transparent' && format !== 'png' && format !== 'webp',
		'background',
		`Transparent background is not supported for ${label} output format. Use 'png' or 'webp'.`,
	);
	reject(
		format === 'png' && request.compression < 100,
		'output_compression',
		'Compression less than 100 is not supported for PNG output format.',
	);
	reject(
		drawn && given('output_compression'),
		'output_compression',
		`${label} output does not support 'output_compression'.`,
	);
	reject(drawn && request.stream, 'stream', `${label} output does not support streaming.`);
	reject(
		drawn && request.partialImages > 0,
		'partial_images',
		`${label} output does not support 'partial_images'.`,
	);
	reject(
		request.partialImages > 0 && !request.stream,
		'partial_images',
		"'partial_images' is only supported with 'stream' set to true.",
	);
	for (const name of ['frame_count', 'frame_duration_ms']) {
		reject(
			format !== 'gif' && given(name),
			name,
			`'${name}' is only supported with output_format 'gif'.`,
		);
	}
	reject(
		format !== 'svg' && given('svg'),
		'svg',
		"'svg' is only supported with output_format 'svg'.",
	);
	reject(format === 'svg' && request.n !== 1, 'n', "SVG output requires 'n' to be 1.");
}
