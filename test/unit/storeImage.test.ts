import fc from 'fast-check';
import type { IExecuteFunctions } from 'n8n-workflow';
import { storeImage } from '../../nodes/GptImage/images/output/store';
import { RequestFailure } from '../../nodes/GptImage/errors/failure';
import type { BodyStream } from '../../nodes/GptImage/openai/client';
import { stream } from '../node';
import { pictureFile, withSegments } from '../support/madePictures';
import { inPieces } from '../support/pngPictures';

/** An image of a format this version does not know, so that any bytes will do. */
const expected = { format: 'avif', name: () => 'image.avif' };

interface How {
	/** The connection breaks behind the pieces. */
	fails?: boolean;
	/** What was asked for. */
	format?: string;
	/** The body of the answer. */
	body?: BodyStream;
}

/** Stores bytes that arrive in these pieces. */
async function store(
	pieces: Iterable<Buffer>,
	{ fails = false, format = 'avif', body = stream.Readable.from([]) }: How = {},
) {
	const seen: { isStream?: boolean; bytes?: Buffer } = {};
	const prepareBinaryData = async (content: Buffer | BodyStream) => {
		seen.isStream = !Buffer.isBuffer(content);
		const chunks: Buffer[] = Buffer.isBuffer(content)
			? [content]
			: await stream.Readable.from(content).toArray();
		seen.bytes = Buffer.concat(chunks);
		return { mimeType: 'image/avif', data: '' };
	};
	async function* bytes() {
		for (const piece of pieces) yield piece;
		if (fails) throw new Error('The connection broke');
	}
	const context = { helpers: { prepareBinaryData } } as unknown as IExecuteFunctions;
	let image: Awaited<ReturnType<typeof storeImage>> | undefined;
	let problem: string | undefined;
	let kind: string | undefined;
	try {
		image = await storeImage(context, body, bytes(), { ...expected, format });
	} catch (error) {
		problem = error instanceof Error ? error.message : '';
		kind = error instanceof RequestFailure ? error.details.kind : undefined;
	}
	return { ...seen, image, problem, kind };
}

/** Bytes, and where they are cut. */
const images = fc
	.tuple(fc.integer({ min: 12, max: 400_000 }), fc.array(fc.nat(400_000), { maxLength: 12 }))
	.map(([length, cuts]) => {
		const all = Buffer.alloc(length, 'bytes of an image');
		const edges = [0, ...cuts.map((cut) => cut % length).sort((a, b) => a - b), length];
		const pieces = edges.slice(1).map((end, index) => all.subarray(edges[index], end));
		return { all, pieces: pieces.filter((piece) => piece.length > 0) };
	});

it('hands n8n every byte once, in order, however they arrive', async () => {
	await fc.assert(
		fc.asyncProperty(images, async ({ all, pieces }) => {
			const { bytes, problem } = await store(pieces);
			expect(problem).toBeUndefined();
			expect(bytes?.equals(all)).toBe(true);
		}),
	);
});

it.each([
	[131_071, false],
	[131_072, true],
	[1_000_000, true],
])('an image of %d bytes is handed on as a stream: %s', async (length, isStream) => {
	const all = Buffer.alloc(length, 1);
	const stored = await store([all]);
	expect(stored).toMatchObject({ isStream, problem: undefined });
	expect(stored.bytes?.equals(all)).toBe(true);
});

it('tells what is wrong with the bytes, not that they could not be stored', async () => {
	for (const length of [20, 100_000, 300_000]) {
		const { problem } = await store([Buffer.alloc(length, 1)], { fails: true });
		expect(problem).toBe('The connection broke');
	}
});

it('gives up an image that has no end', async () => {
	function* endless() {
		const piece = Buffer.alloc(1024 * 1024, 1);
		for (;;) yield piece;
	}
	const { kind, bytes } = await store(endless());
	expect([kind, bytes]).toEqual(['answer', undefined]);
});

it('knows the size of an image, also where it stands far behind its beginning', async () => {
	const jpeg = withSegments(await pictureFile('jpeg', { width: 40, height: 30 }), [
		[0xe1, Buffer.alloc(20_000)],
	]);
	const pieces: Buffer[] = [];
	for await (const piece of inPieces(jpeg, 700)) pieces.push(piece);
	const { image, bytes } = await store(pieces);
	expect(image?.dimensions).toEqual({ width: 40, height: 30 });
	expect(bytes?.equals(jpeg)).toBe(true);
});

it('says so where n8n hands out no stream that more can be made of', async () => {
	const body = { [Symbol.asyncIterator]: async function* () {}, destroy: () => {} };
	const { kind } = await store([Buffer.alloc(300_000, 1)], { body: body as never });
	expect(kind).toBe('store');
});
