import sharp from 'sharp';
import { picture } from '../../support/pictures';
import {
	imageItem,
	lastPage,
	shown,
	storedFile,
	temporaryLink,
	useExamples,
	withOptions,
} from './support';

const examples = useExamples();

describe('product-photos', () => {
	const scene = 'A pale stone table in soft morning light';
	const prompt = `Replace the background with: ${scene}. Keep the product exactly as it is, with a natural shadow.`;
	const upload = async () => {
		const photos = [
			{ fileName: 'mug.jpg', width: 800, height: 600, format: 'jpeg' as const },
			{ fileName: 'vase.large.png', width: 500, height: 700, format: 'png' as const },
			{ fileName: 'bowl.webp', width: 640, height: 640, format: 'webp' as const },
		];
		return await Promise.all(
			photos.map(async ({ fileName, format, ...size }) => ({
				data: (await picture(format, size)).bytes,
				fileName,
				mimeType: `image/${format}`,
				...size,
			})),
		);
	};
	const received = (photos: Awaited<ReturnType<typeof upload>>) => ({
		json: { Background: scene },
		files: { Photos: photos },
	});

	it('edits each photo on its own, outside of the rectangle only, and shows them', async () => {
		const photos = await upload();
		const { run, items, responses } = await examples.run('product-photos', {
			received: received(photos),
			parameters: await withOptions('product-photos', 'New Background', { requestsInParallel: 1 }),
		});
		expect(run.status).toBe('success');
		expect(items('One Item per Photo')).toEqual(
			photos.map(({ fileName, mimeType, data }, index) => ({
				json: { Photos: { filename: fileName, mimetype: mimeType, size: data.length } },
				binary: { [`Photos_${index}`]: storedFile(fileName, mimeType, data.length) },
				pairedItem: { item: 0 },
			})),
		);
		for (const [index, { fileName, mimeType, data, width, height }] of photos.entries()) {
			const request = examples.api.requests[index];
			expect([request?.path, request?.fields]).toEqual([
				'/v1/images/edits',
				{ model: 'gpt-image-2', prompt },
			]);
			expect(request?.files).toMatchObject([
				{ field: 'image', filename: fileName, contentType: mimeType, bytes: data },
				{ field: 'mask', contentType: 'image/png' },
			]);
			expect(await opaqueArea(request?.files[1]?.bytes)).toEqual({
				width,
				height,
				left: 0.2 * width,
				top: 0.2 * height,
				right: 0.8 * width,
				bottom: 0.8 * height,
			});
		}
		const names = ['mug-new.png', 'vase.large-new.png', 'bowl-new.png'];
		const made = items('New Background');
		expect(made).toEqual(
			names.map((name, index) =>
				imageItem(
					name,
					'image/png',
					examples.drawn(index).length,
					{ size: expect.any(String), ...temporaryLink },
					index,
				),
			),
		);
		expect(responses).toEqual([
			lastPage('3 of 3 photos are ready', made.map((one) => shown(one)).join('\n\n')),
		]);
	});

	it('names the photo that could not be edited, and what to do', async () => {
		const [mug, , bowl] = await upload();
		if (!mug || !bowl) throw new Error('There are three photos');
		const broken = { ...bowl, fileName: 'notes.txt', data: Buffer.from('not a picture') };
		const { items, responses } = await examples.run('product-photos', {
			received: received([mug, broken]),
		});
		const image = items('New Background')
			.slice(0, 1)
			.map((one) => shown(one))
			.join('');
		const reason = 'notes.txt: Input data field "Photos_1" is not a picture. Images can be edited';
		expect(responses).toEqual([
			lastPage('1 of 2 photos are ready', expect.stringContaining(`${image}\n\n${reason}`)),
		]);
		expect(image).toContain('mug-new.png');
	});
});

/** Size of a mask, and the rectangle of it that is not transparent. */
async function opaqueArea(mask: Buffer | undefined) {
	const { data, info } = await sharp(mask)
		.ensureAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
	const { width, height, channels } = info;
	const opaque = [...data.keys()]
		.filter((at) => at % channels === channels - 1 && data[at] !== 0)
		.map((at) => Math.floor(at / channels));
	const columns = opaque.map((at) => at % width).sort((a, b) => a - b);
	const rows = opaque.map((at) => Math.floor(at / width));
	const [left = 0, top = 0] = [columns[0], rows[0]];
	const [right = 0, bottom = 0] = [columns.at(-1), rows.at(-1)];
	expect(opaque).toHaveLength((right + 1 - left) * (bottom + 1 - top));
	return { width, height, left, top, right: right + 1, bottom: bottom + 1 };
}
