import type { Batches } from './batches/control';
import type { EndpointName } from './endpoint';
import type { FaultCode } from './errors';
import type { Files } from './files/control';
import type { GatewayName } from './gateways';
import type { PaidRequest } from './ledger';

/** How a simulator is set up. */
export interface SimulatorOptions {
	/** TCP port on 127.0.0.1. Default: any free one. */
	port?: number;
	/** The one key it accepts, as `Authorization: Bearer …` or `api-key: …`. Default `sk-simulator`. */
	apiKey?: string;
	/** Today as YYYY-MM-DD: decides which models are shut down. Default: the real date. */
	today?: string;
	/** `picture` draws what was asked; `noise` answers one cached PNG of `imageBytes` bytes. */
	draw?: 'picture' | 'noise';
	/** Size of the noise PNG in bytes. Default 1,000,000. */
	imageBytes?: number;
	/** Milliseconds each image request takes on the server before its first byte. */
	delayMs?: number;
	/**
	 * More images than this asked, or more input images sent, in the window are refused with 429
	 * `rate_limit_exceeded`. Batches have a pool of their own.
	 */
	rateLimit?: { images?: number; inputImages?: number; windowMs: number };
	/** Credit: once this many images were drawn, requests get 429 `insufficient_quota`. */
	maxImages?: number;
	/** WIDTHxHEIGHT that size `auto` stands for; need not follow the rules of sizes. Default 1024x1024. */
	autoSize?: string;
	/** Pause after each partial image of a stream, in milliseconds. */
	partialPauseMs?: number;
	/** How many seconds pass for files and batches in one real second. Default 1. */
	clockSpeed?: number;
	/** How long the stages of a batch take by that clock. */
	batchStages?: Partial<BatchStages>;
	/** Batches that may be created in an hour. Default 2,000. */
	batchesPerHour?: number;
	/** Files that may be uploaded in a minute. Default 1,000. */
	uploadsPerMinute?: number;
	/** Takes batches of every model, also of those OpenAI is said to make none of. */
	batchEveryModel?: boolean;
	/** Where the bytes of files lie while it runs. Default: the system's folder for such things. */
	filesFolder?: string;
	/** File ids that stand for a sample picture, also after `reset`. */
	sampleFiles?: string[];
}

/** How long each stage of a batch takes, in milliseconds of the simulator's clock. */
export interface BatchStages {
	/** Default one minute. */
	validatingMs: number;
	/** From the first request to the last. Default ten minutes; over a day makes batches expire. */
	workMs: number;
	/** Default one minute. */
	finalizingMs: number;
	/** Default ten minutes, the longest OpenAI names. */
	cancellingMs: number;
}

/** A file as it arrived in a multipart or JSON request. */
export interface ReceivedFile {
	/** The field name as sent, e.g. `image`, `image[]`, `mask`. */
	field: string;
	filename: string | undefined;
	contentType: string;
	/** The bytes; in noise mode only the first 64 kB are kept. */
	bytes: Buffer;
	/** How many bytes arrived. */
	size: number;
	sha256: string;
}

/** A request as it arrived, in order of arrival. */
export interface ReceivedRequest {
	method: string;
	/** Path with query. */
	path: string;
	headers: Record<string, string | string[] | undefined>;
	/** Multipart fields that are no files, under the names they were sent with. */
	fields: Record<string, string | string[]> | undefined;
	/** The parsed JSON body, if there was one. In noise mode long strings are cut. */
	json: unknown;
	files: ReceivedFile[];
	contentLength?: number;
	/** Milliseconds since the epoch. */
	startedAt: number;
	finishedAt?: number;
	/** True when the client went away before the answer was complete. */
	aborted: boolean;
	/** The status answered. */
	status?: number;
	/** The `x-request-id` answered. */
	requestId: string;
}

export type OutputFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'svg';

/** A final image the simulator made. */
export interface DrawnImage {
	/** Absent in noise mode. */
	bytes?: Buffer;
	sha256: string;
	format: OutputFormat;
	width: number;
	height: number;
	prompt: string;
}

/** Ways to answer 200 with something that holds no usable image. */
export type Garbage =
	| 'html'
	| 'empty'
	| 'notJson'
	| 'badBase64'
	| 'wrongMagic'
	| 'urlOnly'
	| 'emptyData'
	| 'badGzip';

/**
 * What goes wrong with a request. Members can be combined. A fault with an answer of its own
 * (`status`, `code`, `body`, `redirect`) replaces the work, any other fault strikes the answer of a
 * request that has taken effect; `effect` says otherwise.
 */
