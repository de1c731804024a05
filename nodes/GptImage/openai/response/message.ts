import type { IDataObject } from 'n8n-workflow';
import type { AnswerMessage } from './readAnswer';
import { isRecord } from '../../values';
import { apiError, type Hearing } from '../../errors/apiError';
import { hasContent, statesError } from '../../errors/errorText';
import { RequestFailure } from '../../errors/failure';

/** Fields that are about the transport or are the images themselves. */
const NOT_KEPT = [
	'data',
	'b64_json',
	'type',
	'partial_image_index',
	'created_at',
	'object',
	'error',
];

export interface ReadMessage {
	/** Numbers of its images, as they stand in `b64_json`, in order. */
	numbers: string[];
	/** The images are previews. */
	isPartial: boolean;
	/** The image of a streamed request is complete; it has no other. */
	isLast: boolean;
	/** What the document says beside the images, by the names of a JSON answer. */
	fields: IDataObject;
	/** An error that stands beside the images. */
	failure?: RequestFailure;
}

/**
 * Makes sense of one document of an answer: a JSON body (`ImagesResponse`) or an event
 * (`ImageGenStreamEvent`, `ImageEditStreamEvent` of `openai` 7.57.0).
 *
 * @throws {RequestFailure} `api` when it states an error, `answer` when it has a link instead of an image
 */
export function readMessage({ body, event }: AnswerMessage, hearing: Hearing): ReadMessage {
	const type = typeof body.type === 'string' ? body.type : event;
	const said = type === 'error' && !hasContent(body.error) ? { error: body } : body;
	const failure = type === 'error' || statesError(body) ? apiError({ said }, hearing) : undefined;
	const entries: unknown[] = Array.isArray(body.data) ? body.data : [body];
	const records = entries.filter(isRecord);
	const numbers = records.flatMap(({ b64_json }) =>
		typeof b64_json === 'string' ? [b64_json] : [],
	);
	if (failure && numbers.length === 0) throw failure;
	if (numbers.length === 0 && records.some(({ url }) => typeof url === 'string')) {
		throw new RequestFailure({
			kind: 'answer',
			reason: 'The answer has a link (url) in place of the image (b64_json)',
		});
	}
	const kept = Object.entries(body).filter(([name]) => !NOT_KEPT.includes(name));
	const created = body.created_at === undefined ? {} : { created: body.created_at };
	return {
		numbers,
		isPartial: type?.endsWith('.partial_image') ?? false,
		isLast: type?.endsWith('.completed') ?? false,
		fields: { ...created, ...Object.fromEntries(kept) },
		failure,
	};
}
