import { Container } from '@n8n/di';
import { BinaryDataService, prepareBinaryData } from 'n8n-core';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';
import { stream } from '../node';
import { storeBinary, useBinaryMode } from '../harness';
import { exif, pictureFile, withChunk, withSegments, withWebpExif } from '../support/madePictures';
import { maskFrom, maskOf } from '../support/parameters';
import { maskPicture, picture, sha256, storeFiles } from '../support/pictures';
import { useSimulator } from '../support/simulator';
import { STOPPED } from '../support/words';

const simulator = useSimulator();

const edit = async (
	item: INodeExecutionData,
	{
		row = { source: 'binary', binaryPropertyName: 'data' },
		options = {},
		...more
	}: {
		row?: INodeParameters;
		options?: INodeParameters;
		binaryMode?: 'combined';
		signal?: AbortSignal;
	} = {},
) =>
	await simulator.run({
		parameters: { operation: 'edit', prompt: 'a blue fox', images: { image: [row] }, options },
		items: [item],
		settings: more.binaryMode && { binaryMode: more.binaryMode },
		signal: more.signal,
	});

const sums = () =>
	simulator.api.requests.flatMap(({ files }) => files.map(({ bytes }) => sha256(bytes)));

describe("JSON that names a file of n8n's store", () => {
	const own = async () => await picture('png', { colour: 'green' });
	const secret = async () => await picture('png', { colour: 'red' });
	/** A file of another workflow. */
	const foreign = async () => {
		const { bytes } = await secret();
		return await prepareBinaryData(bytes, 'input', 'another', 'secret.png', 'image/png');
	};
	const toJson = (value: unknown): IDataObject => JSON.parse(JSON.stringify(value));

	it.each([undefined, 'combined'] as const)(
		'never takes the place of the binary field (binary mode %s)',
		async (binaryMode) => {
			const mine = await own();
			const binary = await storeFiles({ data: mine });
			const { data } = await storeFiles({ data: await secret() });
			const json = toJson({ _files: { data }, data });
			await edit({ json, binary }, { binaryMode });
			expect(sums()).toEqual([sha256(mine.bytes)]);
		},
	);

	it('is not looked at in the separate mode, by no name and not by "all fields"', async () => {
		const { data } = await storeFiles({ data: await secret() });
		const mine = await own();
		const binary = await storeFiles({ mine });
		const json = toJson({ _files: { data, other: data }, data });
		for (const binaryPropertyName of ['data', '_files.data', 'other']) {
			await expect(
				edit({ json, binary }, { row: { source: 'binary', binaryPropertyName } }),
			).rejects.toThrow('does not exist');
		}
		await edit({ json, binary }, { row: { source: 'allBinary' } });
		expect(sums()).toEqual([sha256(mine.bytes)]);
	});

	it('is read in the combined mode when it is of this workflow, by both of its names', async () => {
		const mine = await own();
		const { data } = await storeFiles({ data: mine });
		for (const binaryPropertyName of ['data', '_files.data']) {
			await edit(
				{ json: toJson({ _files: { data } }) },
				{ binaryMode: 'combined', row: { source: 'binary', binaryPropertyName } },
			);
		}
		await edit(
			{ json: toJson({ _files: { data } }) },
			{ binaryMode: 'combined', row: { source: 'allBinary' } },
		);
		expect(sums()).toEqual([mine, mine, mine].map(({ bytes }) => sha256(bytes)));
	});

	it.each<[string, (id: string) => string]>([
		['another workflow', (id) => id],
		[
			'a way out of the folder',
			() => 'filesystem-v2:workflows/engine/executions/1/binary_data/../../../../x',
		],
		['an absolute path', () => 'filesystem-v2:/etc/passwd'],
		['a short path', () => 'filesystem-v2:workflows/engine/x'],
		['a database', () => 'database:6f1f2f0e-0000-4000-8000-000000000000'],
		['nothing', () => ''],
	])('is not read in the combined mode when it is of %s', async (_, change) => {
		const file = await foreign();
		const data = { ...file, id: change(file.id ?? '') };
		await expect(
			edit({ json: toJson({ _files: { data } }) }, { binaryMode: 'combined' }),
		).rejects.toThrow('Input data field "data" does not exist [item 1]');
		expect(simulator.api.requests).toEqual([]);
	});

	it.each(['={{ $json.photo }}', '={{ $json._files.data }}'])(
		'of another workflow is not read by the expression %s',
		async (binaryPropertyName) => {
			const file = await foreign();
			const run = edit(
				{
					json: toJson({ photo: file, _files: { data: file } }),
					binary: await storeFiles({ data: await own() }),
				},
				{ row: { source: 'binary', binaryPropertyName } },
			);
			await expect(run).rejects.toThrow(
				'The input data object names a file of another workflow [item 1]',
			);
			expect(simulator.api.requests).toEqual([]);
		},
	);

	it('of another workflow is read where the item really has it', async () => {
		const file = await foreign();
		await edit(
			{ json: {}, binary: { data: file } },
			{ row: { source: 'binary', binaryPropertyName: '={{ $binary.data }}' } },
		);
		expect(sums()).toEqual([sha256((await secret()).bytes)]);
	});
});

