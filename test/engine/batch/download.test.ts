import fc from 'fast-check';
import { Download } from '../../../nodes/GptImage/openai/download';
import { crypto, http } from '../../node';
import { inNode } from '../../support/inNode';
import { close, listen } from '../../support/loopback';

// The pauses between attempts are of no interest here.
jest.mock('../../../nodes/GptImage/openai/retry/wait', () => ({
	wait: async (_: number, stop: { throwIfReached(): void }) => {
		stop.throwIfReached();
		await Promise.resolve();
	},
}));

const FILE = crypto.randomBytes(200_000);

/** How a server answers one request for the file. */
interface Manner {
	/** Resets the connection after so many bytes; never, when there are not as many. */
	resetAfter: number;
	/** It begins where it is asked to; otherwise at the beginning. */
	knowsRanges: boolean;
	/** It tells how many bytes there are. */
	tellsLength: boolean;
}

let manners: Manner[] = [];
/** Headers of refusals that come first. */
let refusals: Array<Record<string, string>> = [];
let ranges: Array<string | undefined> = [];

const server = http.createServer((request, response) => {
	if (!request.url?.endsWith('/content')) {
		response.setHeader('content-type', 'application/json');
		response.end(JSON.stringify({ id: 'file-1', bytes: FILE.length }));
		return;
	}
	ranges.push(request.headers.range);
	const refusal = refusals.shift();
	if (refusal) {
		response.writeHead(429, refusal).end('{}');
		return;
	}
	const { resetAfter, knowsRanges, tellsLength } = manners.shift() ?? {
		resetAfter: Infinity,
		knowsRanges: true,
		tellsLength: true,
	};
	const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
	const isRange = knowsRanges && from > 0;
	const body = isRange ? FILE.subarray(from) : FILE;
	response.writeHead(isRange ? 206 : 200, {
		...(isRange && { 'content-range': `bytes ${from}-${FILE.length - 1}/${FILE.length}` }),
		...(tellsLength && { 'content-length': body.length }),
	});
	if (resetAfter >= body.length) {
		response.end(body);
		return;
	}
	response.write(body.subarray(0, resetAfter), () => request.socket.destroy());
});
let baseUrl: string;
beforeAll(async () => {
	baseUrl = `http://127.0.0.1:${await listen(server)}/v1`;
});
afterAll(async () => await close(server));

const download = async () =>
	await inNode({ kind: 'openAi', apiKey: 'sk-download', baseUrl }, async (session) => {
		const file = new Download(session, 'file-1');
		await file.open();
		const pieces: Buffer[] = [];
		for await (const piece of file.chunks()) pieces.push(Buffer.from(piece));
		return Buffer.concat(pieces);
	});

const manner = fc.record({
	resetAfter: fc.integer({ min: 1, max: FILE.length }),
	knowsRanges: fc.boolean(),
	tellsLength: fc.boolean(),
});

it('gives the whole file, each byte once, wherever connections break', async () => {
	const property = fc.asyncProperty(fc.array(manner, { maxLength: 4 }), async (given) => {
		manners = [...given];
		expect((await download()).equals(FILE)).toBe(true);
	});
	await fc.assert(property, { numRuns: 60 });
}, 60_000);

it('asks only for what is missing', async () => {
	ranges = [];
	manners = [{ resetAfter: 65_536, knowsRanges: true, tellsLength: true }];
	expect((await download()).equals(FILE)).toBe(true);
	expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=\d+-$/)]);
});

it('gives up a file whose connection breaks again and again', async () => {
	manners = Array.from({ length: 20 }, () => ({
		resetAfter: 10,
		knowsRanges: true,
		tellsLength: true,
	}));
	await expect(download()).rejects.toThrow();
	expect(manners.length).toBeGreaterThan(10);
});

it('waits as long as it is asked to', async () => {
	manners = [];
	refusals = [{ 'retry-after': '300' }, { 'retry-after-ms': '300000' }];
	expect((await download()).equals(FILE)).toBe(true);
	expect(refusals).toEqual([]);
});

it.each<[string, string]>([
	['retry-after', '301'],
	['retry-after', 'Fri, 31 Dec 2100 23:59:59 GMT'],
	['retry-after', 'Infinity'],
	['retry-after-ms', '99999999999'],
])(
	'is over at once when the server wants to be left alone for longer (%s: %s)',
	async (...wish) => {
		refusals = [Object.fromEntries([wish])];
		await expect(download()).rejects.toMatchObject({ details: { class: 'rateLimit' } });
	},
);
