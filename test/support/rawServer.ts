import { delay, events, net } from '../node';
import { listen } from './loopback';

/** What a raw server does with the connection once a request has come in. */
export type Reply = (socket: net.Socket) => void | Promise<void>;

export interface RawServer {
	/** Base URL for clients. */
	url: string;
	/** Connections accepted so far, with a request or without. */
	connections(): number;
	/** Requests that came in whole. */
	requests(): number;
	openSockets(): number;
	close(): Promise<void>;
}

/**
 * Starts a server below HTTP, on 127.0.0.1: it waits for one whole request on each connection and
 * leaves every byte of the answer to `reply`.
 */
export async function startRawServer(reply: Reply): Promise<RawServer> {
	const sockets = new Set<net.Socket>();
	let [connections, requests] = [0, 0];
	// Half-open: the end of the client's side does not end the server's.
	const server = net.createServer({ allowHalfOpen: true }, (socket) => {
		connections += 1;
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
		const chunks: Buffer[] = [];
		let isAnswered = false;
		socket.on('data', (chunk: Buffer) => {
			chunks.push(chunk);
			if (isAnswered || !isWhole(Buffer.concat(chunks))) return;
			isAnswered = true;
			requests += 1;
			void reply(socket);
		});
		socket.on('end', () => socket.end());
	});
	const port = await listen(server);
	return {
		url: `http://127.0.0.1:${port}/v1`,
		connections: () => connections,
		requests: () => requests,
		openSockets: () => sockets.size,
		close: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** The node always tells the length of its body. */
function isWhole(request: Buffer): boolean {
	const end = request.indexOf('\r\n\r\n');
	if (end < 0) return false;
	const length = /^content-length: *(\d+)/im.exec(request.toString('latin1', 0, end))?.[1] ?? '0';
	return request.length >= end + 4 + Number(length);
}

/** Status line and headers of an answer, with the empty line behind them. */
export function head(status: number, headers: Record<string, string | number> = {}): string {
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
	return `HTTP/1.1 ${status} Whatever\r\n${lines.join('')}\r\n`;
}

/** Writes the same bytes again and again until the client goes away, leaving others their turn. */
export async function writeEndlessly(socket: net.Socket, bytes: Buffer): Promise<void> {
	const closed = new Promise((resolve) => socket.once('close', resolve));
	while (!socket.destroyed) {
		const drained = socket.write(bytes) ? delay(1) : events.once(socket, 'drain');
		await Promise.race([drained.catch(() => undefined), closed]);
	}
}
