import { adviseOn } from '../../nodes/GptImage/errors/advice';
import type {
	ApiErrorClass,
	AnswerFailure,
	PlainFailure,
} from '../../nodes/GptImage/errors/failure';

/**
 * What the node says of a failure. The words themselves are asserted in the tests of errors and held against
 * docs/errors.md; everywhere else it is enough that they are those.
 */
export const wordsOf = (about: ApiErrorClass) =>
	adviseOn({ kind: 'api', class: about, reason: '' });

/** The same of a failure that is no error of the API. */
export const wordsOfKind = (kind: (AnswerFailure | PlainFailure)['kind']) =>
	adviseOn({ kind, reason: '' });

/** It has no kind: nothing of the node runs on afterwards. */
export const STOPPED = 'The execution was stopped';
