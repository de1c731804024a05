import { crypto } from '../node';
import type { ApiError } from './apiError';
import { GATEWAYS } from './gateways';
import type { InputImages } from './inputs';
import type { Made } from './studio';
import type { Fault } from './types';
import { svgUsageOf, usageOf } from './usage';
import type { ImageRequest } from './validate';

/** An answer before it is written: a body of pieces, so that no large text is ever built. */
export interface Answer {
	status: number;
	headers: Record<string, string>;
	body: AsyncIterable<Buffer> | Iterable<Buffer>;
}

/** How the base64 of an image is written. */
export type Spelling = Pick<Fault, 'escapeSlashes' | 'dataUrlPrefix' | 'whitespace'>;

/** Bytes written at once. */
const PIECE = 256 * 1024;

/** A JSON answer. */
export function jsonAnswer(status: number, json: unknown): Answer {
	return {
		status,
		headers: { 'content-type': 'application/json' },
		body: [Buffer.from(JSON.stringify(json))],
	};
}

/** The answer for a failure. */
export function errorAnswer({ status, body, headers }: ApiError): Answer {
	const answer = jsonAnswer(status, body);
	return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** Places in a JSON text that images are written into. */
export class Slots {
	private readonly images = new Map<string, { base64: Buffer; format: string }>();

	constructor(private readonly spelling: Spelling) {}

	/** The string to put into the JSON value where that image belongs. */
	add(base64: Buffer, format: string): string {
		const slot = crypto.randomUUID();
		this.images.set(slot, { base64, format });
		return slot;
	}

	/** The pieces of the JSON text of `value` with every image in its place. */
	*write(value: unknown, indent?: number): Generator<Buffer> {
		let text = JSON.stringify(value, null, indent);
		for (const [slot, { base64, format }] of this.images) {
			const at = text.indexOf(slot);
			yield Buffer.from(text.slice(0, at));
			if (this.spelling.dataUrlPrefix) yield this.spelled(prefix(format));
			for (let start = 0; start < base64.length; start += PIECE) {
				yield this.spelled(base64.subarray(start, start + PIECE));
			}
			text = text.slice(at + slot.length);
		}
		yield Buffer.from(text);
	}

	private spelled(piece: Buffer): Buffer {
		if (!this.spelling.escapeSlashes) return piece;
		return Buffer.from(piece.toString('latin1').replaceAll('/', '\\/'), 'latin1');
	}
}

function prefix(format: string): Buffer {
	return Buffer.from(`data:image/${format === 'svg' ? 'svg+xml' : format};base64,`);
}

/** The answer of a request without a stream. @param created in seconds since the epoch */
export function imagesAnswer(
	request: ImageRequest,
	inputs: InputImages,
	images: Made[],
	fault: Fault,
	created = Math.floor(Date.now() / 1000),
): Answer {
	const { format, quality, safetyIdentifier, width, height } = request;
	const slots = new Slots(fault);
	const [first] = images;
	const data = images.map((image) => ({ b64_json: slots.add(image.base64, image.format) }));
	const size = `${width}x${height}`;
	const usage = usageOf(request, inputs);
	const head = {
		created,
		background: first?.background ?? 'opaque',
	};
	const tail = {
		...(safetyIdentifier !== undefined && { safety_identifier: safetyIdentifier }),
		...(format === 'svg' && { svg_usage: svgUsageOf(request, first?.bytes?.length ?? 0) }),
	};
	const told = { output_format: format, quality, size, usage, ...tail };
	const value = fault.usageFirst ? { ...told, ...head, data } : { ...head, data, ...told };
	return {
		status: 200,
		headers: { 'content-type': 'application/json' },
		body: slots.write(
			fault.as ? GATEWAYS[fault.as].success(value) : value,
			fault.whitespace ? 2 : undefined,
		),
	};
}
