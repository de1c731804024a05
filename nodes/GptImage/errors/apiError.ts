import { BOUNDS } from '../bounds';
import { apiFailure } from './classify';
import { readErrorJson, readErrorText, type ErrorText } from './errorText';
import { RequestFailure, type ApiFailure } from './failure';
import { withoutOwnWords } from './ownWords';
import type { Redactor } from './redact';

/** An error of the API as it came. */
export interface RawError {
	/** HTTP status, `undefined` inside an answer that began well. */
	status?: number;
	/** Response headers that steer retries. */
	headers?: Record<string, string>;
	requestId?: string;
	/** A body as text, or what was parsed of it. */
	said: unknown;
}

/** What an error of the API is read with, so that it can be shown and is not misunderstood. */
export interface ErrorContext {
	redactor: Redactor;
	/** Free text of the request, which an error may repeat: prompt, addresses, file names. */
	ownWords: string[];
}

/**
 * The gate for every error of the API, from an answer or an event: parsed in the shape of whatever server wrote it,
 * cut, without secrets, and classified. Nothing else of it goes any further.
 */
export function apiError({ said, ...raw }: RawError, errorContext: ErrorContext): RequestFailure {
	const text = typeof said === 'string' ? readErrorText(said) : readErrorJson(said);
	return new RequestFailure(toFailure(text, raw, errorContext));
}

function toFailure(
	{ words, codes, type, param, moderation }: ErrorText,
	{ status, headers = {}, requestId }: Omit<RawError, 'said'>,
	{ redactor, ownWords }: ErrorContext,
): ApiFailure {
	const name = (said: string | undefined) => redactor.name(said);
	// A status in words tells nothing more.
	const telling = codes.filter((code) => code !== String(status));
	let known: string | undefined;
	const categories = categoriesOf(moderation?.categories, words).flatMap((one) => name(one) ?? []);
	const stage = typeof moderation?.moderation_stage === 'string' ? moderation.moderation_stage : '';
	return apiFailure(
		{
			reason: redactor.text(words),
			status,
			code: name(telling.find((code) => !/^[45]\d\d$/.test(code)) ?? telling[0]),
			type: name(type),
			param: name(param),
			requestId: name(requestId),
			headers: Object.fromEntries(
				Object.entries(headers).map(([header, value]) => [header, redactor.text(value)]),
			),
			...((moderation !== undefined || categories.length > 0) && {
				moderation: {
					...(stage !== '' && { moderation_stage: name(stage) }),
					...(categories.length > 0 && { categories }),
				},
			}),
		},
		{
			status,
			codes,
			type,
			param,
			words: () => (known ??= withoutOwnWords(words.slice(0, BOUNDS.wordCharacters), ownWords)),
		},
	);
}

/** At most so many categories of a safety refusal are told. */
const MOST_CATEGORIES = 10;

/** Categories by themselves, or in the words: "safety_violations=[violence, self-harm]". */
function categoriesOf(told: unknown, words: string): string[] {
	const start = words.indexOf('safety_violations=[');
	const listed =
		start < 0
			? ''
			: words.slice(start + 'safety_violations=['.length, start + 300).replace(/\][^]*$/, '');
	const found: unknown[] = Array.isArray(told) ? told : listed.split(',');
	return found
		.flatMap((one) => (typeof one === 'string' && one.trim() !== '' ? [one.trim()] : []))
		.slice(0, MOST_CATEGORIES);
}
