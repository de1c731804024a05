import { apiError, badRequest } from './apiError';
import { isFaultCode } from './errors';
import {
	jsonInputs,
	multipartInputs,
	withoutImages,
	type FileReader,
	type InputImages,
} from './inputs';
import { fromForm, type RawParameters } from './parameters';
import type { ReceivedFile } from './types';
import { validate, type ImageRequest, type Operation, type Rules } from './validate';

/** A request that passed all checks, with its input images. */
export interface Asked {
	request: ImageRequest;
	inputs: InputImages;
}

/**
 * Checks the parameters of an image request and reads its input images.
 * @param form the files of a multipart body; undefined for JSON
 * @throws ApiError with the API's own error
 */
export async function understand(
	operation: Operation,
	raw: RawParameters,
	form: ReceivedFile[] | undefined,
	rules: Rules,
	readFile: FileReader,
): Promise<Asked> {
	if (operation === 'generate') {
		if (form) {
			throw apiError('invalid_value', {
				code: 'unsupported_content_type',
				param: undefined,
				message:
					"Unsupported content type: 'multipart/form-data'. This API method only accepts 'application/json' requests.",
			});
		}
		return { request: obeyed(validate(operation, raw, rules)), inputs: { images: [] } };
	}
	if (form) rejectRepeated(raw, form);
	const { others, images } = withoutImages(raw);
	const request = validate(operation, form ? fromForm(others) : others, rules);
	const inputs = form
		? await multipartInputs(form, images, request)
		: await jsonInputs(images, request, readFile);
	return { request: obeyed(request), inputs };
}

/** @throws ApiError 400 for a field of a form that came more than once and is no list */
function rejectRepeated(raw: RawParameters, files: ReceivedFile[]): void {
	const names = [...files.map(({ field }) => field), ...Object.keys(raw)];
	const repeated = names.find(
		(name, index) =>
			!name.endsWith('[]') && (names.indexOf(name) !== index || Array.isArray(raw[name])),
	);
	if (repeated === undefined) return;
	throw badRequest(
		`Duplicate parameter: '${repeated}'. You provided multiple values for this parameter, whereas only one is allowed. If you are trying to provide a list of values, use the array syntax instead e.g. '${repeated}[]=<value>'.`,
		repeated,
		'duplicate_parameter',
	);
}

/**
 * Fails for prompts that ask for it: `[moderation]`, or the name of an error of the table, such as
 * `[server_error]`.
 * @throws ApiError
 */
function obeyed(request: ImageRequest): ImageRequest {
	for (const [, word] of request.prompt.matchAll(/\[(\w+)\]/g)) {
		if (word === 'moderation') throw apiError('moderation_blocked');
		if (isFaultCode(word)) throw apiError(word);
	}
	return request;
}
