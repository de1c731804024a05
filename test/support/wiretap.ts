import { net } from '../node';
import { listen } from './loopback';

/** One connection as its bytes went to the server. */
interface Recorded {
	/** Request line and headers. */
	head: string;
	/** What came after them, in bytes. */
	body: Buffer;
}

/**
 * Listens in on the way to a server: passes bytes on unchanged and keeps what the client sent.
 *
 * @param target URL of the server; only host and port matter
 * @returns the URL to use in its place, with the same path
 */
export async function startWiretap(target: string) {
	const { hostname, port, pathname } = new URL(target);
	const connections: Buffer[][] = [];
	const sockets = new Set<net.Socket>();
	const tap = net.createServer((client) => {
		const sent: Buffer[] = [];
		connections.push(sent);
		const server = net.connect(Number(port), hostname);
		for (const [socket, other] of [
			[client, server],
			[server, client],
		] as const) {
			sockets.add(socket);
			socket.on('error', () => other.destroy());
		}
		client.on('data', (chunk: Buffer) => sent.push(chunk));
		client.pipe(server).pipe(client);
	});
	const ownPort = await listen(tap);
	return {
		url: `http://127.0.0.1:${ownPort}${pathname}`,
		recorded: (): Recorded[] => connections.map(split),
		close: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => tap.close(resolve));
		},
	};
}

function split(chunks: Buffer[]): Recorded {
	const bytes = Buffer.concat(chunks);
	const end = bytes.indexOf('\r\n\r\n');
	return { head: bytes.toString('latin1', 0, end), body: bytes.subarray(end + 4) };
}
