import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { apiError, type ErrorContext } from '../errors/apiError';
import { hasContent } from '../errors/errorText';
import { RequestFailure } from '../errors/failure';
import { AS_DRAWN, kept } from '../images/composite/kept';
import { storeImage, type IncomingImage, type StoredImage } from '../images/output/store';
import type { ApiSession } from '../openai/callApi';
import type { BodyStream } from '../openai/client';
import { Download } from '../openai/download';
import { MAX_IMAGES_PER_REQUEST } from '../openai/request';
import { readMessage } from '../openai/response/message';
import { readJsonLines, type JsonLine } from '../openai/response/jsonLines';
import { isRecord } from '../values';
import { RestPictures, type RestAtOpenAi } from './restPictures';

/** What came of one line of a batch. */
export interface LineResult {
	customId: string;
	/** In the order of the answer; there may be some although it failed. */
	images: StoredImage[];
	/** Fields of the answer beside the images. */
	fields: IDataObject;
	requestId?: string;
	failure?: RequestFailure;
}

/** Tells what belongs to a line. */
export interface LineNames {
	/** Names an image of a line from its number in it, from 0. */
	fileName(customId: string | undefined, position: number, image: IncomingImage): string;
	/** The `output_format` that was asked for, if any. */
	outputFormat(customId: string | undefined): unknown;
	/** What its images are put together with, if anything; `unknown` where nobody can tell any more. */
	rest(customId: string | undefined): RestAtOpenAi | 'unknown' | undefined;
	/** Free text of its request, which an error may repeat. */
	ownWords(customId: string): string[];
}

/**
 * Reads the lines of an output or error file in the order in which they stand, which is none, and stores each image
 * while it arrives. A line that is damaged fails alone, and is passed over when it does not even tell whose it is.
 *
 * @param isWanted whether a line is read; the images of one that is not are skipped
 * @throws {RequestFailure} when the file cannot be had, or is none of a batch; the reason of the stop
 */
export async function* readResults(
	context: IExecuteFunctions,
	session: ApiSession,
	fileId: string,
	names: LineNames,
	isWanted: (customId: string) => boolean,
): AsyncGenerator<LineResult> {
	const download = new Download(session, fileId);
	const line = new ImagesOfLine(context, session, await download.open(), names, isWanted);
	let hasLines = false;
	let strange: RequestFailure | undefined;
	for await (const one of readJsonLines(
		download.chunks(),
		async (bytes, before) => await line.take(bytes, before.member('custom_id')),
	)) {
		if (typeof one.said.custom_id === 'string') hasLines = true;
		else strange ??= one.problem ?? noLine();
		const result = line.end(one);
		if (result) yield result;
	}
	if (strange && !hasLines) throw strange;
}

/** It is paid for, so it is handed on; but nobody is to take it for what was asked for. */
const REST_LOST = `The first image or the mask is no longer at OpenAI. ${AS_DRAWN}`;
const REST_UNKNOWN = `The manifest of the batch, which tells what its edits keep, is no longer at OpenAI. ${AS_DRAWN}`;

/** What the API says of requests that a batch has not come to (OpenAI's batch guide). */
const UNMADE = ['batch_expired', 'batch_cancelled'];

