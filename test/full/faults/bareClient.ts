import { http, zlib } from '../../node';
import { turns } from '../../support/events';

/** A body that never ends is not read further than this. */
const MAX_BYTES = 16 * 1024 * 1024;

/** An answer without a byte for so many turns of the event loop has nothing more to say. */
const SILENT_TURNS = 250;

/**
 * Asks for images without any of the node's code and counts those that a server delivers in full,
 * however its answer goes on.
 *
 * @param baseUrl URL of the server, as in the credential
 * @param body JSON body of a generation
 * @returns how many final images arrived whole
 */
export async function countArrived(baseUrl: string, body: object): Promise<number> {
	const { chunks, encoding } = await receive(baseUrl, body);
	const bytes = Buffer.concat(chunks);
	return countImages(encoding === 'gzip' ? gunzip(bytes) : bytes.toString('latin1'));
}

async function receive(baseUrl: string, body: object) {
	const chunks: Buffer[] = [];
	let encoding: string | undefined;
	let silentTurns = 0;
	let isOver = false;
	const end = () => {
		isOver = true;
	};
	const request = http.request(`${baseUrl}/images/generations`, {
		method: 'POST',
		headers: { authorization: 'Bearer sk-simulator', 'content-type': 'application/json' },
		agent: false,
	});
	request.on('error', end).on('close', end);
	request.on('response', (response) => {
		encoding = response.headers['content-encoding'];
		let size = 0;
		response.on('error', end).on('close', end);
		response.on('data', (chunk: Buffer) => {
			silentTurns = 0;
			chunks.push(chunk);
			size += chunk.length;
			if (size > MAX_BYTES) end();
		});
	});
	request.end(JSON.stringify(body));
	for (; !isOver && silentTurns < SILENT_TURNS; silentTurns += 1) await turns(1);
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

/** The end of a PNG, with its checksum. */
const PNG_END = 'IEND\xaeB`\x82';

/** With its closing = or without, in the letters of URLs or not. */
function isBase64(text: string): boolean {
	const url = text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
	return Buffer.from(text, 'base64').toString('base64url') === url;
}

function countImages(text: string): number {
	const documents = text.trimStart().startsWith('{') ? [text] : text.split(/\n\n|\r\n\r\n|\r\r/);
	const images = documents
		.filter((document) => !document.includes('.partial_image'))
		// No regular expression: on megabytes it runs out of stack.
		.flatMap((document) => document.split('"b64_json":"').slice(1))
		.map((rest) => rest.slice(0, Math.max(0, rest.indexOf('"'))))
		.filter((base64) => isBase64(base64))
		.map((base64) => Buffer.from(base64, 'base64').toString('latin1'));
	return images.filter((bytes) => bytes.startsWith(PNG) && bytes.includes(PNG_END)).length;
}
