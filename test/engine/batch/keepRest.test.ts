import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { readBinary, storedFiles } from '../../harness';
import { batchesOf, firstId } from '../../support/batchNode';
import { filesOf } from '../../support/batches';
import { pictureFile } from '../../support/madePictures';
import { imagesFrom, maskOf } from '../../support/parameters';
import { picture, sha256, storeFiles, type TestFile } from '../../support/pictures';
import { pixelsOf } from '../../support/pngPictures';
import { allSocketsClosed } from '../../support/sockets';
import { useSimulator } from '../../support/simulator';

const simulator = useSimulator();
const { submit, getImages } = batchesOf(simulator);

const size = { width: 1024, height: 1024 };

const photo = async (seed = 1): Promise<TestFile> => ({
	bytes: await pictureFile('png', { ...size, seed }),
	fileName: 'photo.png',
	mimeType: 'image/png',
});

const keepRest = { mask: { set: { ...maskOf({}).set, keepRest: true, softEdge: 8 } } };

/** Submits an edit of each picture whose middle may change. */
const submitEdits = async (photos: TestFile[], options: INodeParameters = {}) =>
	await submit(
		{ operation: 'edit', images: imagesFrom('data'), options: { ...keepRest, ...options } },
		{
			items: await Promise.all(
				photos.map(async (data, index) => ({
					json: { prompt: `picture ${index}` },
					binary: await storeFiles({ data }),
				})),
			),
		},
	);

const restFiles = async () =>
	(await simulator.api.files.existing()).filter(({ filename }) => /_rest-/.test(filename));

/** Pixels that differ: outside the mask, which leaves the middle half of each side, and inside of it. */
async function differing({ binary }: INodeExecutionData, { bytes }: TestFile) {
	if (!binary?.data) throw new Error('There is no image');
	expect(binary.data.mimeType).toBe('image/png');
	const [old, made] = [await pixelsOf(bytes), await pixelsOf(await readBinary(binary.data))];
	expect({ width: made.width, height: made.height }).toEqual(size);
	const isInside = (at: number) => at >= 256 && at < 768;
	const count = { outside: 0, inside: 0 };
	for (let y = 0; y < 1024; y++) {
		for (let x = 0; x < 1024; x++) {
			const at = (y * 1024 + x) * 4;
			if (made.data.compare(old.data, at, at + 4, at, at + 4) === 0) continue;
			count[isInside(x) && isInside(y) ? 'inside' : 'outside'] += 1;
		}
	}
	return count;
}

const uploads = () =>
	simulator.api.requests.filter(({ method, path }) => method === 'POST' && path === '/v1/files');

