import fc from 'fast-check';
import {
	fileNameOf,
	isOfContent,
	isOfRun,
	readFileName,
} from '../../nodes/GptImage/batch/fileNames';
import { jsonLines } from '../../nodes/GptImage/batch/jsonlFile';
import { manifestLines, readManifestLine } from '../../nodes/GptImage/batch/manifest';
import { readMetadata, toMetadata } from '../../nodes/GptImage/batch/metadata';
import { pictureLines, readPicture } from '../../nodes/GptImage/batch/pictureLines';
import { Pictures } from '../../nodes/GptImage/batch/pictures';
import type { RequestFile } from '../../nodes/GptImage/openai/multipart';
import { Stop } from '../../nodes/GptImage/openai/retry/stop';
import { textLines } from '../../nodes/GptImage/batch/textLines';
import { batchRequest, requestFile } from '../support/batches';
import { sha256 } from '../support/pictures';

/** Bytes in pieces of these lengths, over and over. */
async function* cut(bytes: Buffer, lengths: number[]): AsyncGenerator<Buffer> {
	for (let at = 0, turn = 0; at < bytes.length; turn++) {
		const length = lengths[turn % lengths.length] ?? bytes.length;
		yield await Promise.resolve(bytes.subarray(at, at + length));
		at += length;
	}
}

const linesOf = async (chunks: AsyncIterable<Buffer>) => {
	const lines: string[] = [];
	for await (const line of textLines(chunks)) lines.push(line);
	return lines;
};

/** A line is JSON: there is something in it, and no line feed. */
const line = fc.string({ minLength: 1, unit: 'grapheme' }).map((text) => JSON.stringify(text));
const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

describe('a file of lines', () => {
	it('has the length and the hash it tells, each time it is opened', async () => {
		const long = fc.integer({ min: 60_000, max: 70_000 }).map((length) => 'ä'.repeat(length));
		await fc.assert(
			fc.asyncProperty(fc.array(fc.oneof(line, long), { maxLength: 6 }), async (lines) => {
				const expected = Buffer.from(lines.map((one) => `${one}\n`).join(''));
				const file = jsonLines(() => lines);
				expect([file.bytes, file.sha256]).toEqual([expected.length, sha256(expected)]);
				for (let time = 0; time < 2; time++) {
					const chunks: Uint8Array[] = [];
					for await (const chunk of await file.open()) chunks.push(chunk);
					expect(Buffer.concat(chunks).equals(expected)).toBe(true);
				}
			}),
		);
	});

	it('is read line by line, wherever it is cut', async () => {
		const ending = fc.constantFrom('\n', '\r\n', '\n\n');
		await fc.assert(
			fc.asyncProperty(
				fc.array(line),
				ending,
				fc.boolean(),
				lengths,
				async (lines, end, isCut, by) => {
					const text = lines.join(end) + (isCut ? '' : end);
					expect(await linesOf(cut(Buffer.from(text), by))).toEqual(lines);
				},
			),
		);
	});

	it('is not read on where a line has no end', async () => {
		let chunks = 0;
		async function* endless() {
			for (; chunks < 100; chunks++) yield await Promise.resolve(Buffer.alloc(1024 * 1024, 'x'));
		}
		await expect(linesOf(endless())).rejects.toMatchObject({ details: { kind: 'call' } });
		expect(chunks).toBe(32);
	});
});

