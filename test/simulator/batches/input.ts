import { isRecord } from '../body';
import type { FileContent } from '../files/content';
import { takesBatches } from '../models';
import { linesOf, type TextLine } from './lines';

/** Where a request stands in the input file. */
export interface InputLine {
	customId: string;
	start: number;
	length: number;
}

/** What is wrong with an input file. */
export interface InputError {
	code: string;
	message: string;
	param: string | null;
	line: number | null;
}

const MAX_LINES = 50_000;
const MAX_CUSTOM_ID = 64;
const MAX_ERRORS = 100;

/**
 * Checks an input file line by line, as a batch is validated.
 * @param endpoint the one of the batch, which every line must name
 * @param everyModel takes models, too, of which there are said to be no batches
 */
export async function checkInput(
	content: FileContent,
	endpoint: string,
	everyModel: boolean,
): Promise<{ lines: InputLine[]; model: string | undefined; errors: InputError[] }> {
	const lines: InputLine[] = [];
	const errors: InputError[] = [];
	const ids = new Set<string>();
	let model: string | undefined;
	for await (const line of linesOf(content)) {
		const fail = (code: string, message: string, param: string | null = null) => {
			errors.push({ code, message, param, line: line.number });
		};
		if (errors.length >= MAX_ERRORS) break;
		const request = parse(line);
		if (!request) {
			fail('invalid_json_line', 'This line is not parseable as valid JSON.');
			continue;
		}
		const { custom_id: customId, method, url, body } = request;
		const absent = ['custom_id', 'method', 'url', 'body'].find((name) => request[name] == null);
		if (absent !== undefined) {
			fail('missing_required_parameter', `Missing required parameter: '${absent}'.`, absent);
			continue;
		}
		if (typeof customId !== 'string' || customId === '' || customId.length > MAX_CUSTOM_ID) {
			fail(
				'invalid_custom_id',
				`Invalid 'custom_id': expected a string of 1 to ${MAX_CUSTOM_ID} characters.`,
				'custom_id',
			);
			continue;
		}
		if (ids.has(customId)) {
			fail(
				'duplicate_custom_id',
				`The custom_id '${customId}' for this request is a duplicate of another request. The custom_id parameter must be unique for each request in a batch.`,
				'custom_id',
			);
		}
		ids.add(customId);
		if (method !== 'POST') {
			fail('invalid_method', "Invalid method: only 'POST' is supported.", 'method');
		}
		if (url !== endpoint) {
			fail(
				'url_mismatch',
				'The URL provided for this request does not match the batch endpoint.',
				'url',
			);
		}
		if (!isRecord(body)) fail('invalid_request', "Invalid 'body': expected an object.", 'body');
		else if (typeof body.model !== 'string') {
			fail('missing_required_parameter', "Missing required parameter: 'body.model'.", 'body.model');
		} else {
			model ??= body.model;
			if (body.model !== model) {
				fail(
					'model_mismatch',
					`The model '${body.model}' does not match the model '${model}' of the first request. All requests of a batch must use the same model.`,
					'body.model',
				);
			} else if (!everyModel && !takesBatches(model)) {
				fail(
					'model_not_found',
					`The provided model '${model}' is not supported by the Batch API.`,
					'body.model',
				);
			}
		}
		lines.push({ customId, start: line.start, length: line.bytes.length });
	}
	if (lines.length > MAX_LINES) {
		errors.push({
			code: 'too_many_tasks',
			message: `The input file has ${lines.length} requests. The maximum is ${MAX_LINES}.`,
			param: null,
			line: null,
		});
	}
	if (lines.length === 0 && errors.length === 0) {
		errors.push({
			code: 'empty_file',
			message:
				'The input file is empty. Please ensure that the batch contains at least one request.',
			param: null,
			line: null,
		});
	}
	return { lines, model, errors };
}

function parse({ bytes }: TextLine): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(bytes.toString('utf8'));
		return isRecord(value) ? value : undefined;
	} catch {
		return undefined;
	}
}