export interface Fault {
	/** How many requests it applies to. Default 1; Infinity until the next `reset`. */
	times?: number;
	/**
	 * Which requests it waits for: one endpoint, or all whose names begin so (`files`, `batches`,
	 * `images`). Default `images`.
	 */
	on?: EndpointName | 'images' | 'files' | 'batches';
	/**
	 * Whether the request takes effect before it fails: images are made and paid for, the file is
	 * stored or deleted, the batch is created or cancelled. Default: as said above.
	 */
	effect?: boolean;

	/** Answer with this status and `body` instead of an image. */
	status?: number;
	/** Headers to add to the answer, whatever it is. */
	headers?: Record<string, string>;
	/** An object is sent as JSON, a string as it is. Default: the API's own error body. */
	body?: object | string;
	/** Answer with the API's own status and body for this error code. */
	code?: FaultCode;
	/** `retry-after`: seconds, or an HTTP date. */
	retryAfter?: number | string;
	/** `retry-after-ms`. */
	retryAfterMs?: number;
	/** `x-should-retry`. */
	shouldRetry?: boolean;
	/** Answer with a redirect there (`status`, default 307). */
	redirect?: string;
	/** Do so before the request body was read; also with `resetAfterBytes: -1`. */
	early?: boolean;

	/** Reset the connection once so many bytes of the request body have arrived. */
	resetAfterRequestBytes?: number;
	/** Wait before the request takes effect. */
	delayMs?: number;
	/** Wait for this before the request takes effect; for tests in the same process. */
	until?: Promise<unknown>;
	/** Wait before the headers, after the request took effect. */
	answerDelayMs?: number;
	/** Send so many bytes of the body, then nothing more; the socket stays open. */
	stallAfterBytes?: number;
	/** Reset the connection after so many bytes of the body; -1 before, `headers` within the headers. */
	resetAfterBytes?: number | 'headers';
	/** End the (chunked) body properly after so many bytes. */
	truncateAfterBytes?: number;
	/** Send a Content-Length wrong by so many bytes (0: a right one instead of chunks). */
	wrongContentLength?: number;
	/** Write the body in pieces of so many bytes, with `pauseMs` between. */
	chunkBytes?: number;
	pauseMs?: number;

	/** A 200 without a usable image. */
	garbage?: Garbage;

	/** Valid variation: `\/` for every `/` of the base64. */
	escapeSlashes?: boolean;
	/** Valid variation: `data:image/…;base64,` before the base64. */
	dataUrlPrefix?: boolean;
	/** Valid variation: indented JSON; for a stream CRLF, comments and no blank after `data:`. */
	whitespace?: boolean;
	/** Valid variation: `usage` and `size` before `data`. */
	usageFirst?: boolean;
	/** Valid variation: the answer as that server writes it. */
	as?: GatewayName;
	/** Valid variation: a compressed body. */
	encoding?: 'gzip' | 'deflate' | 'br';

	/** Stream only: this error as an `error` event in place of the first completed image. */
	errorEvent?: FaultCode;
	/** Stream only: end without the last completed event. */
	omitCompleted?: boolean;
	/** Stream only: end with `data: [DONE]`. */
	done?: boolean;
}

/** What other processes can ask at `GET /control/stats`. */
export interface SimulatorStats {
	/** Image requests received. */
	imageRequests: number;
	/** Image requests being answered now. */
	running: number;
	/** The most image requests that were being answered at once. */
	maxConcurrent: number;
	openSockets: number;
	/** Images on the bill, from requests and batches. */
	imagesPaid: number;
	filesUploaded: number;
	filesDeleted: number;
	batchesCreated: number;
}

/** A running simulator. */
export interface Simulator {
	/** Base URL for clients, `http://127.0.0.1:PORT/v1`. */
	url: string;
	apiKey: string;
	requests: ReceivedRequest[];
	/** Every final image made, in order. */
	images: DrawnImage[];
	/** Every request that is on the bill, in order, those of batches included. */
	paid: readonly PaidRequest[];
	/** The files of the account. */
	files: Files;
	/** The batches of the account, and ways to move them on. */
	batches: Batches;
	/** Moves the clock of rate limits, files and batches on. */
	advance(ms: number): void;
	/** Queues faults: each request takes the next one that waits for its endpoint. */
	misbehave(...faults: Fault[]): void;
	/**
	 * Forgets requests, images, files, batches, queued faults, the rate windows, the credit used and
	 * the counts; the clock is back at the real time.
	 */
	reset(): void;
	openSockets(): number;
	stats(): SimulatorStats;
	close(): Promise<void>;
}
