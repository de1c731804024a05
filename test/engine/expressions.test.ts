import type { INodeExecutionData, INodeParameters, NodeParameterValueType } from 'n8n-workflow';
import { runNode } from '../harness';
import { asSaved, imagesFrom, maskFrom, maskOf } from '../support/parameters';
import { maskPicture, picture, storeFiles } from '../support/pictures';
import { useSimulator } from '../support/simulator';

const simulator = useSimulator();

/** What an expression finds here is the `x` of the item. */
const X = '={{ $json.x }}';

const run = async (parameters: INodeParameters, items: INodeExecutionData[] = [{ json: {} }]) =>
	await simulator.run({
		parameters: { prompt: 'A fox', ...parameters },
		items,
		node: { onError: 'continueRegularOutput' },
	});

const withX = (...values: unknown[]): INodeExecutionData[] =>
	values.map((x) => ({ json: JSON.parse(JSON.stringify({ x })) }));

const errorsOf = (items: INodeExecutionData[]) => items.map(({ json }) => json.error);

/** The bodies that were sent, as fields of text. */
const bodies = () => simulator.api.requests.map(({ json, fields }) => Object(json ?? fields));

const photos = async (count: number, json = {}) =>
	await Promise.all(
		Array.from({ length: count }, async (_, index) => ({
			json,
			binary: await storeFiles({ data: await picture('png', { width: 64 + index }) }),
		})),
	);

describe('a collection that is an expression', () => {
	it('of Run Options keeps the limit on the cost', async () => {
		const { items } = await run(
			{ options: X, size: '1024x1024', quality: 'medium' },
			withX(...Array.from({ length: 4 }, () => ({ maxCost: 0.13, maxRetries: 0 }))),
		);
		expect(simulator.api.requests).toHaveLength(2);
		expect(errorsOf(items).filter(Boolean)).toHaveLength(2);
	});

	it('of Run Options is read for the whole run from the first item', async () => {
		simulator.api.misbehave({ delayMs: 100, times: Infinity });
		await run({ options: X }, withX({ requestsInParallel: 1 }, {}, {}));
		expect(simulator.api.stats().maxConcurrent).toBe(1);
	});

	it('of Image Options is read for each item', async () => {
		await run(
			{ imageOptions: X },
			withX({ outputFormat: 'jpeg', background: 'opaque' }, { outputFormat: 'webp' }),
		);
		expect(bodies()).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ output_format: 'jpeg', background: 'opaque' }),
				expect.objectContaining({ output_format: 'webp' }),
			]),
		);
	});

	it('of Output Options is read for each item', async () => {
		const { items } = await run(
			{ outputOptions: X },
			withX({ fileName: 'one' }, { fileName: 'two' }),
		);
		expect(items.map(({ json }) => json.fileName)).toEqual(['one.png', 'two.png']);
	});

	it('of Images gives the rows', async () => {
		const [item] = await photos(1, { x: { image: [{ binaryPropertyName: 'data' }] } });
		await run({ operation: 'edit', images: X }, item ? [item] : []);
		expect(simulator.api.requests[0]?.files).toMatchObject([{ field: 'image' }]);
	});

	it('of Images gives a list of rows', async () => {
		const [item] = await photos(1, { x: [{ source: 'allBinary' }] });
		await run({ operation: 'edit', images: X }, item ? [item] : []);
		expect(simulator.api.requests[0]?.files).toMatchObject([{ field: 'image' }]);
	});

	it('may name a limit in the wrong way, and is refused', async () => {
		const { items } = await run({ options: X }, withX({ maxcost: 1 }));
		expect(errorsOf(items)).toEqual([
			expect.stringMatching(/^Run Options has no option "maxcost"/),
		]);
		expect(simulator.api.requests).toEqual([]);
	});

	const collections = [
		['imageOptions', 'Image Options'],
		['outputOptions', 'Output Options'],
		['options', 'Run Options'],
	] as const;
	const nothing: unknown[] = [null, undefined, '', [], [1, 2], 5, 'x', true, ''];
	it.each(collections.flatMap(([name, label]) => nothing.map((x) => [name, x, label] as const)))(
		'of %s that finds %j is refused',
		async (name, x, label) => {
			const { items } = await run({ [name]: X }, withX(x));
			expect(errorsOf(items)).toEqual([expect.stringMatching(new RegExp(`^${label} is `))]);
			expect(simulator.api.requests).toEqual([]);
		},
	);

	it.each(nothing.filter((x) => !Array.isArray(x) || x.length > 0))(
		'of Images that finds %j is refused',
		async (x) => {
			const { items } = await run({ operation: 'edit', images: X }, withX(x));
			expect(errorsOf(items)).toEqual([expect.stringMatching(/^Images is /)]);
			expect(simulator.api.requests).toEqual([]);
		},
	);
});

