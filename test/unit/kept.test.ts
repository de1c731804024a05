import sharp from 'sharp';
import { kept } from '../../nodes/GptImage/images/composite/kept';
import { RequestFailure } from '../../nodes/GptImage/errors/failure';
import { fileOf, inPieces, pngOf } from '../support/pngPictures';

const size = { width: 20, height: 10, isFiltered: true };
const [FIRST, EDIT, MASK] = [
	pngOf('rgb', { ...size, seed: 1 }),
	pngOf('rgb', { ...size, seed: 2 }),
	pngOf('rgba', { ...size, seed: 3 }),
];

interface Scene {
	first?: () => Promise<AsyncIterable<Uint8Array>>;
	edit?: AsyncGenerator<Buffer>;
	signal?: AbortSignal;
	isPaid?: boolean;
}

/** Puts an edit together with its first image. @returns its bytes and why they are as they came, or what was thrown */
async function put({ first, edit, signal, isPaid }: Scene) {
	const keep = {
		first: first ? { open: first } : fileOf(await FIRST),
		mask: fileOf(await MASK),
		softEdge: 0,
	};
	const pieces: Buffer[] = [];
	try {
		const image = kept(keep, edit ?? inPieces(await EDIT, 100), signal, isPaid);
		for await (const piece of image.bytes) pieces.push(piece);
		return { bytes: Buffer.concat(pieces), problem: image.problem() };
	} catch (error) {
		return error instanceof RequestFailure ? error.details.kind : error;
	}
}

async function* breaksOff(error: unknown) {
	yield (await EDIT).subarray(0, 100);
	throw error;
}

interface Made {
	bytes: Buffer;
	problem: string | undefined;
}

const isMade = (result: unknown): result is Made =>
	typeof result === 'object' && result !== null && 'bytes' in result;

/** Where it does not throw. */
async function made(scene: Scene) {
	const result = await put(scene);
	if (isMade(result)) return result;
	throw result;
}

it('is a PNG', async () => {
	const { bytes, problem } = await made({});
	expect(String(bytes).slice(1, 4)).toBe('PNG');
	expect(bytes).not.toEqual(await EDIT);
	expect(problem).toBeUndefined();
});

const gone = async () => await Promise.reject(new Error('ENOENT'));

async function* arriving(bytes: Promise<Buffer>) {
	yield await bytes;
}

const whole = async (bytes: AsyncGenerator<Buffer>) => {
	const pieces: Buffer[] = [];
	for await (const piece of bytes) pieces.push(piece);
	return Buffer.concat(pieces);
};

/** A PNG of 16 bits for each colour. */
const deep = async () =>
	await sharp(await EDIT)
		.toColourspace('rgb16')
		.png()
		.toBuffer();

it.each<[string, Scene, RegExp]>([
	[
		'has another size',
		{ edit: arriving(pngOf('rgb', { ...size, width: 8, height: 8, seed: 4 })) },
		/^The image is 8x8 pixels, but the first image is 20x10\. The image is as the model drew it/,
	],
	['has 16 bits', { edit: arriving(deep()) }, /^The image has 16 bits for each colour\. /],
	['is none', { edit: inPieces(Buffer.from('<html>no image</html>'), 3) }, /is not a PNG/],
	['has lost its first image', { first: gone }, /^The first image or the mask cannot be read\. /],
])('comes as it is where it %s', async (_, scene, words) => {
	const drawn = scene.edit ? await whole(scene.edit) : await EDIT;
	const { bytes, problem } = await made({
		...scene,
		...(scene.edit && { edit: inPieces(drawn, 7) }),
	});
	expect(bytes).toEqual(drawn);
	expect(problem).toMatch(words);
});

it.each<[string, Scene, string]>([
	['the image is none', { edit: inPieces(Buffer.from('<html>no image</html>'), 100) }, 'answer'],
	[
		'the first image is gone',
		{ first: async () => await Promise.reject(new Error('ENOENT')) },
		'input',
	],
	['what is thrown is no error', { first: jest.fn().mockRejectedValue('gone') }, 'input'],
	[
		'the first image is none any more',
		{ first: async () => await Promise.resolve(inPieces(Buffer.from('<html>'), 100)) },
		'input',
	],
])('of a preview tells whose fault it is that %s', async (_, scene, kind) => {
	expect(await put({ ...scene, isPaid: false })).toBe(kind);
});

it('passes on what the answer itself breaks off with', async () => {
	const broken = new Error('socket hang up');
	expect(await put({ edit: breaksOff(broken) })).toBe(broken);
	const failure = new RequestFailure({ kind: 'timeout', reason: '' });
	expect(await put({ edit: breaksOff(failure) })).toBe('timeout');
});

it('ends with the execution, whatever fails then', async () => {
	const stop = new AbortController();
	const stopped = new Error('stopped');
	const first = async () => {
		stop.abort(stopped);
		return await Promise.reject(new Error('ENOENT'));
	};
	expect(await put({ first, signal: stop.signal })).toBe(stopped);
});
