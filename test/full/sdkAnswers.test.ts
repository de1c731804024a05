import Ajv from 'ajv';
import OpenAI, { toFile } from 'openai';
import { maskPicture, picture } from '../support/pictures';
import { useSimulator } from '../support/simulator';
import { schemaOf } from './sdkTypes/schema';

// What the simulator answers is what the types of the SDK say, nothing more and nothing else.
const simulator = useSimulator();
const client = () =>
	new OpenAI({ apiKey: simulator.api.apiKey, baseURL: simulator.api.url, maxRetries: 0 });

const ajv = new Ajv({ allErrors: true });

/** What of an answer is otherwise than its type says. The API writes null where there is nothing. */
function problemOf(answer: unknown, type: string): string | undefined {
	const text = JSON.stringify(answer, (_, value: unknown) => value ?? undefined);
	return ajv.validate(schemaOf(type), JSON.parse(text)) ? undefined : ajv.errorsText();
}

const common = { model: 'gpt-image-2.6-flare', prompt: 'A fox', quality: 'low' } as const;

async function all<Event>(events: AsyncIterable<Event>): Promise<Event[]> {
	const found: Event[] = [];
	for await (const event of events) found.push(event);
	return found;
}

async function upload(text: string | Buffer, name: string, purpose: OpenAI.FilePurpose) {
	const file = await toFile(Buffer.from(text), name);
	return await client().files.create({
		file,
		purpose,
		expires_after: { anchor: 'created_at', seconds: 3600 },
	});
}

it('images are', async () => {
	const { images } = client();
	const [photo, hole] = [await picture('png'), await maskPicture()];
	const image = await toFile(photo.bytes, photo.fileName, { type: photo.mimeType });
	const over = await toFile(hole.bytes, hole.fileName, { type: hole.mimeType });
	const answers = [
		await images.generate({ ...common, n: 2, safety_identifier: 'user-1' }),
		await images.generate({ ...common, output_format: 'gif', frame_count: 2 }),
		await images.generate({ ...common, output_format: 'svg', svg: { model: 'gpt-5.5' } }),
		await images.edit({ ...common, image, mask: over }),
		await images.edit({ ...common, image: [image, image], markup: over }),
	];
	expect(answers.map((answer) => problemOf(answer, 'ImagesResponse'))).toEqual(
		answers.map(() => undefined),
	);
});

it('events of a stream are', async () => {
	const { images } = client();
	const { bytes, fileName, mimeType: type } = await picture('png');
	const image = await toFile(bytes, fileName, { type });
	const streamed = { ...common, stream: true, partial_images: 1 } as const;
	const made = await all(await images.generate(streamed));
	const edited = await all(await images.edit({ ...streamed, image }));
	expect(made.map((event) => problemOf(event, 'ImageGenStreamEvent'))).toEqual([
		undefined,
		undefined,
	]);
	expect(edited.map((event) => problemOf(event, 'ImageEditStreamEvent'))).toEqual([
		undefined,
		undefined,
	]);
});

it('files are', async () => {
	const { files } = client();
	const made = await upload((await picture('png')).bytes, 'a.png', 'vision');
	const found = await files.retrieve(made.id);
	const [listed] = await all(files.list({ purpose: 'vision' }));
	for (const file of [made, found, listed]) expect(problemOf(file, 'FileObject')).toBeUndefined();
	expect(problemOf(await files.delete(made.id), 'FileDeleted')).toBeUndefined();
});

it('batches are, in all their states', async () => {
	const { batches } = client();
	const line = (id: string, prompt = 'A fox') =>
		JSON.stringify({
			custom_id: id,
			method: 'POST',
			url: '/v1/images/generations',
			body: { model: 'gpt-image-2', prompt, quality: 'low' },
		});
	const create = async (text: string) =>
		await batches.create({
			input_file_id: (await upload(text, 'a.jsonl', 'batch')).id,
			endpoint: '/v1/images/generations',
			completion_window: '24h',
			metadata: { name: 'Night' },
			output_expires_after: { anchor: 'created_at', seconds: 3600 },
		});
	const found = new Map<string, OpenAI.Batch>();
	const look = async (batch: OpenAI.Batch) => {
		for (const one of [batch, await batches.retrieve(batch.id)]) found.set(one.status, one);
	};
	await look(await create(`${line('a')}\n${line('b', '[moderation]')}`));
	await simulator.api.batches.finish();
	await look(await create('no JSON'));
	await simulator.api.batches.finish();
	const cancelled = await create(line('c'));
	await simulator.api.batches.progress(0);
	await look(cancelled);
	await look(await batches.cancel(cancelled.id));
	await simulator.api.batches.finish();
	await create(line('d'));
	await simulator.api.batches.expire();
	for (const batch of await all(batches.list({ limit: 2 }))) await look(batch);
	expect([...found.keys()].sort()).toEqual([
		'cancelled',
		'cancelling',
		'completed',
		'expired',
		'failed',
		'in_progress',
		'validating',
	]);
	const problems = [...found.values()].map((batch) => problemOf(batch, 'Batch'));
	expect(problems).toEqual(problems.map(() => undefined));
});

it('models are', async () => {
	const { models } = client();
	const listed = await all(models.list());
	expect(listed.length).toBeGreaterThan(10);
	for (const model of [...listed, await models.retrieve('gpt-image-2')]) {
		expect(problemOf(model, 'Model')).toBeUndefined();
	}
});

it('what the types do not have would be found', () => {
	expect(problemOf({ id: 'file-1', object: 'file', deleted: true }, 'FileDeleted')).toBeUndefined();
	expect(problemOf({ id: 'file-1', object: 'file', deleted: 'yes' }, 'FileDeleted')).toContain(
		'boolean',
	);
	expect(
		problemOf({ id: 'file-1', object: 'file', deleted: true, size: 1 }, 'FileDeleted'),
	).toContain('additional');
});
