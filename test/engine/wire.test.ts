import type { INodeParameters } from 'n8n-workflow';
import OpenAI, { toFile } from 'openai';
import { useBinaryMode, type BinaryMode } from '../harness';
import type { ReceivedRequest } from '../simulator';
import { EVERYTHING } from '../support/everything';
import { imagesFrom, maskFrom, modelById } from '../support/parameters';
import { maskPicture, noisePicture, picture, storeFiles, type TestFile } from '../support/pictures';
import { useSimulator } from '../support/simulator';
import { startWiretap } from '../support/wiretap';

// The official SDK is the oracle: for the same call it and the node must put the same on the wire.
const simulator = useSimulator();

beforeEach(async () => await useBinaryMode('filesystem'));

/**
 * What matters of a request: all but file names, the boundary, the client's own headers, and the
 * place of a part among those of other names.
 */
function essence({ method, path, headers, json, fields, files }: ReceivedRequest) {
	return {
		method,
		path,
		authorization: headers.authorization,
		apiKey: headers['api-key'],
		contentType: String(headers['content-type']).replace(/; ?boundary=.*/, ''),
		json,
		fields,
		files: files
			.map(({ field, contentType, sha256 }) => ({ field, contentType, sha256 }))
			.sort((a, b) => a.field.localeCompare(b.field)),
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
	{ sdk, credentials } = openAi(),
) {
	await call(sdk);
	const wanted = lastRequest();
	const items = [{ json: {}, binary: await storeFiles(files) }];
	await simulator.run({ parameters, items, credentials });
	expect(lastRequest()).toEqual(wanted);
}

/** The two callers of OpenAI. */
function openAi() {
	const { apiKey, url: baseURL } = simulator.api;
	return {
		sdk: new OpenAI({ apiKey, baseURL, maxRetries: 0 }),
		credentials: simulator.credentials(),
	};
}

/** The two callers of Azure's v1 API. */
function azure() {
	const { apiKey, url } = simulator.api;
	const baseURL = new URL('/openai/v1', url).href;
	const defaultHeaders = { Authorization: null, 'api-key': apiKey };
	return {
		sdk: new OpenAI({ apiKey, baseURL, defaultHeaders, maxRetries: 0 }),
		credentials: simulator.credentials({ kind: 'azure', baseUrl: baseURL }),
	};
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
	[
		'what looks like a part of a form',
		'--boundary\r\nContent-Disposition: form-data; name="n"\r\n',
	],
];

const keepAlive = { parameters: { options: { keepAlive: true } }, body: { partial_images: 3 } };

describe('Generate puts on the wire what images.generate puts there', () => {
	it('with nothing but a prompt', async () => {
		await expectSameRequest(
			{ operation: 'generate', prompt: 'A lighthouse' },
			{},
			async (sdk) => await sdk.images.generate({ model: 'gpt-image-2', prompt: 'A lighthouse' }),
		);
	});

	it.each(EVERYTHING)('with every parameter of a %s', async (_, { parameters, body }) => {
		await expectSameRequest(
			{ operation: 'generate', prompt: 'A lighthouse', ...parameters },
			{},
			async (sdk) => await sdk.images.generate({ prompt: 'A lighthouse', ...body }),
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

		it.each(EVERYTHING)('with every parameter of a %s, and two images', async (_, row) => {
			const files = {
				data: await picture('png'),
				other: await picture('webp', { colour: 'blue' }),
			};
			await expectSameRequest(
				{ ...edit, ...row.parameters, images: imagesFrom('data', 'other') },
				files,
				async (sdk) =>
					await sdk.images.edit({
						...body,
						...row.body,
						image: [await upload(files.data), await upload(files.other)],
					}),
			);
		});

		it.each(['mask', 'markup'] as const)('with a %s', async (overlay) => {
			const files = { data: await picture('png'), over: await maskPicture() };
			await expectSameRequest(
				{
					...edit,
					model: modelById(model),
					options:
						overlay === 'mask' ? { mask: maskFrom('over') } : { markupBinaryPropertyName: 'over' },
				},
				files,
				async (sdk) =>
					await sdk.images.edit({
						...body,
						model,
						image: await upload(files.data),
						...(overlay === 'mask'
							? { mask: await upload(files.over) }
							: { markup: await upload(files.over) }),
					}),
			);
		});

		// At Azure, where a deployment has no day on which the node would refuse it.
		it.each(['low', 'high'] as const)('with the input fidelity %s', async (inputFidelity) => {
			const data = await picture('jpeg');
			await expectSameRequest(
				{ ...edit, model: modelById('gpt-image-1.5'), options: { inputFidelity } },
				{ data },
				async (sdk) =>
					await sdk.images.edit({
						...body,
						model: 'gpt-image-1.5',
						image: await upload(data),
						input_fidelity: inputFidelity,
					}),
				azure(),
			);
		});

		it('as JSON, which the SDK has no method for', async () => {
			const files = { data: await picture('png'), over: await maskPicture() };
			const urls = Object.values(files).map(
				({ bytes }) => `data:image/png;base64,${bytes.toString('base64')}`,
			);
			const [image, mask] = urls.map((image_url) => ({ image_url }));
			await expectSameRequest(
				{ ...edit, options: { sendAsJson: true, mask: maskFrom('over') } },
				files,
				async (sdk) =>
					await sdk.post('/images/edits', { body: { ...body, images: [image], mask } }),
			);
		});

		it('as JSON with images the API fetches itself', async () => {
			const data = await picture('png');
			const rows = [
				{ source: 'url', url: 'https://example.com/a.png' },
				{ source: 'fileId', fileId: 'file-AbC123' },
				{ source: 'binary', binaryPropertyName: 'data' },
			];
			const images = [
				{ image_url: 'https://example.com/a.png' },
				{ file_id: 'file-AbC123' },
				{ image_url: `data:image/png;base64,${data.bytes.toString('base64')}` },
			];
			await expectSameRequest(
				{ ...edit, images: { image: rows } },
				{ data },
				async (sdk) => await sdk.post('/images/edits', { body: { ...body, images } }),
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
				large: await noisePicture(700, 500),
				hole: await maskPicture({ width: 700, height: 500 }),
			});
			const run = simulator.run({
				credentials: simulator.credentials({ baseUrl: tap.url }),
				parameters: {
					...edit,
					prompt: 'Mütze\n🎩',
					images: imagesFrom('data', 'large'),
					options: { mask: maskFrom('hole') },
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