describe('Keep the Rest Unchanged in a batch', () => {
	it('takes every pixel outside the mask from the first image of each item', async () => {
		const [one, other] = [await photo(1), await photo(2)];
		const photos = [one, other, one];
		const { items } = await submitEdits(photos, { n: 2, imagesPerRequest: 1 });
		// Two first images and a mask: once for the model, once to be fetched again.
		expect(uploads()).toHaveLength(3 + 3 + 2);
		expect(await restFiles()).toHaveLength(3);
		for (const { purpose, expires_at: end, created_at: begin } of await restFiles()) {
			expect({ purpose, seconds: (end ?? 0) - begin }).toEqual({
				purpose: 'batch',
				seconds: 30 * 24 * 3600,
			});
		}
		expect(await filesOf(simulator.api)).toMatchObject({ unused: [], missing: [] });
		await simulator.api.batches.finish();
		const before = await storedFiles();
		const { items: images, hints } = await getImages(firstId(items));
		expect(images).toHaveLength(6);
		for (const [index, image] of images.entries()) {
			const first = photos[Math.floor(index / 2)] ?? one;
			const { outside, inside } = await differing(image, first);
			expect(outside).toBe(0);
			expect(inside).toBeGreaterThan(200_000);
			expect(image.json).not.toHaveProperty('keepRestError');
		}
		expect(hints).toEqual([]);
		expect(await storedFiles()).toHaveLength(before.length + 6);
		// Each picture is fetched once.
		const fetched = simulator.api.requests.filter(({ path }) => path.endsWith('/content'));
		expect(fetched).toHaveLength(2 + 3);
		await allSocketsClosed(simulator.api);
	});

	it('asks for the size of the first image', async () => {
		await submitEdits([await photo()]);
		const [batch] = await simulator.api.batches.all();
		const input = String(await simulator.api.files.read(batch?.input_file_id ?? ''));
		expect(JSON.parse(input)).toMatchObject({ body: { size: '1024x1024' } });
	});

	it('hands the edit on as it is, and says so, when the first image is gone', async () => {
		const { items } = await submitEdits([await photo(), await photo()]);
		await simulator.api.batches.finish();
		for (const { id } of await restFiles()) simulator.api.files.lose(id);
		const { items: images, hints } = await getImages(firstId(items));
		const drawn = new Set(simulator.api.images.map((image) => image.sha256));
		expect(images).toHaveLength(2);
		for (const { json, binary } of images) {
			if (!binary?.data) throw new Error('There is no image');
			expect(drawn.has(sha256(await readBinary(binary.data)))).toBe(true);
			expect(json.keepRestError).toMatch(/no longer at OpenAI/);
			expect(json).not.toHaveProperty('error');
		}
		expect(hints).toEqual([
			expect.objectContaining({
				message: expect.stringMatching(/^2 of 2 edits came out as the model drew/),
			}),
		]);
		const asTool = { node: { type: 'n8n-nodes-gpt-image.gptImageTool' } };
		const { items: told } = await getImages(firstId(items), asTool);
		expect(told[0]?.json.keepRestError).toMatch(/no longer at OpenAI/);
	});

	it('says so, too, when the manifest is gone that tells what edits keep', async () => {
		const loseManifest = async () => {
			await simulator.api.batches.finish();
			const [batch] = await simulator.api.batches.all();
			simulator.api.files.lose(batch?.metadata?.manifest ?? '');
		};
		const { items } = await submitEdits([await photo()]);
		await loseManifest();
		const { items: images, hints } = await getImages(firstId(items));
		expect(images).toHaveLength(1);
		expect(images[0]?.json).toMatchObject({
			keepRestError:
				'The manifest of the batch, which tells what its edits keep, is no longer at OpenAI. The image is as the model drew it, also outside the mask.',
		});
		expect(hints).toContainEqual(
			expect.objectContaining({
				message: expect.stringMatching(/^1 of 1 edit came out as the model drew/),
			}),
		);
		const { items: others } = await submit({ prompt: 'A fox' });
		await loseManifest();
		const { items: plain } = await getImages(firstId(others));
		expect(plain[0]?.json).not.toHaveProperty('keepRestError');
	});

	it('fails as a whole while the first image cannot be had, and works the next time', async () => {
		const data = await photo();
		const { items } = await submitEdits([data]);
		await simulator.api.batches.finish();
		// Manifest and results come before.
		const harmless = { on: 'files.content' as const, chunkBytes: 100_000 };
		simulator.api.misbehave(harmless, harmless, { on: 'files.content', status: 403 });
		await expect(getImages(firstId(items))).rejects.toMatchObject({ httpCode: '403' });
		const { items: images } = await getImages(firstId(items));
		expect(await Promise.all(images.map(async (image) => await differing(image, data)))).toEqual([
			{ outside: 0, inside: expect.any(Number) },
		]);
	});

	it('is another batch than one without it, or with another edge', async () => {
		const data = [await photo()];
		const { items } = await submitEdits(data);
		const ids = [firstId(items)];
		for (const set of [
			{ ...keepRest.mask.set, keepRest: false },
			{ ...keepRest.mask.set, softEdge: 9 },
		]) {
			ids.push(firstId((await submitEdits(data, { mask: { set } })).items));
		}
		expect(new Set(ids).size).toBe(3);
		const again = await submitEdits(data);
		expect(firstId(again.items)).toBe(ids[0]);
	});

	it('leaves nothing behind when the batch is refused', async () => {
		simulator.api.misbehave({ on: 'batches.create', status: 400 });
		await expect(submitEdits([await photo()])).rejects.toThrow();
		expect((await filesOf(simulator.api)).own).toEqual([]);
	});

	it('is refused before anything is sent with a picture it cannot be done with', async () => {
		await expect(submitEdits([await picture('jpeg', size)])).rejects.toThrow(
			'Keep the Rest Unchanged is not possible with the first image: it is a JPEG, not a PNG [item 1]',
		);
		expect(simulator.api.requests).toEqual([]);
	});
});
