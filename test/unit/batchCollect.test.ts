import type { IExecuteFunctions } from 'n8n-workflow';
import { collect } from '../../nodes/GptImage/batch/collect';
import type { Batch } from '../../nodes/GptImage/openai/batches';
import { fakeApi, type FakeAnswer } from '../support/fakeApi';
import { picture } from '../support/pictures';

let png: string;
beforeAll(async () => {
	png = (await picture('png')).bytes.toString('base64');
});

const customId = (item: number) => `item-${item}-image-0`;

const made = (item: number, images = 1) => ({
	custom_id: customId(item),
	response: { status_code: 200, body: { data: Array(images).fill({ b64_json: png }) } },
});

const refused = (item: number, code: string) => ({
	custom_id: customId(item),
	error: { code, message: 'no' },
});

const file = (lines: object[]): FakeAnswer => {
	const body = Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'));
	return { body, headers: { 'content-length': String(body.length) } };
};

const GONE: FakeAnswer = { status: 404, body: { error: { message: 'No such File object' } } };

const manifest = file(
	[0, 1, 2].map((item) => ({ custom_id: customId(item), item, first: 0, id: `id${item}` })),
);

interface Files {
	manifest?: FakeAnswer;
	output?: FakeAnswer;
	errors?: FakeAnswer;
}

/** Collects a batch of three requests with these files. */
async function collected(
	{ manifest: names = manifest, output, errors }: Files,
	more: Partial<Batch> = {},
) {
	const { session } = fakeApi(...[names, output, errors].filter((answer) => answer !== undefined));
	const context = {
		helpers: {
			prepareBinaryData: async (_: Buffer, fileName: string) =>
				await Promise.resolve({ mimeType: 'image/png', data: '', fileName }),
		},
		getExecutionCancelSignal: () => undefined,
	} as unknown as IExecuteFunctions;
	const batch: Batch = {
		id: 'batch_1',
		status: 'completed',
		endpoint: '/v1/images/generations',
		createdAt: 0,
		counts: { total: 3, completed: 3, failed: 0 },
		metadata: { node: 'n8n-nodes-gpt-image', manifest: 'file-manifest' },
		errors: [],
		...(output && { outputFileId: 'file-output' }),
		...(errors && { errorFileId: 'file-errors' }),
		...more,
	};
	const { lines } = await collect(context, session, batch);
	return lines.map(({ result }) => [
		result?.images.map(({ binary }) => binary.fileName),
		result?.failure?.details.kind,
		result?.failure?.billing,
	]);
}

const image = (item: number) => [[`image-id${item}.png`], undefined, undefined];
const LOST = [[], 'lost', 'maybe'];
const UNMADE = [undefined, undefined, undefined];

describe('a request without a line', () => {
	it('may be paid for when the batch is completed', async () => {
		expect(await collected({ output: file([made(0), made(2)]) })).toEqual([
			image(0),
			LOST,
			image(2),
		]);
	});

	it('may be paid for when fewer came than the batch counts', async () => {
		const more = { status: 'cancelled', counts: { total: 3, completed: 2, failed: 0 } };
		expect(await collected({ output: file([made(0)]) }, more)).toEqual([image(0), LOST, LOST]);
	});

	it('was not made when as many came', async () => {
		const more = { status: 'expired', counts: { total: 3, completed: 1, failed: 0 } };
		expect(await collected({ output: file([made(0)]) }, more)).toEqual([image(0), UNMADE, UNMADE]);
	});

	it.each<[string, Files]>([
		['has none', {}],
		['is empty', { output: file([]) }],
		['is deleted', { output: GONE }],
	])('may be paid for when the output file %s', async (_, files) => {
		expect(await collected(files)).toEqual([LOST, LOST, LOST]);
	});

	it('is told as such when nobody knows its name either', async () => {
		await expect(collected({ manifest: GONE, output: GONE })).rejects.toMatchObject({
			details: { kind: 'lost' },
			billing: 'maybe',
		});
	});
});

it('images are not lost when the error file is', async () => {
	const files = { output: file([made(0), made(1)]), errors: GONE };
	expect(await collected(files)).toEqual([image(0), image(1), LOST]);
});

it('of two lines for a request the one with images counts', async () => {
	const output = file([refused(0, 'server_error'), made(1), made(0), made(2), refused(2, 'odd')]);
	const errors = file([refused(1, 'server_error')]);
	expect(await collected({ output, errors })).toEqual([image(0), image(1), image(2)]);
});

it('more images than were asked for have names of their own', async () => {
	const [first] = await collected({ output: file([made(0, 3), made(1), made(2)]) });
	expect(first?.[0]).toEqual(['image-id0.png', 'image-id0_2.png', 'image-id0_3.png']);
});
