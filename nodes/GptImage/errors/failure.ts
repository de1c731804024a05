/** What is known of a request that did not lead to (all) its images. */
export interface FailureDetails {
	/**
	 * - `api`: the API answered with an error body, as a status or inside a stream
	 * - `input`: a stored file could not be read
	 * - `connection`: no answer, or the connection broke before its first byte
	 * - `answer`: an answer came that is not what the API sends
	 * - `interrupted`: an answer began and broke off
	 * - `timeout`: the time limit of the request or of a silent answer is over
	 * - `redirect`: the answer sends the request elsewhere
	 * - `store`: n8n could not store an image that came back
	 * - `budget`: it was not sent, since the run would cost more than it may
	 */
	kind:
		| 'api'
		| 'input'
		| 'connection'
		| 'answer'
		| 'interrupted'
		| 'timeout'
		| 'redirect'
		| 'store'
		| 'budget';
	/** What happened, in English, without secrets; for `api` the API's own words. */
	reason: string;
	status?: number;
	code?: string;
	type?: string;
	param?: string;
	requestId?: string;
	/** Response headers that steer retries: `x-should-retry`, `retry-after-ms`, `retry-after`. */
	headers?: Record<string, string>;
	/** Stage and categories of a safety refusal. */
	moderation?: Record<string, unknown>;
	/** USD: what the request would cost as far as that is known, what the run has cost, and what it may. */
	budget?: { estimatedCost?: number; spent: number; limit: number };
}

/** Ends one request; `errors.ts` turns it into n8n's error. */
export class RequestFailure extends Error {
	override name = 'RequestFailure';

	constructor(readonly details: FailureDetails) {
		super(details.reason);
	}
}