describe('a file that is not a whole picture', () => {
	it.each<[string, (whole: Buffer) => Buffer, string]>([
		['png', (whole) => whole.subarray(0, -12), 'is cut off'],
		['png', (whole) => whole.subarray(0, 33), 'is cut off'],
		['png', (whole) => withChunk(whole, '\0\0\0\0', Buffer.alloc(9)), 'is damaged'],
		['jpeg', (whole) => whole.subarray(0, -2), 'is cut off'],
		['jpeg', (whole) => whole.subarray(0, whole.length >> 1), 'is cut off'],
		['webp', (whole) => whole.subarray(0, -3), 'is cut off'],
	])('is told before anything is sent: %s %s', async (format, damage, what) => {
		const bytes = damage(
			await pictureFile(format === 'png' ? 'png' : format === 'jpeg' ? 'jpeg' : 'webp'),
		);
		const message = new RegExp(
			`^Input data field "data" ${what} \\(${format.toUpperCase()} of ${bytes.length} bytes\\) \\[item 1\\]$`,
		);
		const data = await storeBinary(bytes, `a.${format}`, `image/${format}`);
		await expect(edit({ json: {}, binary: { data } })).rejects.toThrow(message);
		const row = { source: 'base64', base64: '={{ $json.text }}' };
		await expect(edit({ json: { text: bytes.toString('base64') } }, { row })).rejects.toThrow(
			`The image in Base64 ${what}`,
		);
		expect(simulator.api.requests).toEqual([]);
	});

	it('is named by what it is', async () => {
		for (const [text, what] of [
			['', 'is empty'],
			['<!doctype html><title>Sign in</title>', 'is a web page'],
			['%PDF-1.7', 'is a PDF'],
		] as const) {
			const data = await storeBinary(Buffer.from(text), 'photo.jpg', 'image/jpeg');
			await expect(edit({ json: {}, binary: { data } })).rejects.toThrow(
				`Input data field "data" ${what} [item 1]`,
			);
		}
	});
});

describe('the size of the first image', () => {
	it.each<[string, () => Promise<Buffer>]>([
		[
			'a JPEG with more than 256 kB of metadata',
			async () => {
				const long = Buffer.alloc(65_000, 'http://ns.adobe.com/xmp/extension/\0');
				const turn = Buffer.concat([Buffer.from('Exif\0\0'), exif(6)]);
				const segments = [...Array.from({ length: 6 }, () => long), turn];
				return withSegments(
					await pictureFile('jpeg'),
					segments.map((data) => [0xe1, data]),
				);
			},
		],
		['a PNG turned by eXIf', async () => withChunk(await pictureFile('png'), 'eXIf', exif(8))],
		[
			'a WebP turned by its last chunk',
			async () => withWebpExif(await pictureFile('webp'), { width: 40, height: 30 }, exif(5)),
		],
	])('is found in %s, for a mask that is drawn and for one that is given', async (_, make) => {
		const data = await storeBinary(await make(), 'a', 'image/x');
		await edit({ json: {}, binary: { data } }, { options: { mask: maskOf({}) } });
		const mask = simulator.api.requests[0]?.files[1]?.bytes;
		expect(await sharp(mask).metadata()).toMatchObject({ width: 30, height: 40, hasAlpha: true });
		const given = await maskPicture({ width: 40, height: 30 });
		const binary = { data, ...(await storeFiles({ mask: given })) };
		await expect(
			edit({ json: {}, binary }, { options: { mask: maskFrom('mask') } }),
		).rejects.toThrow(
			'The mask in input data field "mask" is 40x30 pixels, but the first image is 30x40',
		);
	});

	it.each<[string, [number, number], INodeParameters[], RegExp]>([
		[
			'a side that is too long',
			[1, 36_000_000],
			[{}],
			/^Mask Area cannot be drawn for an image of 1x36000000 pixels/,
		],
		[
			'too many pixels',
			[20_000, 20_000],
			[{}],
			/^Mask Area cannot be drawn for an image of 20000x20000 pixels/,
		],
		[
			'too many shapes',
			[64, 64],
			Array.from({ length: 201 }, (_, x) => ({ x })),
			/^Mask Area has 201 shapes/,
		],
		[
			'a shape beyond all bounds',
			[64, 64],
			[{ width: 1e300 }],
			/^Mask Area has no shape that can be drawn/,
		],
	])('is bounded: %s', async (_, [width, height], shapes, message) => {
		const png = Buffer.from(await pictureFile('png'));
		png.writeUInt32BE(width, 16);
		png.writeUInt32BE(height, 20);
		const data = await storeBinary(png, 'a.png', 'image/png');
		await expect(
			edit({ json: {}, binary: { data } }, { options: { mask: maskOf(...shapes) } }),
		).rejects.toThrow(message);
		expect(simulator.api.requests).toEqual([]);
	});
});

