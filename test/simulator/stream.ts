import { delay } from '../node';
import { Slots, type Answer } from './answer';
import { apiError } from './apiError';
import type { InputImages } from './inputs';
import type { Studio } from './studio';
import type { Fault } from './types';
import { streamUsageOf } from './usage';
import type { ImageRequest } from './validate';

/** When the events of a stream come. */
export interface StreamTiming {
	/** Milliseconds before the first event. */
	delayMs: number;
	/** Milliseconds after each partial image. */
	partialPauseMs: number;
	/** Aborted when the client goes away. */
	signal: AbortSignal;
}

/** The answer of a request with `stream: true`: for each image its partial images, then itself. */
export function streamAnswer(
	request: ImageRequest,
	inputs: InputImages,
	studio: Studio,
	fault: Fault,
	timing: StreamTiming,
): Answer {
	return {
		status: 200,
		headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
		body: events(request, inputs, studio, fault, timing),
	};
}

async function* events(
	request: ImageRequest,
	inputs: InputImages,
	studio: Studio,
	fault: Fault,
	{ delayMs, partialPauseMs, signal }: StreamTiming,
): AsyncGenerator<Buffer> {
	const family = request.operation === 'edit' ? 'image_edit' : 'image_generation';
	if (delayMs > 0) await delay(delayMs, undefined, { signal });
	for (let index = 0; index < request.n; index += 1) {
		signal.throwIfAborted();
		const made = await studio.make(request, inputs, index);
		const common = {
			created_at: Math.floor(Date.now() / 1000),
			size: `${request.width}x${request.height}`,
			quality: request.quality,
			background: made.background,
			output_format: request.format,
		};
		for (let partial = 0; partial < request.partialImages; partial += 1) {
			const base64 = await studio.partial(made, request, partial);
			yield* event(
				`${family}.partial_image`,
				base64,
				{ ...common, partial_image_index: partial },
				fault,
			);
			if (partialPauseMs > 0) await delay(partialPauseMs, undefined, { signal });
		}
		if (fault.errorEvent) {
			yield errorEvent(fault);
			return;
		}
		if (fault.omitCompleted && index === request.n - 1) return;
		const { safetyIdentifier } = request;
		yield* event(
			`${family}.completed`,
			made.base64,
			{
				...common,
				usage: streamUsageOf(request, inputs, index),
				...(safetyIdentifier !== undefined && { safety_identifier: safetyIdentifier }),
			},
			fault,
		);
	}
	if (fault.done) yield Buffer.from(`data: [DONE]${lineEnd(fault).repeat(2)}`);
}

const lineEnd = ({ whitespace }: Fault) => (whitespace ? '\r\n' : '\n');

function* event(
	type: string,
	base64: Buffer,
	fields: { output_format: string; [name: string]: unknown },
	fault: Fault,
): Generator<Buffer> {
	const slots = new Slots(fault);
	const value = { type, b64_json: slots.add(base64, fields.output_format), ...fields };
	const end = lineEnd(fault);
	const comment = fault.whitespace ? `: keep-alive${end}${end}` : '';
	yield Buffer.from(`${comment}event: ${type}${end}data:${fault.whitespace ? '' : ' '}`);
	yield* slots.write(value);
	yield Buffer.from(end + end);
}

function errorEvent(fault: Fault): Buffer {
	const { error } = apiError(fault.errorEvent ?? 'server_error').body;
	const end = lineEnd(fault);
	return Buffer.from(
		`event: error${end}data: ${JSON.stringify({ type: 'error', error })}${end}${end}`,
	);
}
