import { fs, http, stream } from '../../../test/node';
import { outputFile } from '../files';
import { MODEL, PROMPT, type Job, type Prepare } from '../job';

const KEY = Buffer.from('"b64_json":"');
const QUOTE = 0x22;
const BOUNDARY = 'bench-boundary';
const FORM = `multipart/form-data; boundary=${BOUNDARY}`;
const BATCH_ENDPOINT = '/v1/images/generations';

type Chunks = AsyncIterable<Buffer>;

/**
 * The least that has to be done, without n8n and without any care for errors: the response is read as a
 * stream, its base64 decoded piece by piece, and the bytes written to disk.
 */
export const prepare: Prepare = async (job) => async () => {
	if (job.operation === 'submit') return await submit(job);
	const sizes: number[] = [];
	let [begun, images] = [0, 0];
	const worker = async () => {
		while (begun < job.items) {
			begun += 1;
			const scanner = new Scanner(await answerOf(job));
			while (await scanner.nextImage()) {
				const file = fs.createWriteStream(outputFile(images++));
				await stream.promises.pipeline(scanner.image(), file);
				sizes.push(file.bytesWritten);
			}
		}
	};
	await Promise.all(Array.from({ length: job.concurrency ?? 1 }, worker));
	return sizes;
};

async function answerOf(job: Job): Promise<Chunks> {
	if (job.operation === 'edit') return await postForm(job);
	return job.operation === 'collect' ? await getOutput(job) : await postJson(job);
}

class Scanner {
	private readonly chunks: AsyncIterator<Buffer>;
	private chunk: Buffer = Buffer.alloc(0);

	constructor(source: Chunks) {
		this.chunks = source[Symbol.asyncIterator]();
	}

	/** Goes on behind the next key. */
	async nextImage(): Promise<boolean> {
		for (;;) {
			const at = this.chunk.indexOf(KEY);
			if (at >= 0) {
				this.chunk = this.chunk.subarray(at + KEY.length);
				return true;
			}
			const tail = this.chunk.subarray(Math.max(0, this.chunk.length - KEY.length + 1));
			const next = await this.chunks.next();
			if (next.done) return false;
			this.chunk = Buffer.concat([tail, next.value]);
		}
	}

	/** The bytes up to the next quote. */
	async *image(): AsyncGenerator<Buffer> {
		let carry = '';
		for (;;) {
			const quote = this.chunk.indexOf(QUOTE);
			const text = carry + this.chunk.toString('latin1', 0, quote < 0 ? this.chunk.length : quote);
			const whole = text.length & ~3;
			if (whole > 0) yield Buffer.from(text.slice(0, whole), 'base64');
			carry = text.slice(whole);
			if (quote >= 0) {
				this.chunk = this.chunk.subarray(quote + 1);
				return;
			}
			const next = await this.chunks.next();
			if (next.done) throw new Error('The answer is cut off');
			this.chunk = next.value;
		}
	}
}

async function postJson({ n, ...job }: Job): Promise<Chunks> {
	const body = JSON.stringify({ model: MODEL, prompt: PROMPT, n });
	return await post(job, 'images/generations', 'application/json', body.length, [body]);
}

/** The output file of a batch. */
async function getOutput({ batchId, ...job }: Job): Promise<Chunks> {
	const batch = await textOf(await send(job, 'GET', `batches/${batchId}`));
	const { output_file_id: file }: { output_file_id: string } = JSON.parse(batch);
	return await send(job, 'GET', `files/${file}/content`);
}

/** Uploads a line for each item and makes a batch of them. */
async function submit({ items, ...job }: Job): Promise<number[]> {
	const body = { model: MODEL, prompt: PROMPT };
	const lines = Array.from({ length: items }, (_, item) =>
		JSON.stringify({ custom_id: `${item}`, method: 'POST', url: BATCH_ENDPOINT, body }),
	).join('\n');
	const purpose = `${partHead('purpose')}batch\r\n`;
	const file = `${partHead('file', '; filename="lines.jsonl"')}${lines}\r\n`;
	const form = `${purpose}${file}--${BOUNDARY}--\r\n`;
	const uploaded = await textOf(await post(job, 'files', FORM, form.length, [form]));
	const { id }: { id: string } = JSON.parse(uploaded);
	const asked = { input_file_id: id, endpoint: BATCH_ENDPOINT, completion_window: '24h' };
	const text = JSON.stringify(asked);
	await textOf(await post(job, 'batches', 'application/json', text.length, [text]));
	return [];
}

async function textOf(chunks: Chunks): Promise<string> {
	const all: Buffer[] = [];
	for await (const chunk of chunks) all.push(chunk);
	return Buffer.concat(all).toString('utf8');
}

const partHead = (name: string, more = '') =>
	`--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n`;

async function postForm({ n, input, inputs, ...job }: Job): Promise<Chunks> {
	const fields = Object.entries({ model: MODEL, prompt: PROMPT, n });
	const texts = fields.map(([name, value]) => `${partHead(name)}${value}\r\n`).join('');
	const file = partHead('image[]', '; filename="input.png"\r\ncontent-type: image/png');
	const end = `--${BOUNDARY}--\r\n`;
	const bytes = texts.length + inputs * (file.length + fs.statSync(input).size + 2) + end.length;
	async function* form() {
		yield texts;
		for (let sent = 0; sent < inputs; sent += 1) {
			yield file;
			yield* fs.createReadStream(input);
			yield '\r\n';
		}
		yield end;
	}
	return await post(job, 'images/edits', FORM, bytes, form());
}

type Server = Pick<Job, 'url' | 'apiKey'>;
type Body = AsyncIterable<string | Buffer> | Iterable<string>;

const post = async (server: Server, path: string, type: string, length: number, body: Body) =>
	await send(server, 'POST', path, { 'content-type': type, 'content-length': length }, body);

async function send(
	{ url, apiKey }: Server,
	method: 'GET' | 'POST',
	path: string,
	headers: http.OutgoingHttpHeaders = {},
	body: Body = [],
): Promise<Chunks> {
	const request = http.request(`${url}/${path}`, {
		method,
		headers: { authorization: `Bearer ${apiKey}`, ...headers },
	});
	const response = new Promise<http.IncomingMessage>((resolve, reject) => {
		request.on('response', resolve).on('error', reject);
	});
	await stream.promises.pipeline(body, request);
	return await response;
}
