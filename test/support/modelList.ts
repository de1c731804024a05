import { http } from '../node';
import { close, listen } from './loopback';

/**
 * A server that answers `GET /v1/models` with these models, or with the whole answer given, and
 * everything else with 404. Free port on 127.0.0.1.
 */
export async function startModelList(answer: object | string) {
	const body = Array.isArray(answer) ? { object: 'list', data: answer } : answer;
	const server = http.createServer(({ url }, response) => {
		response.writeHead(url === '/v1/models' ? 200 : 404, { 'content-type': 'application/json' });
		response.end(JSON.stringify(body));
	});
	const port = await listen(server);
	return {
		url: `http://127.0.0.1:${port}/v1`,
		close: async () => await close(server),
	};
}