describe('a group of fields that is an expression', () => {
	// n8n drops it, or fills in defaults in its place: so that none of these may go out.
	it.each<[string, INodeParameters]>([
		['the prices', { options: { prices: X } }],
		['the prices of all tokens', { options: { prices: { usd: X } } }],
		['the mask', { imageOptions: { mask: X } }],
		['the fields of the mask', { imageOptions: { mask: { set: X } } }],
		[
			'the area of the mask',
			{ imageOptions: { mask: { set: { source: 'shapes', maskArea: X } } } },
		],
		[
			'the shapes of the mask',
			{ imageOptions: { mask: { set: { source: 'shapes', maskArea: { shape: X } } } } },
		],
		['the mask area among the Run Options', { options: { maskArea: X } }],
		['the rows of images', { images: { image: X } }],
		['a row of images', { images: { image: [X] } }],
	])('for %s is refused', async (_, parameters) => {
		const [item] = await photos(1, { x: { a: 1 } });
		const { items } = await run(
			{ operation: 'edit', images: imagesFrom('data'), ...parameters },
			item ? [item] : [],
		);
		expect(errorsOf(items)).toEqual([expect.any(String)]);
		expect(simulator.api.requests).toEqual([]);
	});
});

describe('an option that was added', () => {
	const added = [
		...['background', 'outputFormat', 'outputCompression', 'n', 'consistency', 'style'],
		...[
			'moderation',
			'complexity',
			'safetyIdentifier',
			'inputFidelity',
			'markupBinaryPropertyName',
		],
		...['fileName', 'temporaryLink', 'oneItem', 'includeOtherFields', 'includeInputBinary'],
		...['binaryPropertyName', 'partialImages', 'estimateOnly', 'maxCost', 'requestsInParallel'],
		...['imagesPerMinute', 'imagesPerRequest', 'fallbackModel', 'maxRetries', 'timeout'],
		...['idleTimeout', 'keepAlive', 'sendAsJson'],
	];
	const missing: unknown[] = [null, undefined];
	it.each(added.flatMap((name) => missing.map((x) => [name, x] as const)))(
		'is not taken for one that was not: %s whose expression finds %j',
		async (name, x) => {
			const [item] = await photos(1, { x });
			const { items } = await run(
				{
					...asSaved({ options: { [name]: X } }),
					operation: 'edit',
					images: imagesFrom('data'),
					model: { __rl: true, mode: 'id', value: 'my-deployment' },
				},
				item ? [item] : [],
			);
			expect(errorsOf(items)).toEqual([expect.stringMatching(/ is empty/)]);
			expect(simulator.api.requests).toEqual([]);
		},
	);

	it.each<[string, NodeParameterValueType]>([
		['maxCost', X],
		['timeout', X],
		['imagesPerMinute', X],
		['requestsInParallel', X],
		['maxRetries', X],
		['outputCompression', X],
		['temporaryLink', X],
		['n', X],
	])('%s is not taken for NaN, an object, a list or a word', async (name, value) => {
		for (const x of ['NaN', {}, { a: 1 }, [], [1], 'many', true, '1e400']) {
			const { items } = await run(asSaved({ options: { [name]: value } }), withX(x));
			expect([x, errorsOf(items)]).toEqual([x, [expect.any(String)]]);
		}
		expect(simulator.api.requests).toEqual([]);
	});

	it('may be a style, a file name or an identifier that is left blank', async () => {
		await run(asSaved({ options: { style: '', fileName: '', safetyIdentifier: '' } }));
		expect(bodies()).toEqual([{ model: 'gpt-image-2', prompt: 'A fox' }]);
	});
});

describe('Add From', () => {
	it('All Items by an expression makes one edit of them all', async () => {
		const items = await photos(5, { x: 'allItems' });
		const { items: made } = await run(
			{ operation: 'edit', images: { image: [{ source: X, binaryPropertyName: 'data' }] } },
			items,
		);
		expect(simulator.api.requests.map(({ files }) => files.length)).toEqual([5]);
		expect(made.map(({ pairedItem }) => pairedItem)).toEqual([
			[0, 1, 2, 3, 4].map((item) => ({ item })),
		]);
	});

	it.each([
		['first', ['allItems', 'binary', 'binary']],
		['second', ['binary', 'allItems', 'binary']],
	])('All Items for the %s of the items alone is refused', async (_, sources) => {
		const items = (await photos(3)).map((item, index) => ({
			...item,
			json: { x: sources[index] },
		}));
		const { items: made } = await run(
			{ operation: 'edit', images: { image: [{ source: X, binaryPropertyName: 'data' }] } },
			items,
		);
		expect(errorsOf(made).filter(Boolean)).toEqual([
			expect.stringMatching(/^Add From is All Items for some of the items/),
		]);
	});

	it.each([null, 'URL', {}, ['binary'], 7])('%j is refused', async (x) => {
		const [item] = await photos(1, { x });
		const { items } = await run(
			{ operation: 'edit', images: { image: [{ source: X, binaryPropertyName: 'data' }] } },
			item ? [item] : [],
		);
		expect(errorsOf(items)).toEqual([expect.stringMatching(/^Add From is /)]);
		expect(simulator.api.requests).toEqual([]);
	});
});

