/**
 * What an error of the API is about, whoever wrote it (OpenAI, Azure, a gateway or a proxy):
 * - `billing`: no credit, or an account that is not paid for; `spendLimit`: a limit the owner has set
 * - `rateLimit`: too many requests or images in a minute; `tooMuchPerRequest`: more in one request than a minute ever grants
 * - `batchQueue`: the account has as many tokens in unfinished batches as it may
 * - `overloaded`: no room at the moment; `serverFault`: a fault of the server's own
 * - `gatewayTimeout`: a proxy or gateway gave up waiting for the image
 * - `proxy`: a proxy did not reach the API, or got no proper answer; `proxyCredential`: a proxy asks for a login
 * - `safety`: the prompt or an image was refused for what it shows
 * - `model`: no such model, or none for this key; `unverified`: the organization is not verified;
 *   `lowTier`: the usage tier is too low; `noPreview`: no access to the preview of an output format
 * - `credential`: the key was not accepted; `permission`: the key may not do this; `country`: not offered there
 * - `badImage`: an input image was not accepted; `badParameter`: another value was not; `tooLarge`: the request's bytes are too many
 * - `address`: nothing answers at this address; `unsupported`: what answers does not know such a request
 * - `unknown`: it says nothing that this version understands
 */
export type ApiErrorClass =
	| 'billing'
	| 'spendLimit'
	| 'rateLimit'
	| 'tooMuchPerRequest'
	| 'batchQueue'
	| 'overloaded'
	| 'serverFault'
	| 'gatewayTimeout'
	| 'proxy'
	| 'proxyCredential'
	| 'safety'
	| 'model'
	| 'unverified'
	| 'lowTier'
	| 'noPreview'
	| 'credential'
	| 'permission'
	| 'country'
	| 'badImage'
	| 'badParameter'
	| 'tooLarge'
	| 'address'
	| 'unsupported'
	| 'unknown';

interface Told {
	/** What happened, in English, without secrets; for `api` the API's own words. */
	reason: string;
	requestId?: string;
}

/** The API answered with an error, as a status or inside a stream. */
export interface ApiFailure extends Told {
	kind: 'api';
	class: ApiErrorClass;
	/** HTTP status; none for an error inside an answer that began well. */
	status?: number;
	code?: string;
	type?: string;
	/** The field the API blames. */
	param?: string;
	/** Response headers that steer retries: `x-should-retry`, `retry-after-ms`, `retry-after`. */
	headers?: Record<string, string>;
	/** Stage and categories of a safety refusal. */
	moderation?: Record<string, unknown>;
}

/** No answer, or the connection broke before its first byte. */
export interface ConnectionFailure extends Told {
	kind: 'connection';
	/** Node's, e.g. `ECONNRESET`. */
	code?: string;
}

/** The answer sends the request elsewhere. */
export interface RedirectFailure extends Told {
	kind: 'redirect';
	status: number;
}

/** It was not sent, since the run would cost more than it may. */
export interface BudgetFailure extends Told {
	kind: 'budget';
	code: 'budget_reached';
	/** USD: what the request would cost as far as that is known, what the run has cost, and what it may. */
	budget: { estimatedCost?: number; spent: number; limit: number };
}

/** An answer came that is not what the API sends. */
export interface AnswerFailure extends Told {
	kind: 'answer';
	/** Where it says that its images are: a gateway's way, in place of the images. */
	links?: string[];
}

/**
 * What needs no more than words:
 * - `input`: a stored file could not be read
 * - `interrupted`: an answer began and broke off
 * - `timeout`: the time limit of the request or of a silent answer is over
 * - `store`: n8n could not store an image that came back
 * - `call`: nobody knows what became of a call about a file or a batch
 * - `unmade`: a batch has ended before it came to the request
 * - `lost`: a batch has no result of the request, though it has come to it
 */
export interface PlainFailure extends Told {
	kind: 'input' | 'interrupted' | 'timeout' | 'store' | 'call' | 'unmade' | 'lost';
}

/** What is known of a request that did not lead to (all) its images. */
export type FailureDetails =
	| ApiFailure
	| ConnectionFailure
	| RedirectFailure
	| BudgetFailure
	| AnswerFailure
	| PlainFailure;

/**
 * Whether a request may be on the bill:
 * - `no`: it was refused, or never reached the API
 * - `hardly`: it failed so early that no image can have been made, but nobody said so
 * - `maybe`: nobody knows what became of it
 * - `yes`: an image, or a preview of one, came back
 */
export type Billing = 'no' | 'hardly' | 'maybe' | 'yes';

/** Ends one request; `toNodeError` turns it into n8n's error. */
export class RequestFailure extends Error {
	override name = 'RequestFailure';

	/** @param billing whether the request that failed may be on the bill */
	constructor(
		readonly details: FailureDetails,
		readonly billing: Billing = 'no',
	) {
		super(details.reason);
	}
}

/** @returns whether the API has answered that there is no such thing */
export const isNotFound = (problem: unknown): problem is RequestFailure & { details: ApiFailure } =>
	problem instanceof RequestFailure &&
	problem.details.kind === 'api' &&
	problem.details.status === 404;
