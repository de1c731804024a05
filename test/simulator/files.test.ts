import OpenAI, { BadRequestError, NotFoundError, toFile } from 'openai';

import { fs, os, path } from '../node';
import { startSimulator, type Simulator } from './index';

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
	simulator = await startSimulator({ today: '2026-11-22' });
	client = new OpenAI({ apiKey: simulator.apiKey, baseURL: simulator.url, maxRetries: 0 });
});
afterEach(() => simulator.reset());
afterAll(async () => await simulator.close());

const text = '{"custom_id":"a"}\n';

async function upload(
	name = 'a.jsonl',
	purpose: OpenAI.FilePurpose = 'batch',
	more: Partial<OpenAI.FileCreateParams> = {},
) {
	return await client.files.create({
		file: await toFile(Buffer.from(text), name),
		purpose,
		...more,
	});
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
	return await call.then(
		() => 'It succeeded.',
		(error: unknown) => error,
	);
}

it('are uploaded, described, read and deleted', async () => {
	const file = await upload();
	expect(file).toEqual({
		id: expect.stringMatching(/^file-/),
		object: 'file',
		bytes: text.length,
		created_at: expect.any(Number),
		expires_at: file.created_at + 30 * 24 * 3600,
		filename: 'a.jsonl',
		purpose: 'batch',
		status: 'processed',
		status_details: null,
	});
	expect(await client.files.retrieve(file.id)).toEqual(file);
	expect(await (await client.files.content(file.id)).text()).toBe(text);
	expect(await simulator.files.existing()).toEqual([file]);
	expect(await client.files.delete(file.id)).toEqual({
		id: file.id,
		object: 'file',
		deleted: true,
	});
	for (const call of [
		client.files.retrieve(file.id),
		client.files.content(file.id),
		client.files.delete(file.id),
	]) {
		expect(await failureOf(call)).toBeInstanceOf(NotFoundError);
	}
	expect(await simulator.files.existing()).toEqual([]);
	expect(simulator.stats()).toMatchObject({ filesUploaded: 1, filesDeleted: 1 });
	expect(simulator.requests[0]).toMatchObject({
		fields: { purpose: 'batch' },
		files: [{ field: 'file', filename: 'a.jsonl', size: text.length }],
	});
});

it('are listed newest first, by purpose, page by page', async () => {
	const made: string[] = [];
	for (const name of ['1', '2', '3']) made.push((await upload(`${name}.jsonl`)).id);
	const picture = await upload('a.png', 'vision');
	const all: string[] = [];
	for await (const { id } of client.files.list({ limit: 2 })) all.push(id);
	expect(all).toEqual([picture.id, ...[...made].reverse()]);
	const batches = await client.files.list({ purpose: 'batch', order: 'asc' });
	expect(batches.data.map(({ id }) => id)).toEqual(made);
});

it('expire when they were told to', async () => {
	const {
		id,
		created_at: created,
		expires_at: expires,
	} = await upload('a.png', 'vision', {
		expires_after: { anchor: 'created_at', seconds: 3600 },
	});
	expect(expires).toBe(created + 3600);
	expect((await upload('b.png', 'vision')).expires_at).toBeNull();
	simulator.advance(3_599_000);
	await client.files.retrieve(id);
	simulator.advance(2000);
	expect(await failureOf(client.files.retrieve(id))).toBeInstanceOf(NotFoundError);
	expect(await simulator.files.existing()).toMatchObject([{ filename: 'b.png' }]);
});

it.each(['vision', 'user_data', 'assistants'] as const)(
	'for %s are not handed out again',
	async (purpose) => {
		const { id } = await upload('a.txt', purpose);
		expect(await failureOf(client.files.content(id))).toMatchObject({
			status: 400,
			error: { message: `Not allowed to download files of purpose: ${purpose}` },
		});
	},
);

it.each<[object, string]>([
	[{ purpose: 'fun' }, "'fun' is not one of"],
	[{ purpose: undefined }, "parameter: 'purpose'"],
	[{ colour: 'red' }, "'colour'"],
	[{ expires_after: { anchor: 'created_at', seconds: 3599 } }, 'between 3600'],
	[{ expires_after: { anchor: 'created_at', seconds: 2_592_001 } }, 'between 3600'],
	[{ expires_after: { anchor: 'now', seconds: 3600 } }, "'now'"],
	[{ file: new File([''], 'a.jsonl') }, 'empty'],
	[{ file: new File(['x'], 'a.txt') }, 'Must be .jsonl'],
])('are refused with %j', async (more, words) => {
	const error = await failureOf(
		client.files.create({ file: new File([text], 'a.jsonl'), purpose: 'batch', ...more }),
	);
	expect(error).toBeInstanceOf(BadRequestError);
	expect(error).toMatchObject({ message: expect.stringContaining(words) });
	expect(await simulator.files.existing()).toEqual([]);
});

it('leave nothing on disk', async () => {
	const filesFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'simulator-files-'));
	const other = await startSimulator({ filesFolder });
	const by = new OpenAI({ apiKey: other.apiKey, baseURL: other.url });
	await by.files.create({ file: new File([text], 'a.jsonl'), purpose: 'batch' });
	expect(fs.readdirSync(filesFolder)).toHaveLength(1);
	await other.close();
	expect(fs.readdirSync(filesFolder)).toEqual([]);
	fs.rmdirSync(filesFolder);
});
