import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Hearing } from '../../errors/apiError';
import { RequestFailure } from '../../errors/failure';
import { storeImage, type IncomingImage, type StoredImage } from '../../images/output/store';
import type { BodyStream } from '../client';
import { MAX_IMAGES_PER_REQUEST } from '../request';
import type { Deadline } from '../retry/deadline';
import { readMessage } from './message';
import { readAnswer } from './readAnswer';

/** What came of an answer so far. */
export interface Received {
	/** Images that were stored, in the order of the answer. */
	images: StoredImage[];
	/** Previews that were stored, in order. */
	partials: StoredImage[];
	/** The answer's fields beside the images: `created`, `size`, `quality`, `usage` … */
	fields: IDataObject;
	/** Bytes of an image, or of a preview, have arrived. */
	hasImage: boolean;
}

/** How to receive the images of one answer. */
export interface ReceiveSettings {
	/** Ends the request, and every wait for n8n's store. */
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
 * Reads an answer and stores its images as they arrive.
 *
 * @param hearing what it takes to hear what the API says
 * @param received is filled; what is in it when this throws has arrived whole
 * @throws {RequestFailure} `api`, `answer`, `interrupted` or `store`, the first that went wrong;
 *   the deadline's reason; what the body throws
 */
export async function receiveImages(
	context: IExecuteFunctions,
	body: BodyStream,
	received: Received,
	hearing: Hearing,
	{ deadline, idleMs, images: wanted, keepPartials, outputFormat, fileName }: ReceiveSettings,
) {
	/** Images of the document that is being read, by their number in the answer. */
	const arrived = new Map<string, StoredImage>();
	const previews = new Set<string>();
	let count = 0;
	let firstProblem: unknown;
	const messages = readAnswer(deadline.watch(body, idleMs), async (bytes, event) => {
		const number = String(count++);
		received.hasImage = true;
		const isPreview = event?.endsWith('.partial_image') ?? false;
		if (isPreview) previews.add(number);
		if (isPreview && !keepPartials) return;
		const preview = isPreview ? received.partials.length + 1 : undefined;
		const index = received.images.length + arrived.size;
		// More than the API ever makes is a mistake of the server's, or meant to fill the disk.
		if (!isPreview && index >= MAX_IMAGES_PER_REQUEST) return;
		try {
			const expected = {
				format: outputFormat,
				name: (image: IncomingImage) => fileName(index, image, preview),
				signal: deadline.signal,
			};
			arrived.set(number, await storeImage(context, body, bytes, expected));
		} catch (error) {
			if (deadline.signal.aborted) throw error;
			// The other images of the answer are still worth having.
			firstProblem ??= error;
		}
	});
	let isStream = false;
	try {
		for await (const message of messages) {
			isStream ||= message.event !== undefined;
			const { numbers, isPartial, isLast, fields, failure } = readMessage(message, hearing);
			// A gateway may put them elsewhere; they are images of the prompt all the same.
			const named = new Set(numbers.length > 0 ? numbers : arrived.keys());
			const images = [...named].flatMap((number) => arrived.get(number) ?? []);
			if (isPartial) received.partials.push(...(keepPartials ? images : []));
			else received.images.push(...images);
			if (!isPartial) Object.assign(received.fields, hearing.redactor.json(fields));
			if (failure && received.images.length < wanted) firstProblem ??= failure;
			if (!isPartial && images.length < Math.min(named.size, MAX_IMAGES_PER_REQUEST)) {
				firstProblem ??= unexpected();
			}
			arrived.clear();
			// The image is here; whatever happens to the rest of the stream has cost nothing.
			if (isLast && firstProblem === undefined) break;
		}
		if (received.images.length === 0) firstProblem ??= noImage(isStream);
	} catch (error) {
		// Cut off in the middle of a document: whole images of it have arrived all the same.
		const whole = [...arrived].filter(([number]) => !previews.has(number));
		received.images.push(...whole.map(([, image]) => image));
		// What is missing behind the last image has cost nothing.
		if (received.images.length < wanted) firstProblem ??= error;
	}
	if (firstProblem !== undefined) throw firstProblem;
}

const noImage = (isStream: boolean) =>
	new RequestFailure({
		kind: isStream ? 'interrupted' : 'answer',
		reason: isStream ? 'The stream ended without an image' : 'The answer has no image in it',
	});

const unexpected = () =>
	new RequestFailure({ kind: 'answer', reason: 'The images are not where the API puts them' });
