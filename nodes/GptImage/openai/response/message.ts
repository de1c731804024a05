import type { IDataObject } from 'n8n-workflow';
import { BOUNDS } from '../../bounds';
import { apiError, type ErrorContext } from '../../errors/apiError';
import { hasContent, statesError } from '../../errors/errorText';
import { RequestFailure } from '../../errors/failure';
import { isRecord } from '../../values';
import { MAX_IMAGES_PER_REQUEST } from '../request';
import type { AnswerMessage } from './readAnswer';

/** Fields that are about the transport, an error, or are the images themselves. */
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
	/** What the document says beside the images, by the names of a JSON answer; fit to be shown. */
	fields: IDataObject;
	/** An error that it states; there may be images all the same. */
	failure?: RequestFailure;
}

/**
 * Makes sense of one document of an answer: a JSON body (`ImagesResponse`) or an event
 * (`ImageGenStreamEvent`, `ImageEditStreamEvent` of `openai` 7.57.0).
 *
 * @param errorContext what errors of the API are read with
 */
export function readMessage(
	{ body, event }: Pick<AnswerMessage, 'body' | 'event'> & Partial<AnswerMessage>,
	errorContext: ErrorContext,
): ReadMessage {
	const entries: unknown[] = Array.isArray(body.data) ? body.data : [body];
	const records = entries.filter(isRecord);
	const numbers = records.flatMap(({ b64_json }) =>
		typeof b64_json === 'string' && b64_json !== '' ? [b64_json] : [],
	);
	const kept = Object.entries(body).filter(([name]) => !NOT_KEPT.includes(name));
	const created = body.created_at === undefined ? {} : { created: body.created_at };
	const fields = errorContext.redactor.json({ ...created, ...Object.fromEntries(kept) });
	const links = numbers.length === 0 ? linksOf(records, errorContext) : [];
	return {
		numbers,
		fields,
		failure: errorOf(body, event, errorContext) ?? (links.length > 0 ? linked(links) : undefined),
	};
}

function errorOf(
	body: Record<string, unknown>,
	event: string | undefined,
	errorContext: ErrorContext,
): RequestFailure | undefined {
	const isErrorEvent = body.type === 'error' || event === 'error';
	if (!isErrorEvent && !statesError(body)) return undefined;
	const { type, ...rest } = body;
	const error = type === 'error' ? rest : body;
	return apiError({ said: hasContent(body.error) ? rest : { error } }, errorContext);
}

/** Where an answer says that its images are: they may be paid for, and somebody can fetch them. */
const linksOf = (records: Array<Record<string, unknown>>, { redactor }: ErrorContext) =>
	records
		.flatMap(({ url }) => (typeof url === 'string' ? [url] : []))
		.filter((url) => /^https?:\/\//i.test(url) && url.length <= BOUNDS.urlCharacters)
		.slice(0, MAX_IMAGES_PER_REQUEST)
		.map((url) => redactor.text(url, BOUNDS.urlCharacters));

const linked = (links: string[]) =>
	new RequestFailure({
		kind: 'answer',
		reason: 'The answer has a link (url) in place of the image (b64_json)',
		links,
	});