describe('the manifest of a batch', () => {
	it('gives each request what was kept of it', () => {
		const request = batchRequest(3, { fields: { size: '1024x1024', moderation: 'low' } });
		const prices = { textInput: 1, imageInput: 2, imageOutput: 3, textOutput: 0 };
		const kept = {
			operation: 'edit',
			images: 4,
			id: 'abc',
			fileName: '{prompt}',
			prompt: 'a fox',
			binaryPropertyName: 'data',
			oneItem: true,
			detail: ['cost', 'requestId'],
			linkMinutes: 60,
			keepAtOpenAiHours: 0,
			prices,
			fallbackFor: 'gpt-image-9',
		};
		const rest = { first: 'file-1', mask: 'file-2', softEdge: 8 };
		const [first = '', second = ''] = manifestLines(
			[
				{ ...request, kept },
				{ ...request, first: 2, kept: { ...kept, detail: 'raw' } },
			],
			() => ({ sku: 7 }),
			({ first: image }) => (image === 0 ? rest : undefined),
		);
		const fields = { model: 'gpt-image-2', prompt: 'picture 3', size: '1024x1024' };
		const entry = { ...kept, isKnown: true, item: 3, request: fields };
		expect(readManifestLine(first)).toEqual([
			'item-3-image-0',
			{ ...entry, first: 0, rest, json: { sku: 7 } },
		]);
		expect(readManifestLine(second)).toEqual([
			'item-3-image-2',
			{ ...entry, first: 2, detail: 'raw' },
		]);
	});

	const bare = { custom_id: 'item-0-image-0', item: 0, first: 0 };
	const leastEntry = {
		isKnown: true,
		item: 0,
		first: 0,
		operation: 'generate',
		images: 1,
		id: '',
		fileName: '',
		oneItem: false,
		detail: 'simplified',
		request: {},
	};

	it.each<[string, object, object]>([
		['nothing', {}, {}],
		[
			'another type than it writes',
			{ operation: 5, images: -1, request: [], json: 'none', detail: {}, prices: 'cheap' },
			{},
		],
		['a link of no time', { linkMinutes: 0 }, {}],
		['prices that are not whole', { prices: { textInput: 1, imageInput: -2 } }, {}],
		[
			'prices below nothing',
			{ prices: { textInput: -1, imageInput: 1, imageOutput: 1, textOutput: 0 } },
			{},
		],
		['a rest without its mask', { rest: { first: { file_id: 'a' }, softEdge: 8 } }, {}],
		['a rest without an edge', { rest: { first: { file_id: 'a' }, mask: { file_id: 'b' } } }, {}],
		['names that are none', { detail: ['cost', 5] }, { detail: ['cost'] }],
	])('takes a line that says %s', (_, said, entry) => {
		expect(readManifestLine(JSON.stringify({ ...bare, ...said }))).toEqual([
			'item-0-image-0',
			{ ...leastEntry, ...entry },
		]);
	});

	it.each(['', '{', '[]', '{}', '{"custom_id":"a"}', '{"custom_id":"a","item":-1,"first":0}'])(
		'leaves %j out',
		(text) => {
			expect(readManifestLine(text)).toBeUndefined();
		},
	);
});

describe('a picture as JSON lines', () => {
	const read = async (chunks: AsyncIterable<Buffer>) => {
		const pieces: Buffer[] = [];
		for await (const piece of readPicture(textLines(chunks))) pieces.push(piece);
		return Buffer.concat(pieces);
	};

	it('is the picture again when it is read, wherever either is cut, and as long as it says', async () => {
		const edge = fc.integer({ min: -2, max: 2 }).map((more) => 192 * 1024 + more);
		const bytes = fc.oneof(fc.integer({ min: 1, max: 1000 }), edge, fc.nat({ max: 500_000 }));
		const coarse = fc.array(fc.integer({ min: 999, max: 300_000 }), { minLength: 1, maxLength: 4 });
		await fc.assert(
			fc.asyncProperty(bytes, fc.nat(), coarse, coarse, async (length, seed, cuts, by) => {
				const picture = Buffer.alloc(length);
				for (let at = 0; at < length; at++) picture[at] = (at * 31 + seed + (at >> 8)) & 255;
				const open = async () => await Promise.resolve(cut(picture, cuts));
				const file = pictureLines({ ...requestFile(picture), open });
				const chunks: Uint8Array[] = [];
				for await (const chunk of await file.open()) chunks.push(chunk);
				const written = Buffer.concat(chunks);
				expect(written).toHaveLength(file.bytes);
				for (const text of await linesOf(cut(written, [written.length]))) JSON.parse(text);
				expect((await read(cut(written, by))).equals(picture)).toBe(true);
			}),
			{ numRuns: 50 },
		);
	});

	it.each(['{}', 'none', '{"base64":5}'])('is not read from %j', async (text) => {
		await expect(read(cut(Buffer.from(text), [2]))).rejects.toMatchObject({
			details: { kind: 'input' },
		});
	});
});

