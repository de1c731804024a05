import { http, stream } from '../../test/node';
import { close, listen } from '../../test/support/loopback';

/** A request with its answer. */
export interface Exchange {
	/** Method and path, e.g. `POST /batches`, without a query. */
	call: string;
	status: number;
	headers: Record<string, string>;
	body: Buffer;
	/** From the request's last byte to the answer's. */
	seconds: number;
}

/** Stands between a client and an API, and keeps what the API answers. */
export interface Recorder {
	/** The Base URL to use in place of the API's. */
	url: string;
	/** In the order of the answers. */
	exchanges: Exchange[];
	close(): Promise<void>;
}

/** Belong to one connection, or to the coding that fetch undoes. */
const OWN_HEADERS =
	/^(host|connection|keep-alive|transfer-encoding|content-length|content-encoding|expect|accept-encoding)$/;

/**
 * Passes requests on to an API, whole and unchanged. A request that the API does not answer is cut off.
 *
 * @param baseUrl of the API, without a slash at the end
 * @returns listens on a free port of 127.0.0.1
 */
export async function startRecorder(baseUrl: string): Promise<Recorder> {
	const exchanges: Exchange[] = [];
	const server = http.createServer((request, response) => {
		void pass(request, response).catch(() => response.destroy());
	});

	async function pass(request: http.IncomingMessage, response: http.ServerResponse) {
		const sent = Buffer.concat(await stream.Readable.from(request).toArray());
		const start = performance.now();
		const answer = await fetch(`${baseUrl}${request.url}`, {
			method: request.method,
			headers: passedOn(Object.entries(request.headers)),
			body: sent.length > 0 ? sent : undefined,
			redirect: 'manual',
		});
		const body = Buffer.from(await answer.arrayBuffer());
		const seconds = (performance.now() - start) / 1000;
		const { status } = answer;
		const call = `${request.method} ${request.url?.replace(/\?.*/, '')}`;
		exchanges.push({ call, status, headers: Object.fromEntries(answer.headers), body, seconds });
		response.writeHead(status, passedOn([...answer.headers])).end(body);
	}

	const port = await listen(server);
	return {
		url: `http://127.0.0.1:${port}`,
		exchanges,
		close: async () => await close(server),
	};
}

function passedOn(headers: Array<[string, string | string[] | undefined]>): Record<string, string> {
	return Object.fromEntries(
		headers
			.filter(([name, value]) => value !== undefined && !OWN_HEADERS.test(name))
			.map(([name, value]) => [name, String(value)]),
	);
}
