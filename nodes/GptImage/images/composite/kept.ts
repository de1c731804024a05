import { RequestFailure } from '../../errors/failure';
import { messageOf } from '../../values';
import { CompositeError, keepRest, type KeepRest } from './keepRest';

/**
 * Puts an image that arrives together with the first image of its edit.
 *
 * @param image the bytes of the edit
 * @param signal ends it
 * @returns the bytes to store
 * @throws {RequestFailure} `answer` when the image cannot be used, `input` when the first image or the mask cannot be
 *   read any more; what `image` throws, and any other failure of the files; the signal's reason
 */
export async function* kept(
	keep: KeepRest,
	image: AsyncGenerator<Buffer>,
	signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
	const source = { problem: undefined as unknown, isBroken: false };
	const noted = noting(image, source);
	const pieces = keepRest(keep, noted, signal);
	try {
		for (;;) {
			const next = await pieces.next().catch((error: unknown) => {
				signal?.throwIfAborted();
				return Promise.reject(source.isBroken ? source.problem : toFailure(error));
			});
			if (next.done) return;
			yield next.value;
		}
	} finally {
		await pieces.return(undefined);
	}
}

async function* noting(
	image: AsyncGenerator<Buffer>,
	source: { problem: unknown; isBroken: boolean },
): AsyncGenerator<Buffer> {
	for (;;) {
		const next = await image.next().catch((error: unknown) => {
			source.problem = error;
			source.isBroken = true;
			return Promise.reject(error);
		});
		if (next.done) return;
		yield next.value;
	}
}

function toFailure(error: unknown): RequestFailure {
	if (error instanceof RequestFailure) return error;
	const isOfAnswer = error instanceof CompositeError && error.part === 'edit';
	return new RequestFailure({
		kind: isOfAnswer ? 'answer' : 'input',
		reason: `Keep the Rest Unchanged: ${messageOf(error)}`,
	});
}
