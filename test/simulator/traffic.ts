import type { net } from '../node';
import type { Ledger } from './ledger';
import type { ReceivedRequest, SimulatorStats } from './types';

/** Counts connections and image requests, and keeps the record of all requests. */
export class Traffic {
	readonly requests: ReceivedRequest[] = [];

	private readonly sockets = new Set<net.Socket>();

	private imageRequests = 0;

	private running = 0;

	private maxConcurrent = 0;

	constructor(private readonly ledger: Ledger) {}

	connected(socket: net.Socket): void {
		this.sockets.add(socket);
		socket.once('close', () => this.sockets.delete(socket));
	}

	/** Counts an image request until `signal` is aborted. */
	imageRequest(signal: AbortSignal): void {
		this.imageRequests += 1;
		this.running += 1;
		this.maxConcurrent = Math.max(this.maxConcurrent, this.running);
		signal.addEventListener('abort', () => {
			this.running -= 1;
		});
	}

	openSockets(): number {
		return this.sockets.size;
	}

	stats(): SimulatorStats {
		const { imageRequests, running, maxConcurrent } = this;
		const { filesUploaded, filesDeleted, batchesCreated } = this.ledger;
		return {
			imageRequests,
			running,
			maxConcurrent,
			openSockets: this.sockets.size,
			imagesPaid: this.ledger.imagesPaid(),
			filesUploaded,
			filesDeleted,
			batchesCreated,
		};
	}

	reset(): void {
		this.requests.length = 0;
		this.imageRequests = 0;
		this.maxConcurrent = this.running;
	}
}
