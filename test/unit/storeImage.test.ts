import fc from 'fast-check';
import type { IExecuteFunctions } from 'n8n-workflow';
import { storeImage } from '../../nodes/GptImage/images/output/store';
import type { BodyStream } from '../../nodes/GptImage/openai/client';
import { stream } from '../node';

/** An image of a format this version does not know, so that any bytes will do. */
const expected = { format: 'avif', name: () => 'image.avif' };

/** Stores bytes that arrive in these pieces. */
async function store(pieces: Buffer[], { fails = false } = {}) {
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
	const body = stream.Readable.from([]);
	const problem = await storeImage(context, body, bytes(), expected).then(
		() => undefined,
		(error: Error) => error.message,
	);
	return { ...seen, problem };
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
	expect(await store([all])).toMatchObject({ isStream, bytes: all, problem: undefined });
});

it('tells what is wrong with the bytes, not that they could not be stored', async () => {
	for (const length of [20, 100_000, 300_000]) {
		const { problem } = await store([Buffer.alloc(length, 1)], { fails: true });
		expect(problem).toBe('The connection broke');
	}
});
