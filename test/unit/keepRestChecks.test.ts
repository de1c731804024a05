import {
	keepRestProblem,
	maskProblem,
	type KeepRestRequest,
} from '../../nodes/GptImage/images/composite/checks';
import type { InputImage } from '../../nodes/GptImage/images/input/inputImage';
import { bytesOf } from '../../nodes/GptImage/images/input/stored';
import type { PictureFacts } from '../../nodes/GptImage/images/scan/facts';
import { familyOf } from '../../nodes/GptImage/models/catalogue';
import { fileOf, pngOf } from '../support/pngPictures';

const PNG = { name: 'png', mimeType: 'image/png', extension: 'png' };
const plain = { bitDepth: 8, colourType: 2, isInterlaced: false, hasAlpha: false };

/** The first image of an edit, of which this is known. */
const first = (facts: Partial<PictureFacts> = {}, format = PNG): InputImage => ({
	label: 'The image',
	format,
	facts: {
		stored: { width: 1024, height: 1024 },
		orientation: 1,
		state: 'whole',
		png: plain,
		...facts,
	},
	file: { fileName: 'a.png', mimeType: format.mimeType, ...bytesOf(Buffer.alloc(1)) },
});

const WANTED: KeepRestRequest = {
	families: [familyOf('gpt-image-2')],
	size: undefined,
	outputFormat: undefined,
};
const unknownModel = { families: [undefined] };

const problemOf = (image: ReturnType<typeof first>, more: Partial<KeepRestRequest> = {}) =>
	keepRestProblem(image, { ...WANTED, ...more })?.problem;

describe('an edit cannot be put together with a first image', () => {
	it.each<[string, InputImage, Partial<KeepRestRequest>, RegExp]>([
		['whose size is not known', first({ stored: undefined }), {}, /size is not known/],
		[
			'of a size the model does not make',
			first({ stored: { width: 1000, height: 1000 } }),
			{},
			/its size 1000x1000 /,
		],
		[
			'of more pixels than are decoded',
			first({ stored: { width: 5000, height: 5000 } }),
			unknownModel,
			/more than 16777216 pixels/,
		],
		['of 16 bits', first({ png: { ...plain, bitDepth: 16 } }), {}, /16 bits/],
		['that is interlaced', first({ png: { ...plain, isInterlaced: true } }), {}, /interlaced/],
		['that is turned', first({ orientation: 3 }), {}, /turned/],
		['where another size is wanted', first(), { size: '1536x1024' }, /1024x1024, but Size/],
		['where another format is wanted', first(), { outputFormat: 'webp' }, /Output Format/],
		[
			'that is a JPEG',
			first({ png: undefined }, { name: 'jpeg', mimeType: 'image/jpeg', extension: 'jpg' }),
			{},
			/is a JPEG/,
		],
	])('%s', (_, image, more, problem) => {
		expect(problemOf(image, more)).toMatch(problem);
	});

	it('that is named by an address, or is missing', () => {
		const byId = keepRestProblem({ link: { file_id: 'file-1' } }, WANTED);
		expect(byId?.problem).toMatch(/needs the first image itself/);
		expect(keepRestProblem(undefined, WANTED)).toEqual(byId);
	});
});

it('any other can be put together, also for a model nobody knows', () => {
	expect(problemOf(first())).toBeUndefined();
	expect(problemOf(first(), { size: '1024x1024', outputFormat: 'png' })).toBeUndefined();
	expect(problemOf(first({ stored: { width: 1000, height: 999 } }), unknownModel)).toBeUndefined();
});

describe('a mask', () => {
	const size = { width: 20, height: 10, isFiltered: true };

	it.each<[string, Promise<Buffer>, RegExp]>([
		['that is opaque', pngOf('rgb', { ...size, seed: 1 }), /leaves no pixel to change/],
		[
			'that is damaged',
			pngOf('rgba', { ...size, seed: 1 }).then((png) => png.subarray(0, 90)),
			/is cut off/,
		],
	])('%s is told beforehand', async (_, file, problem) => {
		expect((await maskProblem(fileOf(await file), undefined))?.problem).toMatch(problem);
	});

	it('that n8n cannot read is no fault of the mask', async () => {
		const gone = new Error('ENOENT');
		const open = async () => await Promise.reject(gone);
		await expect(maskProblem({ open }, undefined)).rejects.toBe(gone);
	});
});
