import { RequestFailure } from '../../errors/failure';
import { messageOf } from '../../values';
import { CompositeError, keepRest, type KeepRest } from './keepRest';

/** So much of an image may come before its pixels, in bytes, that it can still be handed on as it is. */
const MOST_HEAD_BYTES = 1024 * 1024;

/** An image that arrives, to be put together with the first image of its edit. */
export interface KeptImage {
	/**
	 * The bytes to store, read once.
	 *
	 * @throws {RequestFailure} `answer` when the image is damaged, `input` when the first image or the mask cannot be
	 *   read to its end; what the image itself throws, and any other failure of the files; the signal's reason
	 */
	bytes: AsyncGenerator<Buffer>;
	/** Why the image comes as it is; `undefined` where it was put together. Known once the bytes are read. */
	problem: () => string | undefined;
}

/**
 * Puts an image that arrives together with the first image of its edit. Where it turns out at the beginning that this
 * cannot be, the image comes as it is: it is paid for.
 *
 * @param image the bytes of the edit
 * @param signal ends it
 * @param isPaid whether it may come as it is; a preview had better not come at all
 */
export function kept(
	keep: KeepRest,
	image: AsyncGenerator<Buffer>,
	signal: AbortSignal | undefined,
	isPaid = true,
): KeptImage {
	let problem: string | undefined;
	async function* bytes() {
		const source = new Source(image);
		const pieces = keepRest(keep, source.read(), signal);
		let hasBegun = false;
		const next = async () =>
			await pieces.next().catch((error: unknown) => {
				signal?.throwIfAborted();
				if (source.broken) return Promise.reject(source.broken.error);
				const failure = toFailure(error);
				if (hasBegun || !isPaid || !source.isWhole || !isOfPictures(failure)) {
					return Promise.reject(failure);
				}
				problem = `${told(error)}. ${AS_DRAWN}`;
				return undefined;
			});
		try {
			for (;;) {
				const piece = await next();
				if (!piece) break;
				if (piece.done) return;
				hasBegun = true;
				source.forget();
				yield piece.value;
			}
		} finally {
			await pieces.return(undefined);
		}
		yield* source.fromBeginning();
	}
	return { bytes: bytes(), problem: () => problem };
}

/** The bytes of the image; those from its beginning on are kept until it is clear that they are not needed again. */
class Source {
	/** What the image itself threw. */
	broken: { error: unknown } | undefined;
	private seen: Buffer[] = [];
	private bytes = 0;
	/** All that was read is still there. */
	isWhole = true;

	constructor(private readonly image: AsyncGenerator<Buffer>) {}

	async *read(): AsyncGenerator<Buffer> {
		for (;;) {
			const next = await this.image.next().catch((error: unknown) => {
				this.broken = { error };
				return Promise.reject(error);
			});
			if (next.done) return;
			this.bytes += next.value.length;
			if (this.bytes > MOST_HEAD_BYTES) this.forget();
			// A copy: what is read is decoded in place.
			if (this.isWhole) this.seen.push(Buffer.from(next.value));
			yield next.value;
		}
	}

	forget() {
		this.seen = [];
		this.isWhole = false;
	}

	async *fromBeginning(): AsyncGenerator<Buffer> {
		yield* this.seen;
		this.forget();
		yield* this.image;
	}
}

/** What is said of an image that could not be put together with the first one. */
export const AS_DRAWN = 'The image is as the model drew it, also outside the mask.';

const told = (error: unknown) =>
	error instanceof CompositeError ? error.message : 'The first image or the mask cannot be read';

/** Whether it is about what the pictures are, not about reaching them. */
const isOfPictures = ({ details: { kind } }: RequestFailure) =>
	kind === 'answer' || kind === 'input';

function toFailure(error: unknown): RequestFailure {
	if (error instanceof RequestFailure) return error;
	const isOfAnswer = error instanceof CompositeError && error.part === 'edit';
	return new RequestFailure({
		kind: isOfAnswer ? 'answer' : 'input',
		reason: `Keep the Rest Unchanged: ${messageOf(error)}`,
	});
}
