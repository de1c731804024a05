import sharp from 'sharp';
import {
	displayedProperties,
	gptImage,
	readBinary,
	readWorkflow,
	runWorkflow,
	storedFiles,
} from './engine';
import { packageName } from './engine/package';
import { fs, os, path, repositoryRoot } from './node';
import { startSimulator, type Simulator } from './simulator';

const folder = path.join(repositoryRoot, 'examples');
const example = (name: string) => path.join(folder, `${name}.json`);

describe('every example', () => {
	const files = fs.readdirSync(folder).filter((file) => file.endsWith('.json'));

	it.each(files)('%s has ids, names and connections that n8n can import', async (file) => {
		const { nodes, connections } = await readWorkflow(path.join(folder, file));
		const names = nodes.map(({ name }) => name);
		expect(new Set(names).size).toBe(nodes.length);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
		expect(nodes.map(({ type }) => type)).toContain('n8n-nodes-base.stickyNote');
		const targets = Object.values(connections).flatMap(({ main = [] }) => main.flat());
		expect(names).toEqual(expect.arrayContaining(Object.keys(connections)));
		expect(names).toEqual(expect.arrayContaining(targets.map((target) => target?.node)));
	});

	it.each(files)('%s sets only fields that the node shows', async (file) => {
		const { nodes } = await readWorkflow(path.join(folder, file));
		const ours = nodes.filter(({ type }) => type === `${packageName}.${gptImage.description.name}`);
		expect(ours.length).toBeGreaterThan(0);
		for (const { parameters, typeVersion, credentials } of ours) {
			const shown = displayedProperties(gptImage.description, parameters, typeVersion).map(
				({ path: field }) => field,
			);
			const options = Object.keys(parameters.options ?? {}).map((name) => `options.${name}`);
			expect(shown).toEqual(expect.arrayContaining([...Object.keys(parameters), ...options]));
			expect(credentials).toEqual({
				openAiImagesApi: { id: null, name: 'OpenAI Images account' },
			});
		}
	});
});

describe('against the simulator', () => {
	let api: Simulator;
	beforeAll(async () => {
		api = await startSimulator();
	});
	beforeEach(() => api.reset());
	afterAll(async () => await api.close());

	const credentials = () => ({ apiKey: api.apiKey, baseUrl: api.url });
	const drawn = (index: number) => api.images[index]?.bytes ?? Buffer.alloc(0);
	const bodies = () => api.requests.map(({ path: url, json, fields }) => [url, json ?? fields]);
	const facts = (fileName: string, mimeType: string, bytes: number, more = {}) => ({
		json: {
			operation: 'generate',
			model: 'gpt-image-2',
			size: '1024x1024',
			quality: expect.any(String),
			background: expect.any(String),
			format: expect.any(String),
			index: 0,
			created: expect.any(Number),
			usage: expect.objectContaining({ total_tokens: expect.any(Number) }),
			cost: expect.any(Number),
			costBasis: 'OpenAI prices of 2026-11-22',
			imagesInRequest: 1,
			requestId: expect.stringMatching(/^req_/),
			durationMs: expect.any(Number),
			fileName,
			mimeType,
			bytes,
			binaryPropertyName: 'data',
			...more,
		},
		pairedItem: { item: 0 },
		binary: {
			data: {
				id: expect.stringMatching(/^filesystem-v2:/),
				data: 'filesystem-v2',
				fileName,
				mimeType,
				fileType: 'image',
				fileExtension: path.extname(fileName).slice(1),
				fileSize: expect.any(String),
				bytes,
			},
		},
	});

	it('webhook-generate answers the caller with the image', async () => {
		const { run, items, responses } = await runWorkflow(example('webhook-generate'), {
			credentials: credentials(),
			received: { json: { prompt: 'A red bicycle' } },
		});
		expect(run.status).toBe('success');
		expect(bodies()).toEqual([
			['/v1/images/generations', { model: 'gpt-image-2', prompt: 'A red bicycle' }],
		]);
		expect(items('Generate Image')).toEqual([facts('image.png', 'image/png', drawn(0).length)]);
		expect(responses).toEqual([
			{ statusCode: 200, headers: { 'content-type': 'image/png' }, body: drawn(0) },
		]);
	});

	it('schedule-generate-to-disk writes two WebP files', async () => {
		const target = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'examples-'));
		const before = await storedFiles();
		const { run, items } = await runWorkflow(example('schedule-generate-to-disk'), {
			credentials: credentials(),
			parameters: { 'Write Images': { fileName: `=${target}/{{ $binary.data.fileName }}` } },
		});
		const names = ['poster-2026-11-22_1.webp', 'poster-2026-11-22_2.webp'];
		expect(run.status).toBe('success');
		expect(bodies()).toEqual([
			[
				'/v1/images/generations',
				{
					model: 'gpt-image-2',
					prompt: 'A cheerful poster that says "Sunday", flat colors, bold shapes',
					n: 2,
					output_format: 'webp',
					output_compression: 80,
				},
			],
		]);
		expect(items('Generate Images')).toEqual(
			names.map((name, index) =>
				facts(name, 'image/webp', drawn(index).length, { index, imagesInRequest: 2 }),
			),
		);
		expect(await fs.promises.readdir(target)).toEqual(names);
		for (const [index, name] of names.entries()) {
			expect(await fs.promises.readFile(path.join(target, name))).toEqual(drawn(index));
		}
		expect(await storedFiles()).toHaveLength(before.length + names.length);
		await fs.promises.rm(target, { recursive: true });
	});

	it('form-edit-with-mask sends photo and mask, and hands the edited image back', async () => {
		const blank = { width: 1024, height: 1024, channels: 4 as const };
		const photo = await sharp({ create: { ...blank, background: '#147' } })
			.jpeg()
			.toBuffer();
		const clear = { r: 0, g: 0, b: 0, alpha: 0 };
		const mask = await sharp({ create: { ...blank, background: clear } })
			.png()
			.toBuffer();
		const { run, items, responses } = await runWorkflow(example('form-edit-with-mask'), {
			credentials: credentials(),
			received: {
				json: { Instruction: 'Put a boat on the lake' },
				files: {
					Photo: { data: photo, fileName: 'lake.jpg', mimeType: 'image/jpeg' },
					Mask: { data: mask, fileName: 'mask.png', mimeType: 'image/png' },
				},
			},
		});
		expect(run.status).toBe('success');
		expect(bodies()).toEqual([
			['/v1/images/edits', { model: 'gpt-image-2', prompt: 'Put a boat on the lake' }],
		]);
		expect(api.requests[0]?.files).toMatchObject([
			{ field: 'image', filename: 'lake.jpg', contentType: 'image/jpeg', bytes: photo },
			{ field: 'mask', filename: 'mask.png', contentType: 'image/png', bytes: mask },
		]);
		const [edited] = items('Edit Image');
		expect(edited).toEqual(
			facts('edited.png', 'image/png', drawn(0).length, { operation: 'edit' }),
		);
		expect(edited?.binary?.data && (await readBinary(edited.binary.data))).toEqual(drawn(0));
		expect(responses).toEqual([{ statusCode: 200, headers: {}, body: [drawn(0)] }]);
	});
});
