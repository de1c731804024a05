import { jsonAnswer, type Answer } from './answer';
import { apiError, bodyForStatus } from './apiError';
import type { EndpointName } from './endpoint';
import type { Fault } from './types';

/** The faults that wait for the next requests. */
export class FaultQueue {
	private readonly queue: Array<{ fault: Fault; left: number }> = [];

	/** Appends faults; one with `times` is taken so many times (Infinity: until cleared). */
	add(faults: readonly Fault[]): void {
		for (const fault of faults) this.queue.push({ fault, left: fault.times ?? 1 });
	}

	/** The fault of a request to that endpoint; an empty one when nothing is to go wrong. */
	take(endpoint: EndpointName): Fault {
		const index = this.queue.findIndex(({ fault: { on = 'images' } }) =>
			`${endpoint}.`.startsWith(`${on}.`),
		);
		const next = this.queue[index];
		if (!next) return {};
		next.left -= 1;
		if (next.left <= 0) this.queue.splice(index, 1);
		return next.fault;
	}

	clear(): void {
		this.queue.length = 0;
	}
}

/** Headers a fault adds to whatever is answered. */
export function faultHeaders(fault: Fault): Record<string, string> {
	const { retryAfter, retryAfterMs, shouldRetry, redirect, headers } = fault;
	return {
		...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
		...(retryAfterMs !== undefined && { 'retry-after-ms': String(retryAfterMs) }),
		...(shouldRetry !== undefined && { 'x-should-retry': String(shouldRetry) }),
		...(redirect !== undefined && { location: redirect }),
		...headers,
	};
}

/** What a fault answers in place of the API, if it does so at all. */
export function refusal(fault: Fault): Answer | undefined {
	const { status, code, body, redirect } = fault;
	if (redirect !== undefined) {
		return { status: status ?? 307, headers: {}, body: [] };
	}
	const row = code && apiError(code);
	if (status === undefined && row === undefined && body === undefined) return undefined;
	const sent = status ?? row?.status ?? 200;
	if (typeof body === 'string') {
		const type = /^\s*</.test(body) ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8';
		return { status: sent, headers: { 'content-type': type }, body: [Buffer.from(body)] };
	}
	return jsonAnswer(sent, body ?? row?.body ?? bodyForStatus(sent));
}