describe('Images', () => {
	it('takes lists of names, of addresses and of file IDs', async () => {
		const binary = await storeFiles({ a: await picture('png'), b: await picture('webp') });
		const row = (source: string, field: string) => ({
			operation: 'edit',
			images: { image: [{ source, [field]: X }] },
		});
		await run(row('binary', 'binaryPropertyName'), [{ json: { x: ['a', 'b'] }, binary }]);
		await run(row('url', 'url'), withX(['https://example.com/a.png', 'https://example.com/b.png']));
		await run(row('fileId', 'fileId'), withX(['file-a', 'file-b']));
		const [names, ...links] = simulator.api.requests;
		expect(names?.files.map(({ contentType }) => contentType)).toEqual(['image/png', 'image/webp']);
		expect(links.map(({ json }) => json)).toMatchObject([
			{
				images: [
					{ image_url: 'https://example.com/a.png' },
					{ image_url: 'https://example.com/b.png' },
				],
			},
			{ images: [{ file_id: 'file-a' }, { file_id: 'file-b' }] },
		]);
	});

	it.each([
		[['https://example.com/a.png', 7]],
		[['https://example.com/a.png', null]],
		[{}],
		['a b'],
	])('refuses %j as an address', async (x) => {
		const images = { image: [{ source: 'url', url: X }] };
		const { items } = await run({ operation: 'edit', images }, withX(x));
		expect(errorsOf(items)).toEqual([expect.stringMatching(/^Image URL is /)]);
		expect(simulator.api.requests).toEqual([]);
	});

	it.each<[string, object[]]>([
		['a field', [{ binaryPropertyName: 'data' }, { binaryPropertyName: 'data' }]],
		['a field in one row', [{ binaryPropertyName: 'data, data' }]],
		['an address', [1, 2].map(() => ({ source: 'url', url: 'https://example.com/a.png' }))],
		['a file ID', [1, 2].map(() => ({ source: 'fileId', fileId: 'file-a' }))],
		['a base64 text', [1, 2].map(() => ({ source: 'base64', base64: 'iVBORw0KGgo=' }))],
	])('refuses %s twice: each image is paid for', async (_, image) => {
		const [item] = await photos(1);
		const { items } = await run(
			{ operation: 'edit', images: JSON.parse(JSON.stringify({ image })) },
			item ? [item] : [],
		);
		expect(errorsOf(items)).toEqual([expect.stringMatching(/^Images has .* twice/)]);
		expect(simulator.api.requests).toEqual([]);
	});
});

describe('what cannot be an expression', () => {
	it.each([
		['resource', '={{ "image" }}', /^Resource "{{ \\"image\\" }}" is not offered/],
		['operation', '={{ "edit" }}', /^Operation "{{ \\"edit\\" }}" is not offered/],
		['operation', 'constructor', /^Operation "constructor" is not offered/],
		['resource', null, /^Resource null is not offered/],
	])('%s of %j is refused before anything is sent', async (name, value, message) => {
		const { items } = await run({ [name]: value });
		expect(errorsOf(items)).toEqual([expect.stringMatching(message)]);
		expect(simulator.api.requests).toEqual([]);
	});
});

it('takes Model from an expression, in its locator and in place of it', async () => {
	await run({ model: X }, withX('gpt-image-2.5-flare'));
	await run({ model: { __rl: true, mode: 'list', value: X } }, withX('gpt-image-2.6-flare'));
	expect(bodies()).toMatchObject([
		{ model: 'gpt-image-2.5-flare' },
		{ model: 'gpt-image-2.6-flare' },
	]);
});

it.each([
	[{ safetyIdentifier: 'a'.repeat(129) }, /^Safety Identifier is "a+…" \(129 characters\)/],
	[{ outputFormat: 'svg', svgEffort: 'low' }, /^SVG Author Effort needs SVG Author Model/],
])('%j is known to be wrong beforehand', async (options, message) => {
	const model = { __rl: true, mode: 'id', value: 'gpt-image-2.6-flare' };
	const { items } = await run({ model, ...asSaved({ options }) });
	expect(errorsOf(items)).toEqual([expect.stringMatching(message)]);
	expect(simulator.api.requests).toEqual([]);
});

