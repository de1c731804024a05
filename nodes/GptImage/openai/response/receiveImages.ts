import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { BOUNDS } from '../../bounds';
import type { ErrorContext } from '../../errors/apiError';
import { RequestFailure } from '../../errors/failure';
import type { KeepRest } from '../../images/composite/keepRest';
import { kept } from '../../images/composite/kept';
import { storeImage, type IncomingImage, type StoredImage } from '../../images/output/store';
import type { BodyStream } from '../client';
import { MAX_IMAGES_PER_REQUEST } from '../request';
import type { Deadline } from '../retry/deadline';
import { readMessage } from './message';
import { readAnswer, type AnswerMessage, type ArrivingImage } from './readAnswer';

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
	/** What each image, and each preview, is to keep of the first image of its edit. */
	keepRest?: KeepRest;
	/** Names an image of the request from its number (from 0), or one of its previews (from 1). */
	fileName: (index: number, image: IncomingImage, preview?: number) => string;
}

/**
 * Reads an answer and stores its images as they arrive.
 *
 * @param errorContext what errors of the API are read with
 * @param received is filled; what is in it when this throws has arrived whole
 * @throws {RequestFailure} `api`, `answer`, `interrupted` or `store`, the first that went wrong;
 *   the deadline's reason; what the body throws
 */
export async function receiveImages(
	context: IExecuteFunctions,
	body: BodyStream,
	received: Received,
	errorContext: ErrorContext,
	settings: ReceiveSettings,
) {
	const {
		deadline,
		idleMs,
		images: wanted,
		keepPartials,
		outputFormat,
		keepRest,
		fileName,
	} = settings;
	const alarm = (ms: number, act: () => void) => deadline.after(ms, act);
	const most = Math.max(wanted, MAX_IMAGES_PER_REQUEST);
	/** Images of the document that is being read, by their number in the answer. */
	const arrived = new Map<string, StoredImage>();
	let previews = 0;
	let firstProblem: unknown;

	const onImage = async (bytes: AsyncGenerator<Buffer>, image: ArrivingImage) => {
		received.hasImage = true;
		const isPreview = image.isPreview === true;
		if (isPreview) previews += 1;
		const index = received.images.length + arrived.size;
		// More than the API ever makes is a mistake of the server's, or meant to fill the disk.
		const isTooMany = isPreview ? previews > BOUNDS.previewsPerAnswer : index >= most;
		if (isTooMany || (isPreview && !keepPartials)) return;
		const preview = isPreview ? received.partials.length + 1 : undefined;
		try {
			const edit = keepRest && kept(keepRest, bytes, deadline.signal, !isPreview);
			const expected = {
				format: outputFormat,
				name: (incoming: IncomingImage) => fileName(index, incoming, preview),
				signal: deadline.signal,
			};
			const stored = await storeImage(context, body, edit?.bytes ?? bytes, expected);
			arrived.set(image.number, { ...stored, keepRestError: edit?.problem() });
		} catch (error) {
			deadline.signal.throwIfAborted();
			// The other images of the answer are still worth having, and a preview is nothing without its image.
			if (image.isPreview !== true) firstProblem ??= error;
		}
	};

	const take = ({ event, isPreview, isCut, ...message }: AnswerMessage) => {
		const { numbers, fields, failure } = readMessage(
			{ event, isPreview, isCut, ...message },
			errorContext,
		);
		// A gateway may put them elsewhere, or name one twice, or break its JSON; they are images of the prompt all the same.
		const named = new Set([...numbers, ...arrived.keys()]);
		const images = [...named].flatMap((number) => arrived.get(number) ?? []);
		arrived.clear();
		if (isPreview) {
			for (const stored of keepPartials ? images : []) {
				const number = received.partials.push(stored);
				// Its name was made before it was known to be one.
				stored.binary.fileName = fileName(received.images.length, stored, number);
			}
			return;
		}
		received.images.push(...images);
		Object.assign(received.fields, fields);
		firstProblem ??= failure;
		if (!isCut && images.length < Math.min(named.size, most)) firstProblem ??= unexpected();
	};

	let isStream = false;
	try {
		const messages = readAnswer(
			deadline.watch(body, idleMs),
			{ images: wanted, keepPartials, alarm },
			onImage,
		);
		for await (const message of messages) {
			isStream ||= message.event !== undefined;
			take(message);
			// The images are here; whatever happens to the rest of the stream has cost nothing.
			if (received.images.length >= wanted) return;
			if (isStream && firstProblem instanceof RequestFailure && firstProblem.details.kind === 'api')
				break;
		}
	} catch (error) {
		firstProblem ??= error;
	}
	if (received.images.length >= wanted) return;
	if (firstProblem === undefined && received.images.length === 0) firstProblem = noImage(isStream);
	if (firstProblem !== undefined) throw asFailure(firstProblem);
}

/** What is thrown is a failure, or the reason of a stop, which is an error of its own. */
const asFailure = (problem: unknown) =>
	problem instanceof Error ? problem : new Error(String(problem));

const noImage = (isStream: boolean) =>
	new RequestFailure({
		kind: isStream ? 'interrupted' : 'answer',
		reason: isStream ? 'The stream ended without an image' : 'The answer has no image in it',
	});

const unexpected = () =>
	new RequestFailure({ kind: 'answer', reason: 'The images are not where the API puts them' });