/** Takes the images of one line after the other. */
class ImagesOfLine {
	private images: Array<StoredImage | undefined> = [];
	private problem: RequestFailure | undefined;
	/** Images of all lines so far: the documents name them by their number. */
	private before = 0;
	/** Images of the line that were stored as they came, by position. */
	private plain = new Set<number>();
	private readonly pictures: RestPictures;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly session: ApiSession,
		private readonly body: BodyStream,
		private readonly names: LineNames,
		private readonly isWanted: (customId: string) => boolean,
	) {
		this.pictures = new RestPictures(session);
	}

	async take(bytes: AsyncGenerator<Buffer>, customId: string | undefined) {
		const position = this.images.push(undefined) - 1;
		// More than the API ever makes is a mistake of the server's, or meant to fill the disk.
		const isTooMany = position >= MAX_IMAGES_PER_REQUEST;
		if (isTooMany || (customId !== undefined && !this.isWanted(customId))) return;
		const name = (image: IncomingImage) => this.names.fileName(customId, position, image);
		const format = this.names.outputFormat(customId);
		const signal = this.context.getExecutionCancelSignal();
		let problem: unknown;
		try {
			const rest = this.names.rest(customId);
			const keep = rest && rest !== 'unknown' && (await this.pictures.of(rest));
			const edit = keep ? kept(keep, bytes, signal) : undefined;
			const expected = { format, name, signal };
			const stored = await storeImage(this.context, this.body, edit?.bytes ?? bytes, expected);
			this.images[position] = { ...stored, keepRestError: edit?.problem() };
			if (!edit) this.plain.add(position);
			return;
		} catch (error) {
			problem = error;
		}
		this.session.stop.throwIfReached();
		// A download that is over ends everything; a picture that is none, or cut off, ends its line.
		if (!(problem instanceof RequestFailure)) throw problem;
		if (!['answer', 'input', 'interrupted', 'store'].includes(problem.details.kind)) throw problem;
		this.problem ??= problem;
	}

	/** @returns what came of the line, `undefined` for one that is not wanted */
	end({ said, problem: damage }: JsonLine): LineResult | undefined {
		const { images, problem, before, plain } = this;
		this.images = [];
		this.plain = new Set();
		this.problem = undefined;
		this.before += images.length;
		const customId = said.custom_id;
		if (typeof customId !== 'string' || !this.isWanted(customId)) return undefined;
		const { redactor } = this.session.connection;
		const answer = readLine(said, { redactor, ownWords: this.names.ownWords(customId) });
		const positions = answer.numbers.map((number) => Number(number) - before);
		const named = positions.length > 0 ? positions : [...images.keys()];
		const rest = this.names.rest(customId);
		const keepRestError = rest && (rest === 'unknown' ? REST_UNKNOWN : REST_LOST);
		const stored = named.flatMap((position) => {
			const image = images[position];
			if (!image) return [];
			return keepRestError && plain.has(position) ? { ...image, keepRestError } : image;
		});
		for (const [position, image] of stored.entries()) this.rename(customId, position, image);
		const isShort = stored.length < Math.min(named.length, MAX_IMAGES_PER_REQUEST);
		const missing = isShort || stored.length === 0 ? (problem ?? noImage()).details : undefined;
		const cut = damage && { kind: 'lost' as const, reason: damage.details.reason };
		const unusable = cut ?? missing;
		// What was answered well is paid for.
		const failure = answer.failure ?? (unusable && new RequestFailure(unusable, 'maybe'));
		return {
			customId,
			images: stored,
			fields: answer.fields,
			requestId: answer.requestId,
			failure,
		};
	}

	/** The name was made when the image began; only now is it certain whose it is. */
	private rename(customId: string, position: number, { binary, format, dimensions }: StoredImage) {
		binary.fileName = this.names.fileName(customId, position, { format, dimensions });
	}
}

/** @returns what a line says beside its images; why it has failed, in the API's words */
function readLine({ response, error }: Record<string, unknown>, errorContext: ErrorContext) {
	const answer = isRecord(response) ? response : {};
	const status = typeof answer.status_code === 'number' ? answer.status_code : undefined;
	const requestId = typeof answer.request_id === 'string' ? answer.request_id : undefined;
	const body = isRecord(answer.body) ? answer.body : {};
	const read = readMessage({ body }, errorContext);
	const isRefused = status !== undefined && status >= 300;
	const refusal = isRefused
		? apiError({ status, requestId, said: body }, errorContext)
		: read.failure;
	return {
		...read,
		requestId: errorContext.redactor.name(requestId),
		failure: failureOf(error, errorContext) ?? refusal,
	};
}

/** @returns why a request was not made, or not answered */
function failureOf(error: unknown, errorContext: ErrorContext): RequestFailure | undefined {
	if (!hasContent(error)) return undefined;
	const failure = apiError({ said: { error } }, errorContext);
	const isUnmade = isRecord(error) && UNMADE.some((code) => code === error.code);
	const { reason } = failure.details;
	return isUnmade ? new RequestFailure({ kind: 'unmade', reason }) : failure;
}

const noImage = () =>
	new RequestFailure({ kind: 'answer', reason: 'The answer has no image in it' });

const noLine = () =>
	new RequestFailure({ kind: 'call', reason: 'The file has no results of a batch in it' });
