import type { INodeParameters } from 'n8n-workflow';
import OpenAI, { toFile } from 'openai';
import { useBinaryMode, type BinaryMode } from './engine';
import type { ReceivedRequest } from './simulator';
import { imagesFrom, modelById } from './support/parameters';
import { maskPicture, picture, storeFiles, type TestFile } from './support/pictures';
import { useSimulator } from './support/simulator';
import { startWiretap } from './support/wiretap';

// The official SDK is the oracle: for the same call it and the node must put the same on the wire.
const simulator = useSimulator();
const client = () =>
	new OpenAI({ apiKey: simulator.api.apiKey, baseURL: simulator.api.url, maxRetries: 0 });

beforeEach(async () => await useBinaryMode('filesystem'));

/** What matters of a request: all but file names, the boundary and the client's own headers. */
function essence({ method, path, headers, json, fields, files }: ReceivedRequest) {
	return {
		method,
		path,
		authorization: headers.authorization,
		contentType: String(headers['content-type']).replace(/; ?boundary=.*/, ''),
		json,
		fields,
		files: files.map(({ field, contentType, sha256 }) => ({ field, contentType, sha256 })),
	};
}

/** The single request that arrived since the last look. */
function lastRequest() {
	const [request, ...others] = simulator.api.requests.splice(0);
	if (!request || others.length > 0) throw new Error('Expected one request');
	expect(request.status).toBe(200);
	return essence(request);
}

async function expectSameRequest(
	parameters: INodeParameters,
	files: Record<string, TestFile>,
	call: (sdk: OpenAI) => Promise<unknown>,
) {
	await call(client());
	const wanted = lastRequest();
	await simulator.run({ parameters, items: [{ json: {}, binary: await storeFiles(files) }] });
	expect(lastRequest()).toEqual(wanted);
}

async function readToEnd(stream: AsyncIterable<unknown>) {
	for await (const event of stream) void event;
}

const upload = async ({ bytes, fileName, mimeType }: TestFile) =>
	await toFile(bytes, fileName, { type: mimeType });

const model = 'gpt-image-2.6-flare';
const prompts = [
	['a line', 'A lighthouse at dawn'],
	['several lines', 'A lighthouse\nat dawn\r\nin three lines\n'],
	['other scripts', 'Ein Leuchtturm in Übersee, 灯台、منارة, cafe\u0301'],
	['emoji', 'A 🦊 and a 👩‍🚀 under a 🏳️‍🌈'],
	['quotes and brackets', `A "sign" that says 'it\\'s \`{"b64_json": "x"}\` & <b>&amp;</b>'`],
	['what looks like a part of a form', '--boundary\r\nContent-Disposition: form-data; name="n"\r\n'],
];

/** Every value that the node can send, beside the prompt. */
const everything = {
	parameters: {
		model: modelById(model),
		size: 'custom',
		width: 1024,
		height: 640,
		quality: 'xhigh',
		n: 2,
		options: {
			background: 'transparent',
			moderation: 'low',
			outputFormat: 'webp',
			outputCompression: 80,
		},
	},
	body: {
		model,
		size: '1024x640',
		quality: 'xhigh',
		n: 2,
		background: 'transparent',
		moderation: 'low',
		output_format: 'webp',
		output_compression: 80,
	} as const,
};
const keepAlive = { parameters: { options: { keepAlive: true } }, body: { partial_images: 3 } };

describe('Generate puts on the wire what images.generate puts there', () => {
	it('with nothing but a prompt', async () => {
		await expectSameRequest(
			{ operation: 'generate', prompt: 'A lighthouse' },
			{},
			async (sdk) => await sdk.images.generate({ model: 'gpt-image-2', prompt: 'A lighthouse' }),
		);
	});

	it('with every parameter', async () => {
		await expectSameRequest(
			{ operation: 'generate', prompt: 'A lighthouse', ...everything.parameters },
			{},
			async (sdk) => await sdk.images.generate({ prompt: 'A lighthouse', ...everything.body }),
		);
	});

	it('with the connection kept alive', async () => {
		await expectSameRequest(
			{ operation: 'generate', prompt: 'A lighthouse', ...keepAlive.parameters },
			{},
			async (sdk) =>
				await readToEnd(
					await sdk.images.generate({
						model: 'gpt-image-2',
						prompt: 'A lighthouse',
						stream: true,
						...keepAlive.body,
					}),
				),
		);
	});

	it.each(prompts)('with a prompt of %s', async (_, prompt) => {
		await expectSameRequest(
			{ operation: 'generate', prompt },
			{},
			async (sdk) => await sdk.images.generate({ model: 'gpt-image-2', prompt }),
		);
	});
});

