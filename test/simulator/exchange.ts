import { crypto, type http } from '../node';
import type { ReceivedRequest } from './types';

/** A request under way, with its record. */
export class Exchange {
	readonly received: ReceivedRequest;

	/** Aborted when the connection ends, also after a complete answer. */
	readonly signal: AbortSignal;

	private cutHere = false;

	constructor(
		request: http.IncomingMessage,
		readonly response: http.ServerResponse,
	) {
		const { method = '', url = '', headers } = request;
		const length = headers['content-length'];
		this.received = {
			method,
			path: url,
			headers,
			fields: undefined,
			json: undefined,
			files: [],
			...(length !== undefined && { contentLength: Number(length) }),
			startedAt: Date.now(),
			aborted: false,
			requestId: `req_${crypto.randomBytes(16).toString('hex')}`,
		};
		const controller = new AbortController();
		this.signal = controller.signal;
		response.once('close', () => {
			this.received.finishedAt = Date.now();
			this.received.aborted = !response.writableFinished && !this.cutHere;
			controller.abort();
		});
	}

	/** Resets the connection once `count` bytes of the request body have arrived. */
	cutAfterRequestBytes(request: http.IncomingMessage, count: number): void {
		let arrived = 0;
		// Paused, so that nothing flows before the body is read.
		request.pause().on('data', (piece: Buffer) => {
			arrived += piece.length;
			if (arrived >= count) this.cut();
		});
	}

	/** Resets the connection, if it is still there. Not counted as the client going away. */
	cut(): void {
		if (this.signal.aborted) return;
		this.cutHere = true;
		this.response.socket?.resetAndDestroy();
	}
}
