import { http, stream } from '../node';
import { close, listen } from '../support/loopback';

interface Received {
	path: string;
	key: unknown;
	body: string;
}

/**
 * A server for the probe: answers a request with its own body; `/401` with that status; `/never`
 * not at all; `/once` with 503 the first time. Free port on 127.0.0.1.
 */
export async function startEcho() {
	const received: Received[] = [];
	const answer = async (request: http.IncomingMessage, response: http.ServerResponse) => {
		const path = request.url ?? '';
		const body = Buffer.concat(await stream.Readable.from(request).toArray()).toString();
		received.push({ path, key: request.headers['x-probe-key'], body });
		if (path === '/never') return;
		const first = received.filter((other) => other.path === path).length === 1;
		response.statusCode = path === '/401' ? 401 : path === '/once' && first ? 503 : 200;
		response.end(body);
	};
	const server = http.createServer((request, response) => void answer(request, response));
	const port = await listen(server);
	return {
		url: `http://127.0.0.1:${port}`,
		received,
		openSockets: () =>
			new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count))),
		close: async () => await close(server),
	};
}
