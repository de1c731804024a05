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
}

/** Puts an edit together with its first image. @returns its bytes, or what was thrown */
async function put({ first, edit, signal = new AbortController().signal }: Scene) {
	const keep = {
		first: first ? { open: first } : fileOf(await FIRST),
		mask: fileOf(await MASK),
		softEdge: 0,
	};
	const pieces: Buffer[] = [];
	try {
		for await (const piece of kept(keep, edit ?? inPieces(await EDIT, 100), signal)) {
			pieces.push(piece);
		}
	} catch (error) {
		return error instanceof RequestFailure ? error.details.kind : error;
	}
	return Buffer.concat(pieces);
}

async function* breaksOff(error: unknown) {
	yield (await EDIT).subarray(0, 100);
	throw error;
}

it('is a PNG', async () => {
	expect(String(await put({})).slice(1, 4)).toBe('PNG');
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
])('tells whose fault it is that %s', async (_, scene, kind) => {
	expect(await put(scene)).toBe(kind);
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
