import type { FaultCode } from './errors';

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
	/** More images than this asked in the window are refused with 429 `rate_limit_exceeded`. */
	rateLimit?: { images: number; windowMs: number };
	/** Credit: once this many images were drawn, requests get 429 `insufficient_quota`. */
	maxImages?: number;
	/** Pause after each partial image of a stream, in milliseconds. */
	partialPauseMs?: number;
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

/** What goes wrong with an image request. Members can be combined. */
export interface Fault {
	/** How many requests it applies to. Default 1; Infinity until the next `reset`. */
	times?: number;

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

	/** Wait before the headers. */
	delayMs?: number;
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
}

/** A running simulator. */
export interface Simulator {
	/** Base URL for clients, `http://127.0.0.1:PORT/v1`. */
	url: string;
	apiKey: string;
	requests: ReceivedRequest[];
	/** Every final image made, in order. */
	images: DrawnImage[];
	/** Queues faults: each image request takes the next one. */
	misbehave(...faults: Fault[]): void;
	/** Forgets requests, images, queued faults, the rate window, the credit used and the counts. */
	reset(): void;
	openSockets(): number;
	stats(): SimulatorStats;
	close(): Promise<void>;
}