describe.each<BinaryMode>(['filesystem', 'memory'])(
	'Edit, its files kept in n8n’s %s mode, puts on the wire what images.edit puts there',
	(mode) => {
		beforeEach(async () => await useBinaryMode(mode));
		const edit = { operation: 'edit', prompt: 'Add a hat' };
		const body = { model: 'gpt-image-2', prompt: 'Add a hat' };

		it.each(['png', 'jpeg', 'webp'] as const)('with one %s', async (format) => {
			const data = await picture(format);
			await expectSameRequest(
				edit,
				{ data },
				async (sdk) => await sdk.images.edit({ ...body, image: await upload(data) }),
			);
		});

		it('with three images', async () => {
			const files = {
				first: await picture('png', { colour: 'red' }),
				second: await picture('jpeg', { width: 48, colour: 'green' }),
				third: await picture('webp', { height: 32, colour: 'blue' }),
			};
			await expectSameRequest(
				{ ...edit, images: imagesFrom('first', 'second', 'third') },
				files,
				async (sdk) =>
					await sdk.images.edit({
						...body,
						image: await Promise.all(Object.values(files).map(upload)),
					}),
			);
		});

		it('with every parameter, two images and a mask', async () => {
			const files = {
				data: await picture('png'),
				other: await picture('webp', { colour: 'blue' }),
				hole: await maskPicture(),
			};
			const { options } = everything.parameters;
			await expectSameRequest(
				{
					...edit,
					...everything.parameters,
					images: imagesFrom('data', 'other'),
					options: { ...options, maskBinaryPropertyName: 'hole' },
				},
				files,
				async (sdk) =>
					await sdk.images.edit({
						...body,
						...everything.body,
						image: [await upload(files.data), await upload(files.other)],
						mask: await upload(files.hole),
					}),
			);
		});

		it('with the connection kept alive', async () => {
			const data = await picture('png');
			await expectSameRequest(
				{ ...edit, ...keepAlive.parameters },
				{ data },
				async (sdk) =>
					await readToEnd(
						await sdk.images.edit({
							...body,
							image: await upload(data),
							stream: true,
							...keepAlive.body,
						}),
					),
			);
		});

		it.each(prompts)('with a prompt of %s', async (_, prompt) => {
			const data = await picture('png');
			await expectSameRequest(
				{ ...edit, prompt },
				{ data },
				async (sdk) => await sdk.images.edit({ ...body, prompt, image: await upload(data) }),
			);
		});

		it('and announces the length of the form to the byte', async () => {
			const tap = await startWiretap(simulator.api.url);
			const binary = await storeFiles({
				data: await picture('png', { width: 700, height: 500 }),
				// Large enough to be read from the store in several pieces.
				large: await noisyPicture(),
				hole: await maskPicture({ width: 700, height: 500 }),
			});
			const run = simulator.run({
				credentials: simulator.credentials({ baseUrl: tap.url }),
				parameters: {
					...edit,
					prompt: 'Mütze\n🎩',
					images: imagesFrom('data', 'large'),
					options: { maskBinaryPropertyName: 'hole' },
				},
				items: [{ json: {}, binary }],
			});
			await run.finally(tap.close);
			const [sent, ...others] = tap.recorded();
			expect(others).toEqual([]);
			expect(sent?.head).toMatch(new RegExp(`^content-length: ${sent?.body.length}$`, 'im'));
			expect(sent?.head).not.toMatch(/^transfer-encoding/im);
			expect(sent?.body.length).toBeGreaterThan(600_000);
		});
	},
);

/** A PNG of more than half a megabyte. */
async function noisyPicture(): Promise<TestFile> {
	const { default: sharp } = await import('sharp');
	const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
	const create = { width: 700, height: 500, channels: 3, background: 'grey', noise } as const;
	return {
		fileName: 'noise.png',
		mimeType: 'image/png',
		bytes: await sharp({ create }).png().toBuffer(),
	};
}
