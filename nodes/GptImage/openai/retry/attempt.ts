import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { storeImage, type IncomingImage, type StoredImage } from '../../images/output/store';
import { readAnswer } from '../response/readAnswer';
import type { ApiRequest } from '../request';
import { connectionFailure, send, type ApiResponse } from '../client';
import type { Connection } from '../connection';
import type { Deadline } from './deadline';
import { RequestFailure } from '../../errors/failure';
import { readMessage } from '../response/message';

/** What came of sending a request once. */
export interface Attempt {
	/** Images that were stored, in the order of the answer. */
	images: StoredImage[];
	/** Previews that were stored, in order. */
	partials: StoredImage[];
	/** The answer's fields beside the images: `created`, `size`, `quality`, `usage` … */
	fields: IDataObject;
	requestId?: string;
	/** Why images are missing; some of them may be there. */
	failure?: RequestFailure;
	/** Bytes of an image, or of a preview, have arrived. */
	hasBegun: boolean;
	/** An answer has begun, so the images may have been paid for: do not ask again. */
	isPaidFor: boolean;
}

/** How to send a request once, and what to make of its answer. */
export interface AttemptSettings {
	/** Ends the attempt. */
	deadline: Deadline;
	/** Longest silence of an answer that has begun, in milliseconds. */
	idleMs: number;
	/** How many images the request asks for. */
	images: number;
	keepPartials: boolean;
	/** The `output_format` of the request, if any. */
	outputFormat: unknown;
	/** Names an image of the request from its number (from 0), or one of its previews (from 1). */
	fileName: (index: number, image: IncomingImage, preview?: number) => string;
}

/**
 * Sends a request once and stores its images as they arrive. What the API, the network or the binary store
 * do wrong ends up in `failure`; images that came through before are kept.
 *
 * @throws the execution's reason when it is stopped
 */
export async function attemptRequest(
	context: IExecuteFunctions,
	connection: Connection,
	request: ApiRequest,
	settings: AttemptSettings,
): Promise<Attempt> {
	const { signal } = settings.deadline;
	const attempt: Attempt = {
		images: [],
		partials: [],
		fields: {},
		hasBegun: false,
		isPaidFor: false,
	};
	let response: ApiResponse | undefined;
	let problem: unknown;
	try {
		response = await send(context, connection, request, signal, settings.idleMs);
		attempt.requestId = response.requestId;
		await receive(context, response, attempt, settings);
	} catch (error) {
		// The status of an answer says more than that its text took too long.
		const isRefusal = error instanceof RequestFailure && error.details.kind === 'api';
		const isStopped = signal.aborted && !(signal.reason instanceof RequestFailure && isRefusal);
		problem = isStopped ? signal.reason : error;
	}
	response?.body.destroy();
	if (problem === undefined) return attempt;
	if (signal.aborted && !(problem instanceof RequestFailure)) throw problem;
	attempt.failure = describe(problem, response);
	// Only an error that the API states before any image, or preview of one, proves that nothing was made.
	const isRefused = attempt.failure.details.kind === 'api' && !attempt.hasBegun;
	attempt.isPaidFor = response !== undefined && !isRefused;
	return attempt;
}

async function receive(
	context: IExecuteFunctions,
	{ body }: ApiResponse,
	attempt: Attempt,
	{ deadline, idleMs, images: wanted, keepPartials, outputFormat, fileName }: AttemptSettings,
) {
	/** Images of the document that is being read, by their number in the answer. */
	const arrived = new Map<string, StoredImage>();
	const previews = new Set<string>();
	let count = 0;
	let firstProblem: unknown;
	const messages = readAnswer(deadline.watch(body, idleMs), async (bytes, event) => {
		const number = String(count++);
		attempt.hasBegun = true;
		const isPreview = event?.endsWith('.partial_image') ?? false;
		if (isPreview) previews.add(number);
		if (isPreview && !keepPartials) return;
		const preview = isPreview ? attempt.partials.length + 1 : undefined;
		const index = attempt.images.length + arrived.size;
		try {
			const name = (image: IncomingImage) => fileName(index, image, preview);
			arrived.set(number, await storeImage(context, body, bytes, name, outputFormat));
		} catch (error) {
			// The other images of the answer are still worth having.
			firstProblem ??= error;
		}
	});
	let isStream = false;
	try {
		for await (const message of messages) {
			isStream ||= message.event !== undefined;
			const { numbers, isPartial, isLast, fields } = readMessage(message);
			// A gateway may put them elsewhere; they are images of the prompt all the same.
			const named = new Set(numbers.length > 0 ? numbers : arrived.keys());
			const images = [...named].flatMap((number) => arrived.get(number) ?? []);
			if (isPartial) attempt.partials.push(...(keepPartials ? images : []));
			else attempt.images.push(...images);
			if (!isPartial) Object.assign(attempt.fields, fields);
			if (!isPartial && images.length < named.size) firstProblem ??= unexpected();
			arrived.clear();
			// The image is here; whatever happens to the rest of the stream has cost nothing.
			if (isLast && firstProblem === undefined) break;
		}
		if (attempt.images.length === 0) firstProblem ??= noImage(isStream);
	} catch (error) {
		// Cut off in the middle of a document: whole images of it have arrived all the same.
		const whole = [...arrived].filter(([number]) => !previews.has(number));
		attempt.images.push(...whole.map(([, image]) => image));
		// What is missing behind the last image has cost nothing.
		if (attempt.images.length < wanted) firstProblem ??= error;
	}
	if (firstProblem !== undefined) throw firstProblem;
}

function describe(problem: unknown, response: ApiResponse | undefined): RequestFailure {
	const { details } = connectionFailure(problem);
	const requestId = details.requestId ?? response?.requestId;
	const isCutOff = details.kind === 'connection' && response !== undefined;
	const reason = `The connection broke (${details.reason})`;
	return new RequestFailure(
		isCutOff ? { kind: 'interrupted', reason, requestId } : { ...details, requestId },
	);
}

const noImage = (isStream: boolean) =>
	new RequestFailure({
		kind: isStream ? 'interrupted' : 'answer',
		reason: isStream ? 'The stream ended without an image' : 'The answer has no image in it',
	});

const unexpected = () =>
	new RequestFailure({ kind: 'answer', reason: 'The images are not where the API puts them' });
