import { fs, http, stream } from '../../../test/node';
import { outputFile } from '../files';
import { MODEL, PROMPT, type Job, type Prepare } from '../job';

const KEY = Buffer.from('"b64_json":"');
const QUOTE = 0x22;
const BOUNDARY = 'bench-boundary';

type Chunks = AsyncIterable<Buffer>;

/**
 * The least that has to be done, without n8n and without any care for errors: the response is read as a
 * stream, its base64 decoded piece by piece, and the bytes written to disk.
 */
export const prepare: Prepare = async (job) => async () => {
	const sizes: number[] = [];
	for (let item = 0; item < job.items; item += 1) {
		const response = job.operation === 'edit' ? await postForm(job) : await postJson(job);
		const scanner = new Scanner(response);
		while (await scanner.nextImage()) {
			const file = fs.createWriteStream(outputFile(sizes.length));
			await stream.promises.pipeline(scanner.image(), file);
			sizes.push(file.bytesWritten);
		}
	}
	return sizes;
};

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
	return await post(job, 'generations', 'application/json', body.length, [body]);
}

async function postForm({ n, input, inputs, ...job }: Job): Promise<Chunks> {
	const head = (name: string, more = '') =>
		`--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n`;
	const fields = Object.entries({ model: MODEL, prompt: PROMPT, n });
	const texts = fields.map(([name, value]) => `${head(name)}${value}\r\n`).join('');
	const file = head('image[]', '; filename="input.png"\r\ncontent-type: image/png');
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
	return await post(job, 'edits', `multipart/form-data; boundary=${BOUNDARY}`, bytes, form());
}

async function post(
	{ url, apiKey }: Pick<Job, 'url' | 'apiKey'>,
	path: string,
	type: string,
	length: number,
	body: AsyncIterable<string | Buffer> | Iterable<string>,
): Promise<Chunks> {
	const request = http.request(`${url}/images/${path}`, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${apiKey}`,
			'content-type': type,
			'content-length': length,
		},
	});
	const response = new Promise<http.IncomingMessage>((resolve, reject) => {
		request.on('response', resolve).on('error', reject);
	});
	await stream.promises.pipeline(body, request);
	return await response;
}
