import fc from 'fast-check';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { ApiRequest } from '../../nodes/GptImage/openai/request';
import type { StoredImage } from '../../nodes/GptImage/images/output/store';
import { filesOf, placeholdersFor, Series, withImages } from '../../nodes/GptImage/run/series';
import { CONSISTENCIES, type Consistency } from '../../nodes/GptImage/operations/fields/choices';

const FORMATS = {
	png: { name: 'png', mimeType: 'image/png', extension: 'png' },
	gif: { name: 'gif', mimeType: 'image/gif', extension: 'gif' },
};

const image = (fileName?: string, format = FORMATS.png): StoredImage => ({
	binary: { mimeType: format.mimeType, data: Buffer.from('bytes').toString('base64'), fileName },
	format,
});

/** What each item is given, when these items get an image, one after the other. */
function given(consistency: Consistency | undefined, succeeds: boolean[]): number[][] {
	const series = new Series(consistency);
	return succeeds.map((isMade, item) => {
		const references = series.references().map(({ itemIndex }) => itemIndex);
		series.add(item, isMade ? [image()] : []);
		return references;
	});
}

const outcomes = fc.array(fc.boolean(), { maxLength: 12 });

describe('an item of a series is given', () => {
	it.each<[Consistency | undefined, number[][]]>([
		['previous', [[], [0], [1], [2]]],
		['first', [[], [0], [0], [0]]],
		['both', [[], [0], [0, 1], [0, 2]]],
		[undefined, [[], [], [], []]],
	])('with %s', (consistency, expected) => {
		expect(given(consistency, [true, true, true, true])).toEqual(expected);
	});

	it('what was expected of it, when all before it succeed', () => {
		fc.assert(
			fc.property(
				fc.constantFrom(...CONSISTENCIES, undefined),
				fc.nat(12),
				(consistency, count) => {
					const series = new Series(consistency);
					const expected = Array.from({ length: count }, (_, item) => series.expected(item));
					expect(given(consistency, Array<boolean>(count).fill(true))).toEqual(expected);
				},
			),
		);
	});

	it('images of those before it that have some, the nearest and the first', () => {
		fc.assert(
			fc.property(outcomes, (succeeds) => {
				const made = succeeds.flatMap((isMade, item) => (isMade ? [item] : []));
				for (const [item, references] of given('both', succeeds).entries()) {
					const before = made.filter((other) => other < item);
					expect(references).toEqual([...new Set([...before.slice(0, 1), ...before.slice(-1)])]);
				}
			}),
		);
	});

	it('the first image of several, also when they come one by one', () => {
		const series = new Series('previous');
		const [one, two] = [image('one.png'), image('two.png')];
		series.add(0, [one]);
		series.add(0, [one, two]);
		expect(series.references()).toEqual([{ itemIndex: 0, stored: one }]);
	});

	it('no image that cannot be edited', () => {
		const series = new Series('previous');
		const still = image('still.png');
		series.add(0, [image('moving.gif', FORMATS.gif), still]);
		series.add(1, [image('moving.gif', FORMATS.gif)]);
		expect(series.references()).toEqual([{ itemIndex: 0, stored: still }]);
	});
});

describe('a request that is given images', () => {
	const own = { link: { file_id: 'file-1' } };
	const earlier = placeholdersFor([0, 2]);
	const generation: ApiRequest = {
		path: '/images/generations',
		fields: { prompt: 'A fox' },
		images: [],
		asJson: true,
	};
	const edit: ApiRequest = { ...generation, path: '/images/edits', images: [own] };

	it('is an edit of them, as a form: a generation is JSON in any case', () => {
		expect(withImages(generation, earlier)).toEqual({
			...generation,
			path: '/images/edits',
			images: earlier,
			asJson: false,
		});
	});

	it('has them behind its own, and goes as it would have', () => {
		for (const asJson of [true, false]) {
			expect(withImages({ ...edit, asJson }, earlier)).toEqual({
				...edit,
				asJson,
				images: [own, ...earlier],
			});
		}
	});

	it('stays as it is without any', () => {
		expect(withImages(generation, [])).toBe(generation);
	});

	it('tells them by the numbers of their items, where it is only told', () => {
		expect(earlier).toEqual([
			{ link: { image_url: 'the image of item 1' } },
			{ link: { image_url: 'the image of item 3' } },
		]);
	});
});

describe('the file of an earlier image', () => {
	// The images of these tests are in n8n's memory, where nothing else of the context is needed.
	const context = {} as unknown as IExecuteFunctions;

	it('has its name, its type, its pixels and its bytes', async () => {
		const stored = { ...image('fox.png'), dimensions: { width: 20, height: 30 } };
		const [file] = await filesOf(context, [{ itemIndex: 0, stored }]);
		expect(file).toMatchObject({
			fileName: 'fox.png',
			mimeType: 'image/png',
			pixels: 600,
			bytes: 5,
		});
		const chunks: Uint8Array[] = [];
		for await (const chunk of (await file?.open()) ?? []) chunks.push(chunk);
		expect(Buffer.concat(chunks).toString()).toBe('bytes');
	});

	it('has a name of its format where n8n has kept none', async () => {
		const [file] = await filesOf(context, [{ itemIndex: 0, stored: image() }]);
		expect(file).toMatchObject({ fileName: 'image.png', pixels: undefined });
	});
});
