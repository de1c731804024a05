import { closeChunks } from '../abort';
import { RequestFailure } from '../errors/failure';
import { messageOf } from '../values';

/** A file of a request; it is read only while it is sent. */
export interface RequestFile {
	fileName: string;
	/** The API refuses `application/octet-stream`. */
	mimeType: string;
	/** Exact length in bytes; the request's Content-Length is computed from it. */
	bytes: number;
	/** Width times height, where it is known; image tokens are estimated from it. */
	pixels?: number;
	/** n8n's id of a stored file: the same id, the same bytes. */
	id?: string;
	/** Opens the file anew, from its beginning. */
	open(): Promise<AsyncIterable<Uint8Array>>;
}

/** Streams that were opened for a request; what is left of them is closed when it is over. */
export class OpenStreams {
	private readonly streams = new Set<AsyncIterable<Uint8Array>>();
	private isOver = false;

	async open(part: RequestFile): Promise<AsyncIterable<Uint8Array>> {
		const stream = await part.open();
		this.streams.add(stream);
		if (this.isOver) closeChunks(stream);
		return stream;
	}

	close() {
		this.isOver = true;
		for (const stream of this.streams) closeChunks(stream);
		this.streams.clear();
	}
}

/**
 * Builds a form whose files are streamed: n8n's HTTP layer asks a part for its size and then for its stream.
 *
 * @param fields name and text of the plain fields, in order
 * @param files name and contents of the files, in order
 * @param streams remembers what is opened; the HTTP layer does not close what it has not read
 * @returns a form for one attempt; a retry needs a new one
 */
export function multipartForm(
	fields: Array<[string, string]>,
	files: Array<[name: string, file: RequestFile]>,
	streams: OpenStreams,
): FormData {
	const form = new FormData();
	for (const [name, value] of fields) form.append(name, value);
	for (const [name, file] of files) form.append(name, new StreamedFile(file, streams));
	return form;
}

/** A file without contents of its own: size and stream are those of the part. */
class StreamedFile extends File {
	constructor(
		private readonly part: RequestFile,
		private readonly streams: OpenStreams,
	) {
		super([], part.fileName, { type: part.mimeType });
		Object.defineProperty(this, 'size', { value: part.bytes });
	}

	override stream() {
		return ReadableStream.from(readExactly(this.part, this.streams));
	}
}

/** A part that is shorter or longer than announced would corrupt the request or leave it hanging. */
async function* readExactly(part: RequestFile, streams: OpenStreams) {
	let left = part.bytes;
	let reason = `${part.fileName} does not have its stated length`;
	try {
		for await (const chunk of await streams.open(part)) {
			left -= chunk.length;
			if (left < 0) break;
			yield chunk;
		}
	} catch (error) {
		left = -1;
		reason = messageOf(error);
	}
	if (left !== 0) throw new RequestFailure({ kind: 'input', reason });
}
