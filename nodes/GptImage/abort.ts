/**
 * Waits for work that cannot be ended from outside, such as that of n8n's binary store, but no longer than the
 * signal allows. What the work comes to afterwards is dropped.
 *
 * @returns what the work returns
 * @throws the signal's reason once it is aborted; what the work throws
 */
export async function orAborted<Result>(
	work: Promise<Result>,
	signal: AbortSignal | undefined,
): Promise<Result> {
	if (!signal) return await work;
	let forget = () => {};
	const aborted = new Promise<never>((_, reject) => {
		const stop = () => reject(signal.reason);
		if (signal.aborted) return stop();
		signal.addEventListener('abort', stop, { once: true });
		forget = () => signal.removeEventListener('abort', stop);
	});
	try {
		return await Promise.race([work, aborted]);
	} finally {
		forget();
	}
}

/** A file's bytes; a Node stream, or a generator. */
export type ByteChunks = AsyncIterable<Uint8Array>;

/**
 * Reads a file to its end, but no longer than the signal allows.
 *
 * @param open opens it at its beginning
 * @returns its chunks; when the reader stops early, the file is closed
 * @throws the signal's reason once it is aborted; what the file throws
 */
export async function* readChunks(
	open: () => Promise<ByteChunks>,
	signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
	signal?.throwIfAborted();
	const opening = open();
	let isOver = false;
	opening.then(
		// It may open when nobody waits for it any more.
		(file) => isOver && closeChunks(file),
		() => {},
	);
	try {
		const file = await orAborted(opening, signal);
		const chunks = file[Symbol.asyncIterator]();
		for (;;) {
			const next = await orAborted(chunks.next(), signal);
			if (next.done) return;
			yield next.value;
		}
	} finally {
		isOver = true;
		opening.then(closeChunks, () => {});
	}
}

/** Closes a file that is not read to its end. */
export function closeChunks(file: ByteChunks) {
	if (isDestroyable(file)) file.destroy();
}

const isDestroyable = (file: object): file is { destroy(): void } =>
	'destroy' in file && typeof file.destroy === 'function';
