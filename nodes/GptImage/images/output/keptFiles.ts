import { createHash } from 'crypto';
import { adviseOn } from '../../errors/advice';
import { RequestFailure } from '../../errors/failure';
import { EDITABLE } from '../input/inputImage';
import { storedBytes } from '../input/stored';
import type { KeptFile, MadeImage } from './items';
import type { StoredImage } from './store';
import { FILE_ID, uploadFile } from '../../openai/files';
import type { RequestFile } from '../../openai/multipart';
import { Deadline } from '../../openai/retry/deadline';
import { Stop } from '../../openai/retry/stop';
import type { Run } from '../../run/run';
import { messageOf, timeOf } from '../../values';

/** What becomes of the images of an item. */
export interface KeepWish {
	/** How long OpenAI is to keep a copy; `undefined` for none. */
	hours?: number;
	/** Longest time for one upload; two minutes by default, and at most. */
	timeoutMs?: number;
}

/** So many uploads are under way at once; OpenAI takes 1,000 in a minute. */
const UPLOADS_IN_PARALLEL = 5;

/** An upload of a few megabytes that takes longer will not come to an end. */
const MAX_UPLOAD_MS = 120_000;

/** After so many that failed one after the other no more are tried: the run is not to wait for them all. */
const MOST_FAILURES = 5;

const REMEDY = 'Give the key Write permission for Files.';

/**
 * Uploads images to OpenAI, for edits to come. It goes on beside the requests of a run, since it takes no turn of
 * theirs; whatever becomes of an upload, the image is there and paid for.
 */
export class KeptFiles {
	/** The last upload of each row; the next one of the row begins when it is over. */
	private readonly rows: Array<Promise<void>>;
	private next = 0;
	/** One after the other, without a success in between. */
	private failures = 0;
	private readonly seen = new WeakSet<MadeImage>();

	constructor(
		private readonly run: Pick<Run, 'connection' | 'context' | 'execution' | 'noNewRequests'>,
	) {
		this.rows = Array.from({ length: UPLOADS_IN_PARALLEL }, async () => await Promise.resolve());
	}

	/** Has the images of an item uploaded, if that is asked for; each is told what came of it. */
	add({ hours, timeoutMs = MAX_UPLOAD_MS }: KeepWish, images: MadeImage[]) {
		if (hours === undefined) return;
		for (const image of images) {
			if (image.facts.isPlaceholder) image.file = placeholderFile(hours);
			if (image.file?.fileId !== undefined || this.seen.has(image)) continue;
			this.seen.add(image);
			const row = this.next++ % this.rows.length;
			const before = this.rows[row];
			this.rows[row] = (async () => {
				await before;
				if (this.run.noNewRequests.isReached) return;
				image.file = await this.upload(image, hours, Math.min(timeoutMs, MAX_UPLOAD_MS));
			})();
		}
	}

	/** Waits until all is uploaded, or has failed. */
	async finish() {
		await Promise.all(this.rows);
	}

	private async upload({ stored }: MadeImage, hours: number, timeoutMs: number): Promise<KeptFile> {
		const { context, connection, execution } = this.run;
		if (!EDITABLE.includes(stored.format.name)) {
			return { fileError: `${stored.format.name.toUpperCase()} files cannot be edited.` };
		}
		if (this.failures >= MOST_FAILURES) {
			return { fileError: `Not tried, since ${MOST_FAILURES} uploads before it failed.` };
		}
		const stop = new Stop(execution.alarms);
		const late = { kind: 'timeout', reason: 'The upload did not come to an end' } as const;
		const deadline = new Deadline(execution, timeoutMs, late);
		deadline.signal.addEventListener('abort', () => stop.reach(deadline.signal.reason));
		try {
			const file: RequestFile = {
				fileName: nameOf(stored),
				mimeType: stored.format.mimeType,
				...(await deadline.race(storedBytes(context, stored.binary))),
			};
			const seconds = hours * 3600;
			const session = { context, connection, stop };
			const { id, expiresAt } = await uploadFile(session, file, 'vision', seconds);
			this.failures = 0;
			if (!FILE_ID.test(id))
				return { fileError: 'The API gave the file an ID that cannot be one.' };
			const endsAt = expiresAt ?? Date.now() / 1000 + seconds;
			return { fileId: id, fileExpiresAt: timeOf(endsAt) };
		} catch (error) {
			this.failures += 1;
			return { fileError: this.tell(error) };
		} finally {
			deadline.end();
		}
	}

	private tell(problem: unknown): string {
		const { redactor } = this.run.connection;
		if (!(problem instanceof RequestFailure)) {
			return redactor.text(messageOf(problem));
		}
		const { details } = problem;
		const words = redactor.text(details.reason);
		// Other kinds of failures are told in words about images that are asked for.
		const isApi = details.kind === 'api';
		const what = isApi ? adviseOn(details).message : 'The image was not uploaded';
		return [
			`${what}${words === '' ? '.' : `: ${words}`}`,
			...(isApi && details.class === 'permission' ? [REMEDY] : []),
		].join(' ');
	}
}

/** A name that no other image has: an upload whose answer got lost is found by it. */
function nameOf({ binary, format }: StoredImage): string {
	const hash = createHash('sha256')
		.update(binary.id ?? binary.data)
		.digest('hex');
	return `image-${hash.slice(0, 20)}.${format.extension}`;
}

/** Nothing is uploaded of a placeholder; what goes on with it draws placeholders, too. */
const placeholderFile = (hours: number): KeptFile => ({
	fileId: 'file-placeholder',
	fileExpiresAt: new Date(Date.now() + hours * 3_600_000).toISOString(),
});
