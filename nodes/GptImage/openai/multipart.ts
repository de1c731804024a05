/** A file of a request; it is read only while it is sent. */
export interface FilePart {
	/** Name of the form field, e.g. `image[]` or `mask`. */
	field: string;
	fileName: string;
	/** The API refuses `application/octet-stream`. */
	mimeType: string;
	/** Exact length in bytes; the request's Content-Length is computed from it. */
	bytes: number;
	/** Opens the file anew, from its beginning. */
	open(): Promise<AsyncIterable<Uint8Array>>;
}

/**
 * Builds a form whose files are streamed: n8n's HTTP layer asks a part for its size and then for its stream.
 *
 * @param fields name and text of the plain fields, in order
 * @param files parts to stream, in order
 * @returns a form for one attempt; a retry needs a new one
 */
export function multipartForm(fields: Array<[string, string]>, files: FilePart[]): FormData {
	const form = new FormData();
	for (const [name, value] of fields) form.append(name, value);
	for (const part of files) form.append(part.field, new StreamedFile(part));
	return form;
}

/** A file without contents of its own: size and stream are those of the part. */
class StreamedFile extends File {
	constructor(private readonly part: FilePart) {
		super([], part.fileName, { type: part.mimeType });
		Object.defineProperty(this, 'size', { value: part.bytes });
	}

	override stream() {
		const { part } = this;
		return ReadableStream.from(readExactly(part));
	}
}

/** A part that is shorter or longer than announced would corrupt the request or leave it hanging. */
async function* readExactly(part: FilePart) {
	let left = part.bytes;
	for await (const chunk of await part.open()) {
		left -= chunk.length;
		if (left < 0) break;
		yield chunk;
	}
	if (left !== 0)
		throw new Error(`The stored file ${part.fileName} does not have its stated length`);
}
