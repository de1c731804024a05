import { http, zlib } from '../../node';

/** A body that never ends is not read further than this. */
const MAX_BYTES = 24 * 1024 * 1024;

/**
 * Asks for images without any of the node's code and counts those that a server delivers in full,
 * however its answer goes on.
 *
 * @param baseUrl URL of the server, as in the credential
 * @param body JSON body of a generation
 * @param idleMs how long to wait for the next byte, in milliseconds
 * @returns how many final images arrived whole
 */
export async function countArrived(baseUrl: string, body: object, idleMs: number): Promise<number> {
	const { chunks, encoding } = await receive(baseUrl, body, idleMs);
	const bytes = Buffer.concat(chunks);
	return countImages(encoding === 'gzip' ? gunzip(bytes) : bytes.toString('latin1'));
}

async function receive(baseUrl: string, body: object, idleMs: number) {
	const chunks: Buffer[] = [];
	let encoding: string | undefined;
	const request = http.request(`${baseUrl}/images/generations`, {
		method: 'POST',
		headers: { authorization: 'Bearer sk-simulator', 'content-type': 'application/json' },
		agent: false,
	});
	await new Promise<void>((resolve) => {
		request.on('error', () => resolve());
		request.on('close', resolve);
		request.setTimeout(idleMs, () => request.destroy());
		request.on('response', (response) => {
			encoding = response.headers['content-encoding'];
			let size = 0;
			response.on('error', () => resolve());
			response.on('close', resolve);
			response.on('data', (chunk: Buffer) => {
				chunks.push(chunk);
				size += chunk.length;
				if (size > MAX_BYTES) request.destroy();
			});
		});
		request.end(JSON.stringify(body));
	});
	request.destroy();
	return { chunks, encoding };
}

function gunzip(bytes: Buffer): string {
	try {
		return zlib.gunzipSync(bytes, { finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString('latin1');
	} catch {
		return '';
	}
}

const PNG = '\x89PNG\r\n\x1a\n';

function countImages(text: string): number {
	const documents = text.trimStart().startsWith('{') ? [text] : text.split(/\n\n|\r\n\r\n/);
	const images = documents
		.filter((document) => !document.includes('.partial_image'))
		// No regular expression: on megabytes it runs out of stack.
		.flatMap((document) => document.split('"b64_json":"').slice(1))
		.map((rest) => rest.slice(0, Math.max(0, rest.indexOf('"'))))
		.filter((base64) => Buffer.from(base64, 'base64').toString('base64') === base64)
		.map((base64) => Buffer.from(base64, 'base64').toString('latin1'));
	return images.filter((bytes) => bytes.startsWith(PNG)).length;
}