it('an edit takes SVG Author Effort by itself, and 128 characters as Safety Identifier', async () => {
	const [item] = await photos(1);
	const model = { __rl: true, mode: 'id', value: 'gpt-image-2.6-flare' };
	const safetyIdentifier = 'a'.repeat(128);
	const options = { outputFormat: 'svg', svgEffort: 'low', safetyIdentifier };
	await run(
		{ operation: 'edit', images: imagesFrom('data'), model, ...asSaved({ options }) },
		item ? [item] : [],
	);
	expect(bodies()).toMatchObject([
		{ 'svg[reasoning][effort]': 'low', safety_identifier: safetyIdentifier },
	]);
});

it.each([null, {}, [], { value: 'x' }])('refuses %j as Model', async (x) => {
	const { items } = await run({ model: X }, withX(x));
	expect(errorsOf(items)).toEqual([expect.stringMatching(/^Model is /)]);
	expect(simulator.api.requests).toEqual([]);
});

describe('an image as text in a field for something else', () => {
	const base64 = Buffer.alloc(300_000, 7).toString('base64');
	const row = (source: string, field: string) => ({ images: { image: [{ source, [field]: X }] } });
	it.each<[string, INodeParameters]>([
		['Model', { model: { __rl: true, mode: 'id', value: X } }],
		['Size', { size: X }],
		['Quality', { quality: X }],
		['Width', { size: 'custom', width: X }],
		['Number of Images', { n: X }],
		['Output Format', asSaved({ options: { outputFormat: X } })],
		['Fallback Model', asSaved({ options: { fallbackModel: X } })],
		['Temporary Link', asSaved({ options: { temporaryLink: X } })],
		['Oneself', asSaved({ options: { oneItem: X } })],
		['Input Data Field Name', row('binary', 'binaryPropertyName')],
		['All Items', row('allItems', 'binaryPropertyName')],
		['Image URL', row('url', 'url')],
		['File ID', row('fileId', 'fileId')],
		['Add From', row(X, 'binaryPropertyName')],
		['Mask', asSaved({ options: { mask: maskFrom(X) } })],
		['Mask Area', asSaved({ options: { mask: maskOf({ x: X }) } })],
	])('%s makes no long message', async (_, parameters) => {
		const [item] = await photos(1, { x: base64 });
		const { items } = await run(
			{ operation: 'edit', images: imagesFrom('data'), ...parameters },
			item ? [item] : [],
		);
		const [error] = errorsOf(items);
		expect(error).toEqual(expect.any(String));
		expect(JSON.stringify(items[0]?.json).length).toBeLessThan(1800);
		expect(simulator.api.requests).toEqual([]);
	});
});

/** Parameters as they are, not sorted as the editor would. */
const runAsWritten = async (parameters: INodeParameters, items?: INodeExecutionData[]) =>
	await runNode({
		credentials: simulator.credentials(),
		parameters: { prompt: 'A fox', ...parameters },
		items,
		node: { onError: 'continueRegularOutput' },
	});

describe('options among the Run Options', () => {
	it('are obeyed wherever they belong', async () => {
		const { items } = await runAsWritten({
			n: 2,
			options: { outputFormat: 'webp', fileName: 'fox', imagesPerRequest: 1, style: 'Ink' },
		});
		expect(bodies()).toEqual(
			Array.from({ length: 2 }, () => ({
				model: 'gpt-image-2',
				prompt: 'A fox\n\nInk',
				output_format: 'webp',
			})),
		);
		expect(items.map(({ json }) => json.fileName)).toEqual(['fox_1.webp', 'fox_2.webp']);
	});

	it('may be a mask, by its fields', async () => {
		const binary = await storeFiles({ data: await picture('png'), hole: await maskPicture() });
		const edit = { operation: 'edit', images: imagesFrom('data') };
		await runAsWritten({ ...edit, options: { maskBinaryPropertyName: 'hole' } }, [
			{ json: {}, binary },
		]);
		await runAsWritten({ ...edit, options: { maskArea: { shape: [{}] }, maskInverted: true } }, [
			{ json: {}, binary },
		]);
		expect(simulator.api.requests.map(({ files }) => files.map(({ field }) => field))).toEqual([
			['image', 'mask'],
			['image', 'mask'],
		]);
		const { items } = await runAsWritten(
			{ ...edit, options: { maskArea: { shape: [{}] }, maskBinaryPropertyName: 'hole' } },
			[{ json: {}, binary }],
		);
		expect(errorsOf(items)).toEqual([
			expect.stringMatching(/^Mask Area and Mask Data Field Name are both set/),
		]);
	});
});
