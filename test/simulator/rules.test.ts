import sharp from 'sharp';

import { FAULT_TABLE } from './errors';
import { startSimulator, type Simulator } from './index';

const flare = 'gpt-image-2.6-flare';
/** Codes that come with the type of what an image model can make of a request. */
const OF_THE_MODEL = ['invalid_image_file', 'invalid_input_fidelity_model'];
const form = (code: string | null, param: string | null) => ({
	type: OF_THE_MODEL.includes(code ?? '') ? 'image_generation_user_error' : 'invalid_request_error',
	code,
	param,
});

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator({ today: '2026-11-22' });
});
afterAll(async () => await simulator.close());

async function post(path: string, body: object | string): Promise<[number, unknown]> {
	const response = await fetch(simulator.url + path, {
		method: 'POST',
		headers: { authorization: 'Bearer sk-simulator', 'content-type': 'application/json' },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
	return [response.status, await response.json()];
}

const generate = async (body: object) =>
	await post('/images/generations', { model: flare, prompt: 'Fox', ...body });

describe('generations refuse', () => {
	it.each<[object, string, string, string]>([
		[{ prompt: undefined }, 'prompt', 'missing_required_parameter', "parameter: 'prompt'"],
		[{ prompt: '' }, 'prompt', 'empty_string', 'empty string'],
		[{ prompt: 7 }, 'prompt', 'invalid_type', 'expected a string, but got an integer'],
		[{ prompt: 'x'.repeat(32_001) }, 'prompt', 'string_above_max_length', 'length 32001'],
		[{ response_format: 'url' }, 'response_format', 'unknown_parameter', "'response_format'"],
		[{ style: 'vivid' }, 'style', 'unknown_parameter', "Unknown parameter: 'style'."],
		[{ input_fidelity: 'low' }, 'input_fidelity', 'unknown_parameter', 'Unknown parameter'],
		[{ n: 0 }, 'n', 'integer_below_min_value', '>= 1, but got 0'],
		[{ n: 11 }, 'n', 'integer_above_max_value', '<= 10, but got 11'],
		[{ n: 1.5 }, 'n', 'invalid_type', 'a decimal number'],
		[{ n: '2' }, 'n', 'invalid_type', 'expected an integer, but got a string'],
		[{ stream: 'true' }, 'stream', 'invalid_type', 'expected a boolean'],
		[{ quality: 'hd' }, 'quality', 'invalid_value', "'low', 'medium', 'high', 'xhigh', 'max', and"],
		[{ model: 'gpt-image-2', quality: 'max' }, 'quality', 'invalid_value', "'max'"],
		[{ background: 'clear' }, 'background', 'invalid_value', "'clear'"],
		[{ moderation: 'none' }, 'moderation', 'invalid_value', "'low' and 'auto'"],
		[{ complexity: 'max' }, 'complexity', 'invalid_value', "'max'"],
		[{ output_format: 'bmp' }, 'output_format', 'invalid_value', "'bmp'"],
		[
			{ background: 'transparent', output_format: 'jpeg' },
			'background',
			'invalid_value',
			'Transparent background is not supported',
		],
		[{ output_compression: 50 }, 'output_compression', 'invalid_value', 'PNG output format'],
		[
			{ output_compression: 101, output_format: 'webp' },
			'output_compression',
			'integer_above_max_value',
			'<= 100',
		],
		[{ partial_images: 1 }, 'partial_images', 'invalid_value', "'stream'"],
		[
			{ partial_images: 4, stream: true },
			'partial_images',
			'integer_above_max_value',
			'<= 3, but got 4',
		],
		[{ size: '1792x936' }, 'size', 'invalid_value', 'must both be divisible by 16'],
		[{ size: '3856x1600' }, 'size', 'invalid_value', 'longest edge'],
		[{ size: '3200x1024' }, 'size', 'invalid_value', 'aspect ratio'],
		[{ size: '3840x2176' }, 'size', 'invalid_value', 'at most 8294400'],
		[{ size: '512x512' }, 'size', 'invalid_value', 'at least 655360'],
		[{ size: 'huge' }, 'size', 'invalid_value', "'huge'"],
		[{ model: 'gpt-image-1.5', size: '1536x864' }, 'size', 'invalid_value', "'1024x1536'"],
		[{ model: 'gpt-image-2', output_format: 'gif' }, 'output_format', 'invalid_value', 'GIF'],
		[
			{ model: 'gpt-image-2.5-flare', output_format: 'svg' },
			'output_format',
			'invalid_value',
			'SVG',
		],
		[{ output_format: 'gif', stream: true }, 'stream', 'invalid_value', 'GIF'],
		[{ output_format: 'gif', output_compression: 9 }, 'output_compression', 'invalid_value', 'GIF'],
		[{ output_format: 'gif', size: '1024x1024' }, 'size', 'invalid_value', 'for 9 frames'],
		[{ output_format: 'gif', frame_count: 17 }, 'frame_count', 'integer_above_max_value', '16'],
		[
			{ output_format: 'gif', frame_duration_ms: 5 },
			'frame_duration_ms',
			'integer_below_min_value',
			'20',
		],
		[{ frame_count: 4 }, 'frame_count', 'invalid_value', "'gif'"],
		[{ frame_duration_ms: 40 }, 'frame_duration_ms', 'invalid_value', "'gif'"],
		[{ output_format: 'svg', n: 2 }, 'n', 'invalid_value', 'SVG'],
		[{ svg: { model: 'gpt-5.5' } }, 'svg', 'invalid_value', "'svg'"],
		[{ output_format: 'svg', svg: {} }, 'svg.model', 'missing_required_parameter', 'svg.model'],
		[
			{ output_format: 'svg', svg: { model: 'gpt-5.5', reasoning: { effort: 'huge' } } },
			'svg.reasoning.effort',
			'invalid_value',
			"'huge'",
		],
		[{ model: 'gpt-4.1' }, 'model', 'invalid_value', "'gpt-image-2.6-flare'"],
	])('%j', async (body, param, code, words) => {
		const message: unknown = expect.stringContaining(words);
		expect(await generate(body)).toEqual([400, { error: { ...form(code, param), message } }]);
	});

	it.each([
		['gpt-image-1', 404, null, 'has been deprecated'],
		['gpt-image-9', 404, null, 'does not exist'],
		['dall-e-3', 410, 'model', 'was retired'],
		[undefined, 410, 'model', '`dall-e-2` was retired'],
	])('the model %s', async (model, status, param, words) => {
		const message: unknown = expect.stringContaining(words);
		expect(await generate({ model })).toEqual([
			status,
			{ error: { ...form('model_not_found', param), message } },
		]);
	});

	it.each(['{"model":', '[]', '"text"', 'null'])('the body %s', async (body) => {
		const [status, answer] = await post('/images/generations', body);
		expect([status, answer]).toEqual([
			400,
			{ error: { ...form(null, null), message: expect.stringContaining('could not parse') } },
		]);
	});
});

it('shuts models down on their last day', async () => {
	const later = await startSimulator({ today: '2026-12-01' });
	const response = await fetch(`${later.url}/models`, { headers: { 'api-key': 'sk-simulator' } });
	const text = await response.text();
	await later.close();
	expect(text).toContain('gpt-image-2');
	expect(text).not.toContain('gpt-image-1.5');
});

describe('generations accept', () => {
	it.each<[string, object]>([
		['as many characters as are allowed', { prompt: '🦊'.repeat(32_000) }],
		['any characters', { prompt: 'a\u0000b\ud800 <&>' }],
		[
			'null for what is left out',
			{ n: null, size: null, quality: null, stream: null, svg: null, partial_images: null },
		],
		[
			'a free size and a user',
			{ size: '1536x864', complexity: 'high', moderation: 'low', user: 'someone' },
		],
		['WebP', { output_format: 'webp', output_compression: 0, background: 'transparent' }],
		['a PNG that is not compressed', { output_compression: 100 }],
		['a snapshot', { model: 'gpt-image-2.5-sunburst-2026-09-08', quality: 'max' }],
		['no background', { model: 'gpt-image-2', background: 'transparent' }],
	])('%s', async (_name, body) => {
		const [status] = await generate(body);
		expect(status).toBe(200);
	});
});

interface File {
	field?: string;
	type?: string;
	bytes: Buffer;
}

async function edit(
	files: File[],
	fields: Record<string, string> = {},
): Promise<[number, unknown]> {
	const body = new FormData();
	for (const [name, value] of Object.entries({ model: flare, prompt: 'Hat', ...fields })) {
		body.append(name, value);
	}
	for (const { field = 'image', type = 'image/png', bytes } of files) {
		body.append(field, new Blob([new Uint8Array(bytes)], { type }), 'file.png');
	}
	const response = await fetch(`${simulator.url}/images/edits`, {
		method: 'POST',
		headers: { authorization: 'Bearer sk-simulator' },
		body,
	});
	return [response.status, await response.json()];
}

describe('edits refuse', () => {
	const plain = (channels: 3 | 4, width = 32, height = 32) =>
		sharp({ create: { width, height, channels, background: '#0008' } });
	let opaque: Buffer;
	let clear: Buffer;
	let small: Buffer;
	let covering: Buffer;
	let gif: Buffer;
	let jpeg: Buffer;

	beforeAll(async () => {
		opaque = await plain(3).png().toBuffer();
		clear = await plain(4).png().toBuffer();
		small = await plain(4, 16, 32).png().toBuffer();
		covering = await plain(3).ensureAlpha().png().toBuffer();
		gif = await plain(3).gif().toBuffer();
		jpeg = await plain(3).jpeg().toBuffer();
	});

	const cases: Array<[string, () => File[], Record<string, string>, string, string]> = [
		['no image', () => [], {}, 'image', 'missing_required_parameter'],
		['an image as text', () => [], { image: 'x' }, 'image', 'invalid_type'],
		[
			'application/octet-stream',
			() => [{ bytes: opaque, type: 'application/octet-stream' }],
			{},
			'image',
			'unsupported_file_mimetype',
		],
		[
			'the second of two files',
			() => [
				{ field: 'image[]', bytes: opaque },
				{ field: 'image[]', bytes: gif, type: 'image/gif' },
			],
			{},
			'image[1]',
			'unsupported_file_mimetype',
		],
		['bytes that are a GIF', () => [{ bytes: gif }], {}, 'image', 'invalid_image_file'],
		['bytes of no image', () => [{ bytes: Buffer.from('?') }], {}, 'image', 'invalid_image_file'],
		[
			'17 images',
			() => Array<File>(17).fill({ field: 'image[]', bytes: opaque }),
			{},
			'image',
			'array_above_max_length',
		],
		[
			'50 MB',
			() => [{ bytes: Buffer.concat([opaque, Buffer.alloc(50_000_000)]) }],
			{},
			'image',
			'image_file_too_large',
		],
		[
			'a mask of 4 MB',
			() => [
				{ bytes: opaque },
				{ field: 'mask', bytes: Buffer.concat([clear, Buffer.alloc(4_000_000)]) },
			],
			{},
			'mask',
			'image_file_too_large',
		],
		[
			'a mask without alpha',
			() => [{ bytes: opaque }, { field: 'mask', bytes: opaque }],
			{},
			'mask',
			'invalid_image_file',
		],
		[
			'a JPEG mask',
			() => [{ bytes: opaque }, { field: 'mask', bytes: jpeg, type: 'image/jpeg' }],
			{},
			'mask',
			'invalid_image_file',
		],
		[
			'a mask of another size',
			() => [{ bytes: opaque }, { field: 'mask', bytes: small }],
			{},
			'mask',
			'invalid_image_file',
		],
		[
			'a mask for a GIF',
			() => [{ bytes: opaque }, { field: 'mask', bytes: clear }],
			{ output_format: 'gif' },
			'mask',
			'invalid_value',
		],
		[
			'markup with mask',
			() => [{ bytes: opaque }, { field: 'mask', bytes: clear }, { field: 'markup', bytes: clear }],
			{},
			'markup',
			'invalid_value',
		],
		[
			'markup for gpt-image-2',
			() => [{ bytes: opaque }, { field: 'markup', bytes: clear }],
			{ model: 'gpt-image-2' },
			'markup',
			'invalid_value',
		],
		[
			'markup that covers everything',
			() => [{ bytes: opaque }, { field: 'markup', bytes: covering }],
			{},
			'markup',
			'invalid_image_file',
		],
		[
			'a file nobody knows',
			() => [{ field: 'photo', bytes: opaque }],
			{},
			'photo',
			'unknown_parameter',
		],
		[
			'input_fidelity for 2.6',
			() => [{ bytes: opaque }],
			{ input_fidelity: 'high' },
			'input_fidelity',
			'invalid_input_fidelity_model',
		],
		[
			'two files under one name',
			() => [{ bytes: opaque }, { bytes: opaque }],
			{},
			'image',
			'duplicate_parameter',
		],
		[
			'two masks',
			() => [{ bytes: opaque }, { field: 'mask', bytes: clear }, { field: 'mask', bytes: clear }],
			{},
			'mask',
			'duplicate_parameter',
		],
		[
			'high input_fidelity for mini',
			() => [{ bytes: opaque }],
			{ input_fidelity: 'high', model: 'gpt-image-1-mini' },
			'input_fidelity',
			'invalid_value',
		],
		['n as a word', () => [{ bytes: opaque }], { n: 'two' }, 'n', 'invalid_type'],
		['n out of range', () => [{ bytes: opaque }], { n: '11' }, 'n', 'integer_above_max_value'],
	];

	it.each(cases)('%s', async (_name, files, fields, param, code) => {
		const message: unknown = expect.any(String);
		expect(await edit(files(), fields)).toEqual([
			400,
			{ error: { ...form(code, param), message } },
		]);
	});

	it.each<[object, string, string]>([
		[{}, 'images', 'missing_required_parameter'],
		[{ images: [] }, 'images', 'empty_array'],
		[{ images: 'x' }, 'images', 'invalid_type'],
		[{ images: [{}] }, 'images[0]', 'invalid_value'],
		[{ images: [{ image_url: 'https://x.y/z', file_id: 'f' }] }, 'images[0]', 'invalid_value'],
		[{ images: [{ image_url: 'C:\\cat.png' }] }, 'images[0].image_url', 'invalid_value'],
		[{ images: [{ url: 'https://x.y/z' }] }, 'images[0].url', 'unknown_parameter'],
		[{ images: [{ image_url: 'data:image/gif;base64,AAAA' }] }, 'images[0]', 'invalid_image_file'],
		[{ image: 'x', images: [{ file_id: 'f' }] }, 'image', 'unknown_parameter'],
	])('JSON %j', async (body, param, code) => {
		const answer = await post('/images/edits', { model: flare, prompt: 'Hat', ...body });
		const message: unknown = expect.any(String);
		expect(answer).toEqual([400, { error: { ...form(code, param), message } }]);
	});

	it('a form that ends early', async () => {
		const response = await fetch(`${simulator.url}/images/edits`, {
			method: 'POST',
			headers: {
				authorization: 'Bearer sk-simulator',
				'content-type': 'multipart/form-data; boundary=b',
			},
			body: '--b\r\ncontent-disposition: form-data; name="prompt"\r\n\r\nHat',
		});
		expect([response.status, await response.json()]).toEqual([
			400,
			{ error: { ...form(null, null), message: 'Could not parse multipart form' } },
		]);
	});

	it('says how lists are sent', async () => {
		const [, answer] = await edit([{ bytes: opaque }, { bytes: opaque }]);
		expect(JSON.stringify(answer)).toContain("use the array syntax instead e.g. 'image[]=<value>'");
	});

	it('says which model takes no input_fidelity', async () => {
		const fields = { model: 'gpt-image-2', input_fidelity: 'low' };
		expect(await edit([{ bytes: opaque }], fields)).toEqual([
			400,
			{
				error: {
					message: "The model 'gpt-image-2' does not support the 'input_fidelity' parameter.",
					type: 'image_generation_user_error',
					param: 'input_fidelity',
					code: 'invalid_input_fidelity_model',
				},
			},
		]);
	});

	it('an SVG without an author is accepted', async () => {
		const fields = { output_format: 'svg', 'svg[reasoning][effort]': 'low' };
		expect((await edit([{ bytes: opaque }], fields))[0]).toBe(200);
		const newest = { output_format: 'svg', 'svg[model]': 'gpt-6-astra' };
		expect((await edit([{ bytes: opaque }], newest))[0]).toBe(200);
	});

	it('markup and mask it likes are accepted', async () => {
		expect((await edit([{ bytes: opaque }, { field: 'markup', bytes: clear }]))[0]).toBe(200);
		expect((await edit([{ bytes: jpeg, type: 'image/jpeg' }]))[0]).toBe(200);
		const mini = { model: 'gpt-image-1-mini', input_fidelity: 'low' };
		expect((await edit([{ bytes: opaque }], mini))[0]).toBe(200);
	});
});

describe('input images cost', () => {
	const square = (edge: number) => ({ width: edge, height: edge });

	it.each<[string, { width: number; height: number }, string | undefined, number]>([
		['gpt-image-1.5', square(512), undefined, 65 + 129],
		['gpt-image-1.5', square(1024), 'low', 65 + 129],
		['gpt-image-1.5', square(1024), 'high', 65 + 129 + 4160],
		['gpt-image-1.5', { width: 1536, height: 1024 }, undefined, 65 + 2 * 129],
		['gpt-image-1.5', { width: 1024, height: 1536 }, 'high', 65 + 2 * 129 + 6240],
		['gpt-image-1-mini', { width: 4000, height: 500 }, undefined, 65 + 4 * 129],
		['gpt-image-1-mini', square(64), undefined, 65 + 129],
		['gpt-image-2', square(1024), undefined, 1024],
		['gpt-image-2.6-flare', { width: 1536, height: 1024 }, undefined, 1536],
	])('%s %j %s', async (model, size, fidelity, tokens) => {
		const bytes = await sharp({ create: { ...size, channels: 3, background: '#888' } })
			.png()
			.toBuffer();
		const fields = { model, ...(fidelity !== undefined && { input_fidelity: fidelity }) };
		const [status, answer] = await edit([{ bytes }], fields);
		expect([status, answer]).toMatchObject([
			200,
			{ usage: { input_tokens_details: { image_tokens: tokens } } },
		]);
	});
});

it('makes images of any size when the size is left to the model', async () => {
	const free = await startSimulator({ autoSize: '1254x1254', draw: 'noise', imageBytes: 50_000 });
	const response = await fetch(`${free.url}/images/generations`, {
		method: 'POST',
		headers: { 'api-key': 'sk-simulator', 'content-type': 'application/json' },
		body: JSON.stringify({ model: flare, prompt: 'Fox' }),
	});
	const answer: unknown = await response.json();
	await free.close();
	expect(answer).toMatchObject({ size: '1254x1254' });
});

it('asks for a key before anything else', async () => {
	const response = await fetch(`${simulator.url}/images/generations`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: '{}',
	});
	expect([response.status, await response.json()]).toEqual([
		401,
		{
			error: { ...form(null, null), message: expect.stringContaining("didn't provide an API key") },
		},
	]);
});

it('names every error of the table by its own code, or by none', () => {
	for (const [name, { code }] of Object.entries(FAULT_TABLE)) {
		const nameless = ['project_lacks_model', 'model_retired'].includes(name);
		expect(code === null || nameless || code === name).toBe(true);
	}
});