describe('text in the place of a name', () => {
	const text = Buffer.alloc(3_000_000, 7).toString('base64');
	it.each<[string, INodeParameters, string]>([
		[
			'a field name',
			{ source: 'binary', binaryPropertyName: '={{ $json.text }}' },
			'Input Data Field Name is',
		],
		['a URL', { source: 'url', url: '={{ $json.text }}' }, 'Image URL is not a web address'],
		[
			'a data URL',
			{ source: 'url', url: '={{ "data:image/png;base64," + $json.text }}' },
			'Image URL is not a web address',
		],
		[
			'a long URL',
			{ source: 'url', url: '={{ "https://a/" + $json.text }}' },
			'Image URL is not a web address',
		],
		[
			'a file ID',
			{ source: 'fileId', fileId: '={{ $json.text }}' },
			'File ID is not the id of a file',
		],
	])('is not repeated in the message: %s', async (_, row, message) => {
		const error = await edit({ json: { text } }, { row }).then(
			() => new Error('It was sent'),
			(problem: Error) => problem,
		);
		expect(error.message).toContain(message);
		expect(error.message.length).toBeLessThan(200);
	});

	it('of several addresses is several images, or told', async () => {
		const urls = ['https://example.com/a.png', 'https://example.com/b.png'];
		await edit({ json: { urls } }, { row: { source: 'url', url: '={{ $json.urls }}' } });
		expect(simulator.api.requests[0]?.json).toMatchObject({
			images: urls.map((image_url) => ({ image_url })),
		});
		const row = { source: 'url', url: '={{ $json.urls.join() }}' };
		await expect(edit({ json: { urls } }, { row })).rejects.toThrow(
			'Image URL has several addresses in it',
		);
	});
});

describe('an n8n store that hangs', () => {
	const service = () => Container.get(BinaryDataService);
	const never = async () => await new Promise<never>(() => {});
	const silent = async () => new stream.Readable({ read() {} });
	afterEach(() => jest.restoreAllMocks());

	/** Breaks the store for the `nth` call, from 0, and tells when it has come. */
	function hang(
		method: 'getAsStream' | 'store',
		nth: number,
		hanging: () => Promise<never> | Promise<stream.Readable>,
	) {
		const service_ = service();
		const real = service_[method].bind(service_) as (...given: unknown[]) => Promise<unknown>;
		let calls = 0;
		let reached = () => {};
		const isReached = new Promise<void>((resolve) => {
			reached = resolve;
		});
		jest.spyOn(service_, method).mockImplementation((async (...given: unknown[]) => {
			if (calls++ !== nth) return await real(...given);
			reached();
			return await hanging();
		}) as never);
		return isReached;
	}

	it.each([
		['opens no input when it is checked', 'getAsStream', 0, never],
		['hands out no byte when it is checked', 'getAsStream', 0, silent],
		['opens no input when it is sent', 'getAsStream', 1, never],
		['hands out no byte when it is sent', 'getAsStream', 1, silent],
		['takes no image', 'store', 0, never],
	] as const)('and %s ends with Timeout, and with a stop', async (_, method, nth, hanging) => {
		await useBinaryMode('filesystem');
		for (const sendAsJson of [false, true]) {
			const data = await storeBinary(await pictureFile('png'), 'a.png', 'image/png');
			const item = { json: {}, binary: { data } };
			void hang(method, nth, hanging);
			await expect(
				edit(item, { options: { timeout: 0.2, maxRetries: 0, sendAsJson } }),
			).rejects.toMatchObject({
				context: { data: { kind: expect.stringMatching(/^(input|timeout)$/) } },
			});
			jest.restoreAllMocks();
			const stop = new AbortController();
			const isReached = hang(method, nth, hanging);
			const running = edit(item, { options: { sendAsJson }, signal: stop.signal });
			await isReached;
			stop.abort(new Error('The execution was cancelled'));
			await expect(running).rejects.toThrow(STOPPED);
			jest.restoreAllMocks();
		}
	});
});