describe('what a batch says about itself', () => {
	const said = { name: 'Night', manifest: 'file-1', fingerprint: 'f', content: 'c', part: '1/2' };

	it('is read as it was written', () => {
		const about = { ...said, run: 'r', workflow: 'w', execution: '5' };
		expect(readMetadata({ metadata: toMetadata(about) })).toEqual(about);
		expect(readMetadata({ metadata: toMetadata({ ...said, run: undefined }) })).toEqual(said);
	});

	it('is cut to what the API takes, by whole characters', () => {
		const { name } = toMetadata({ ...said, name: `a${'🦊'.repeat(600)}` });
		expect([...String(name)]).toHaveLength(512);
		expect(name).not.toMatch(/\p{Cs}/u);
	});

	it('may be lost but for the mark of this node', () => {
		const nothing = { name: '', manifest: '', fingerprint: '', content: '', part: '' };
		expect(readMetadata({ metadata: { node: 'n8n-nodes-gpt-image' } })).toEqual(nothing);
		expect(readMetadata({ metadata: { ...toMetadata(said), node: 'another' } })).toBeUndefined();
	});
});

describe('the name of a file', () => {
	const owner = { run: 'a'.repeat(64), content: 'c'.repeat(64) };
	const name = fileNameOf(owner, 'image', '0'.repeat(64), 'png');

	it('tells whose it is', () => {
		const named = readFileName(name);
		if (!named) throw new Error('It is none');
		expect(named.role).toBe(`image-${'0'.repeat(32)}.png`);
		expect([isOfRun(named, owner), isOfContent(named, owner)]).toEqual([true, true]);
		const other = { run: 'b'.repeat(64), content: 'd'.repeat(64) };
		expect([isOfRun(named, other), isOfContent(named, other)]).toEqual([false, false]);
	});

	it('tells nothing of a run that n8n does not tell from others', () => {
		const nobody = { content: owner.content };
		const named = readFileName(fileNameOf(nobody, 'input', '0'.repeat(64), 'jsonl'));
		expect(named?.run).toBeUndefined();
		expect(named && isOfRun(named, nobody)).toBe(false);
	});

	it.each(['photo.png', 'n8n-gpt-image_a_b_c', ''])('is not one of this node: %j', (given) => {
		expect(readFileName(given)).toBeUndefined();
	});
});

describe('the pictures of a batch', () => {
	it('are read once each, and told apart by their bytes', async () => {
		const opened: string[] = [];
		const file = (bytes: string, more = {}) => {
			const { open, ...rest } = requestFile(Buffer.from(bytes));
			const openAndNote = async () => {
				opened.push(bytes);
				return await open();
			};
			return { ...rest, ...more, open: openAndNote };
		};
		const [one, same, other] = [file('fox'), file('fox'), file('hen', { id: 'stored-1' })];
		const pictures = new Pictures();
		const limits = { stop: new Stop(), timeoutMs: 60_000 };
		await pictures.read([one, same, one, other], limits);
		await pictures.read([one, { ...other }], limits);
		expect(opened).toEqual(['fox', 'fox', 'hen']);
		expect(pictures.hashOf(one)).toBe(sha256(Buffer.from('fox')));
		expect(pictures.hashOf(same)).toBe(pictures.hashOf(one));
		expect(pictures.hashOf({ ...other })).toBe(sha256(Buffer.from('hen')));
	});

	it('that cannot be read are a failure of the input', async () => {
		const lost = {
			...requestFile(Buffer.from('fox')),
			open: async () => await Promise.reject(new Error('ENOENT')),
		};
		const limits = { stop: new Stop(), timeoutMs: 60_000 };
		await expect(new Pictures().read([lost], limits)).rejects.toMatchObject({
			details: { kind: 'input', reason: 'ENOENT' },
		});
	});

	it.each<[string, RequestFile['open']]>([
		['does not open one', async () => await new Promise(() => {})],
		[
			'falls silent',
			async () =>
				(async function* () {
					yield* await new Promise<Buffer[]>(() => {});
				})(),
		],
	])('are given up when the store %s', async (_, open) => {
		const hung = { ...requestFile(Buffer.from('fox')), open };
		const stop = new Stop();
		const late = new Pictures().read([hung], { stop, timeoutMs: 1 });
		await expect(late).rejects.toMatchObject({
			details: { kind: 'input', reason: "n8n's binary storage did not answer within 0 seconds" },
		});
		const reading = new Pictures().read([hung], { stop, timeoutMs: 60_000 });
		stop.reach(new Error('stopped'));
		await expect(reading).rejects.toThrow('stopped');
	});
});
