import {
	jsonParse,
	type INodeExecutionData,
	type INodeParameters,
	type NodeParameterValueType,
} from 'n8n-workflow';
import sharp from 'sharp';
import { chunk, SIGNATURE } from '../../nodes/GptImage/images/png/chunks';
import { readBinary } from '../harness';
import { zlib } from '../node';
import type { Fault, ReceivedFile } from '../simulator';
import { transparentArea } from './pictures';
import { imagesFrom, maskOf, modelById } from './parameters';
import { named } from './fileNames';

/** A request as far as fields show in it; nested values have names like `svg[model]`. */
export interface SeenRequest {
	path: string;
	contentType: string;
	body: Record<string, string>;
	files: ReceivedFile[];
}

/** What came of one item: the requests that were sent for it, and the items that came out. */
export interface Seen {
	requests: SeenRequest[];
	items: INodeExecutionData[];
	/** The items that came out for all items. */
	all: INodeExecutionData[];
	/** The most requests of the run that were under way at once. */
	maxConcurrent: number;
}

/** A value of a field and what is seen of it. */
type Effect = [value: NodeParameterValueType, seen: unknown];

/** A field, two of its values, and where each of them shows. */
export interface Flip {
	look(seen: Seen): unknown;
	/** What is seen when the field is left alone. */
	unset: unknown;
	one: Effect;
	/** Seen as something else than `one` and `unset`. */
	other: Effect;
	/** What else has to be set, for the field to be there or to matter. */
	with?: INodeParameters;
	faults?: Fault[];
	/** The requests are answered when no other comes any more. */
	isHeld?: true;
	/** It holds for the whole run of so many items; the first item says. */
	perRun?: number;
	/** It shows from the second item on. */
	isBehind?: boolean;
	/** Use an Azure credential: there the node does not look at the day a model shuts down. */
	azure?: boolean;
}

/** The prompt of all flips; the number tells which item a request is for. */
export const PROMPT = 'A fox, item 0';

const body = (name: string) => (seen: Seen) => seen.requests[0]?.body[name];
const json = (name: string) => (seen: Seen) => seen.items[0]?.json[name];
const files = (seen: Seen) =>
	seen.requests[0]?.files.map(({ field, contentType }) => `${field} ${contentType}`);
const binaryFields = ({ items }: Seen) =>
	items.map(({ binary }) => Object.keys(binary ?? {}).sort());
const paths = ({ requests }: Seen) => requests.map(({ path }) => path);
const clearIn = (overlay: string) => async (seen: Seen) =>
	await transparentArea(seen.requests[0]?.files.find(({ field }) => field === overlay)?.bytes);
const mask = clearIn('mask');

/** A choice that goes into the body as it is; left alone, it is not sent. */
const sent = (name: string, one: string | number, other: string | number): Flip => ({
	look: body(name),
	unset: undefined,
	one: [one, String(one)],
	other: [other, String(other)],
});

const modelIn = (mode: 'id' | 'list'): Flip => ({
	look: body('model'),
	unset: 'gpt-image-2',
	one: [{ ...modelById('gpt-image-2-2026-04-21'), mode }, 'gpt-image-2-2026-04-21'],
	other: [{ ...modelById('gpt-image-2.5-flare'), mode }, 'gpt-image-2.5-flare'],
});

const newest = { model: modelById('gpt-image-2.6-flare') };
const old = { with: { model: modelById('gpt-image-1.5') }, azure: true };
const output = (outputFormat: string, more = {}) => ({
	with: { ...newest, options: { outputFormat, ...more } },
});
const custom = { with: { size: 'custom' } };
const reference = (item: number) => ({
	item,
	fileName: named('a-fox-item-\\d'),
});
/** How long a signed link works. */
function minutesOf(url: unknown): number | undefined {
	if (typeof url !== 'string') return undefined;
	const [, payload = ''] = url.split('.');
	const { iat, exp } = jsonParse<{ iat: number; exp: number }>(
		Buffer.from(payload, 'base64url').toString('utf8'),
	);
	return (exp - iat) / 60;
}

function hoursOf(expiresAt: unknown): number | undefined {
	if (typeof expiresAt !== 'string') return undefined;
	return Math.round((Date.parse(expiresAt) - Date.now()) / 3_600_000);
}

const late = expect.stringMatching(/^The image did not arrive in time/);

const shared: Record<string, Flip> = {
	'model (list)': modelIn('list'),
	'model (id)': modelIn('id'),
	prompt: {
		look: body('prompt'),
		unset: PROMPT,
		one: ['An elk, item 0', 'An elk, item 0'],
		other: ['An owl, item 1', 'An owl, item 1'],
	},
	'size (4 choices)': { ...sent('size', '1024x1536', '1536x1024'), ...old },
	'size (11 choices)': sent('size', '1088x1360', '2560x1440'),
	width: {
		look: body('size'),
		unset: '1024x1024',
		one: [1040, '1040x1024'],
		other: [1280, '1280x1024'],
		...custom,
	},
	height: {
		look: body('size'),
		unset: '1024x1024',
		one: [1040, '1024x1040'],
		other: [1280, '1024x1280'],
		...custom,
	},
	'quality (4 choices)': sent('quality', 'low', 'high'),
	'quality (6 choices)': { ...sent('quality', 'xhigh', 'max'), with: newest },
	'imageOptions.n': {
		look: (seen) => [body('n')(seen), seen.items.length],
		unset: [undefined, 1],
		one: [2, ['2', 2]],
		other: [3, ['3', 3]],
	},
	'imageOptions.background': sent('background', 'opaque', 'transparent'),
	'outputOptions.binaryPropertyName': {
		look: binaryFields,
		unset: [['data']],
		one: ['picture', [['picture']]],
		other: ['photo', [['photo']]],
	},
	'imageOptions.complexity': { ...sent('complexity', 'low', 'medium'), with: newest },
	'imageOptions.consistency': {
		look: ({ all }) => all.map(({ json: { references } }) => references),
		unset: [undefined, undefined, undefined],
		one: ['first', [undefined, [reference(0)], [reference(0)]]],
		other: ['both', [undefined, [reference(0)], [reference(0), reference(1)]]],
		perRun: 3,
	},
	'options.estimateOnly': {
		look: ({ requests, items }) => [requests.length, items[0]?.json.estimateBasis],
		unset: [1, undefined],
		one: [false, [1, undefined]],
		other: [true, [0, expect.stringContaining('OpenAI prices of')]],
	},
	'options.placeholder': {
		look: ({ requests, items }) => [requests.length, items[0]?.json.placeholder],
		unset: [1, undefined],
		one: [false, [1, undefined]],
		other: [true, [0, true]],
	},
	'options.fallbackModel': {
		look: json('model'),
		unset: undefined,
		one: ['gpt-image-2', 'gpt-image-2'],
		other: ['gpt-image-2.5-flare', 'gpt-image-2.5-flare'],
		with: { model: modelById('gpt-image-9') },
	},
	'outputOptions.simplify': {
		look: ({ items }) => items[0]?.json.usage !== undefined,
		unset: true,
		one: [false, true],
		other: [true, false],
	},
	'outputOptions.fileName': {
		look: json('fileName'),
		unset: named('a-fox-item-0'),
		one: ['fox', 'fox.png'],
		other: ['{model}-{index}', 'gpt-image-2-1.png'],
	},
	'imageOptions.frameCount': { ...sent('frame_count', 4, 12), ...output('gif') },
	'imageOptions.frameDuration': { ...sent('frame_duration_ms', 100, 500), ...output('gif') },
	'options.idleTimeout': {
		look: json('error'),
		unset: undefined,
		one: [30, undefined],
		other: [0.05, late],
		faults: [{ chunkBytes: 3000, pauseMs: 400, times: Infinity }],
	},
	// How requests are spaced is in the tests of concurrency; one is for no more images than a minute may have.
	'options.imagesPerMinute': {
		look: json('requests'),
		unset: 1,
		one: [0, 1],
		other: [4, 3],
		with: { n: 10, options: { estimateOnly: true } },
	},
	'options.imagesPerRequest': {
		look: ({ requests }) => requests.map((request) => request.body.n).sort(),
		unset: ['3'],
		one: [1, [undefined, undefined, undefined]],
		other: [2, ['2', undefined]],
		with: { n: 3 },
	},
	'outputOptions.includeInputBinary': {
		look: binaryFields,
		unset: [['data']],
		one: [false, [['data']]],
		other: [true, [['data', 'half', 'hole', 'other']]],
	},
	'outputOptions.includeOtherFields': {
		look: json('note'),
		unset: undefined,
		one: [false, undefined],
		other: [true, 'of the input'],
	},
	'options.keepAlive': {
		look: (seen) => [body('stream')(seen), body('partial_images')(seen), binaryFields(seen)],
		unset: [undefined, undefined, [['data']]],
		one: [false, [undefined, undefined, [['data']]]],
		other: [true, ['true', '3', [['data']]]],
	},
	'outputOptions.keepPartialImages': {
		look: binaryFields,
		unset: [['data']],
		one: [false, [['data']]],
		other: [true, [['data', 'data_partial_1', 'data_partial_2']]],
		with: { options: { partialImages: 2 } },
	},
	'options.maxCost': {
		look: json('error'),
		unset: undefined,
		one: [10, undefined],
		other: [0.01, expect.stringMatching(/^The budget of this run is reached/)],
		perRun: 2,
	},
	'options.maxRetries': {
		look: ({ requests }) => requests.length,
		unset: 3,
		one: [1, 2],
		other: [0, 1],
		faults: [{ code: 'server_error', retryAfterMs: 1, times: Infinity }],
	},
	'imageOptions.moderation': sent('moderation', 'auto', 'low'),
	'outputOptions.oneItem': {
		look: binaryFields,
		unset: [['data'], ['data']],
		one: [false, [['data'], ['data']]],
		other: [true, [['image_1', 'image_2']]],
		with: { n: 2 },
	},
	'imageOptions.outputCompression': {
		...sent('output_compression', 80, 0),
		with: { options: { outputFormat: 'jpeg' } },
	},
	'imageOptions.outputFormat (3 choices)': sent('output_format', 'jpeg', 'webp'),
	'imageOptions.outputFormat (5 choices)': { ...sent('output_format', 'gif', 'svg'), with: newest },
	'outputOptions.partialImages': {
		look: (seen) => [body('stream')(seen), body('partial_images')(seen)],
		unset: [undefined, undefined],
		one: [0, ['true', '0']],
		other: [2, ['true', '2']],
	},
	// With prices of 0 alone there is no image. Four tokens of text, in Edit four of an image, and 1,756 come out.
	'options.prices.usd.imageOutput': {
		look: json('cost'),
		unset: undefined,
		one: [10, 0.01756],
		other: [20, 0.03512],
		with: { options: { prices: { usd: { textInput: 0, imageInput: 0 } } } },
	},
	'options.prices.usd.textInput': {
		look: json('cost'),
		unset: undefined,
		one: [1000, 0.004],
		other: [2000, 0.008],
		with: { options: { prices: { usd: { imageInput: 0, imageOutput: 0 } } } },
	},
	resource: {
		look: json('error'),
		unset: undefined,
		one: ['image', undefined],
		other: ['batch', expect.stringContaining('is not offered by this node')],
	},
	delivery: {
		look: ({ all }) => all.map(({ json: { batchId } }) => typeof batchId),
		unset: ['undefined', 'undefined'],
		one: ['now', ['undefined', 'undefined']],
		other: ['batch', ['string']],
		perRun: 2,
	},
	'options.batchName': {
		look: ({ all }) => all[0]?.json.name,
		unset: '',
		one: ['Autumn', 'Autumn'],
		other: ['Winter', 'Winter'],
		with: { delivery: 'batch' },
		perRun: 2,
	},
	'options.requestsPerBatch': {
		look: ({ all }) => all.map(({ json: { requests } }) => requests),
		unset: [3],
		one: [2, [2, 1]],
		other: [1, [1, 1, 1]],
		with: { delivery: 'batch' },
		perRun: 3,
	},
	'options.requestsInParallel': {
		look: ({ maxConcurrent }) => maxConcurrent,
		unset: 3,
		one: [2, 2],
		other: [1, 1],
		isHeld: true,
		perRun: 3,
	},
	'imageOptions.safetyIdentifier': sent('safety_identifier', 'a1', 'b2'),
	'imageOptions.style': {
		look: (seen) => body('prompt')(seen)?.split(/\s\s+/)[1],
		unset: undefined,
		one: ['As ink', 'As ink'],
		other: ['In oil', 'In oil'],
	},
	'imageOptions.svgEffort': {
		...sent('svg[reasoning][effort]', 'low', 'high'),
		...output('svg', { svgModel: 'gpt-5.5' }),
	},
	'imageOptions.svgModel': { ...sent('svg[model]', 'gpt-5.5', 'gpt-5.4-mini'), ...output('svg') },
	'outputOptions.keepAtOpenAi': {
		look: ({ items }) => hoursOf(items[0]?.json.fileExpiresAt),
		unset: undefined,
		one: [1, 1],
		other: [720, 720],
	},
	'outputOptions.temporaryLink': {
		look: ({ items }) => minutesOf(items[0]?.json.url),
		unset: undefined,
		one: [5, 5],
		other: [90, 90],
	},
	'options.timeout': {
		look: json('error'),
		unset: undefined,
		one: [30, undefined],
		other: [0.5, late],
		faults: [{ delayMs: 1500, times: Infinity }],
	},
};

/** The smallest pictures there are. */
const PNG =
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const WEBP = 'UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA';

/** A picture as large as a model makes them, in magenta, as base64. */
const LARGE = (() => {
	const header = Buffer.from([0, 0, 4, 0, 0, 0, 4, 0, 8, 3, 0, 0, 0]);
	const rows = zlib.deflateSync(Buffer.alloc(1024 * 1025));
	const palette = chunk('PLTE', [Buffer.from([255, 0, 255])]);
	const parts = [chunk('IHDR', [header]), palette, chunk('IDAT', [rows]), chunk('IEND')];
	return Buffer.concat([SIGNATURE, ...parts]).toString('base64');
})();

/** How much of the new picture shows where the mask begins. */
async function edgeOf({ items }: Seen): Promise<string | undefined> {
	const file = items[0]?.binary?.data;
	if (!file) return undefined;
	const pixels = await sharp(await readBinary(file))
		.removeAlpha()
		.raw()
		.toBuffer();
	const at = (512 * 1024 + 256) * 3;
	const changed = 255 - (pixels[at] ?? 0);
	if (changed <= 2) return 'the old';
	return changed < 60 ? 'a little of the new' : 'the new';
}

/** Options with one shape to draw; a shape left alone is a quarter of the image, in its middle. */
const area = (shape = {}) => ({ options: { mask: maskOf(shape) } });
const from = (source: string) => ({ images: { image: [{ source }] } });

const outputFree = { usd: { textInput: 0, imageOutput: 0 } };

/** @param tokens of the images that go in */
const imageInput = (tokens: number): Flip => ({
	look: json('cost'),
	unset: undefined,
	one: [1000, tokens / 1000],
	other: [2000, tokens / 500],
});

/** What only Edit has; the mask is looked at as left, top, width, height and corners, in pixels of 64x64. */
const ofEdit: Record<string, Flip> = {
	'options.prices.usd.imageInput': {
		...imageInput(4),
		with: { options: { prices: outputFree } },
	},
	'images.image[].source': {
		look: files,
		unset: ['image image/png'],
		one: ['binary', ['image image/png']],
		other: [
			'allBinary',
			['image[] image/png', 'image[] image/webp', 'image[] image/png', 'image[] image/png'],
		],
		with: { images: imagesFrom('data') },
	},
	'images.image[].binaryPropertyName': {
		look: files,
		unset: ['image image/png'],
		one: ['other', ['image image/webp']],
		other: ['data, other', ['image[] image/png', 'image[] image/webp']],
	},
	'images.image[].base64': {
		look: files,
		unset: undefined,
		one: [PNG, ['image image/png']],
		other: [`data:image/webp;base64,${WEBP}`, ['image image/webp']],
		with: from('base64'),
	},
	'images.image[].url': {
		...sent('images[0][image_url]', 'https://example.com/a.png', 'https://example.com/b.png'),
		with: from('url'),
	},
	'images.image[].fileId': {
		...sent('images[0][file_id]', 'file-AbC123', 'file-DeF456'),
		with: from('fileId'),
	},
	'imageOptions.inputFidelity': { ...sent('input_fidelity', 'low', 'high'), ...old },
	'imageOptions.markupBinaryPropertyName': {
		look: clearIn('markup'),
		unset: undefined,
		one: ['hole', [0, 0, 64, 64, 'square']],
		other: ['half', [0, 0, 32, 64, 'square']],
		with: newest,
	},
	'imageOptions.mask.set.maskArea.shape[].kind': {
		look: mask,
		unset: [16, 16, 32, 32, 'square'],
		one: ['rectangle', [16, 16, 32, 32, 'square']],
		other: ['ellipse', [16, 16, 32, 32, 'round']],
		with: area(),
	},
	'imageOptions.mask.set.maskArea.shape[].unit': {
		look: mask,
		unset: [5, 5, 10, 10, 'square'],
		one: ['percent', [5, 5, 10, 10, 'square']],
		other: ['pixels', [8, 8, 16, 16, 'square']],
		with: area({ x: 8, y: 8, width: 16, height: 16 }),
	},
	'imageOptions.mask.set.maskArea.shape[].x': {
		look: mask,
		unset: [16, 16, 32, 32, 'square'],
		one: [0, [0, 16, 32, 32, 'square']],
		other: [50, [32, 16, 32, 32, 'square']],
		with: area(),
	},
	'imageOptions.mask.set.maskArea.shape[].y': {
		look: mask,
		unset: [16, 16, 32, 32, 'square'],
		one: [0, [16, 0, 32, 32, 'square']],
		other: [50, [16, 32, 32, 32, 'square']],
		with: area(),
	},
	'imageOptions.mask.set.maskArea.shape[].width': {
		look: mask,
		unset: [16, 16, 32, 32, 'square'],
		one: [25, [16, 16, 16, 32, 'square']],
		other: [75, [16, 16, 48, 32, 'square']],
		with: area(),
	},
	'imageOptions.mask.set.maskArea.shape[].height': {
		look: mask,
		unset: [16, 16, 32, 32, 'square'],
		one: [25, [16, 16, 32, 16, 'square']],
		other: [75, [16, 16, 32, 48, 'square']],
		with: area(),
	},
	'imageOptions.mask.set.source': {
		look: json('error'),
		unset: expect.stringMatching(/^Mask Data Field Name under Mask is empty/),
		one: ['binary', expect.stringMatching(/^Mask Data Field Name under Mask is empty/)],
		other: ['shapes', undefined],
		with: { options: { mask: { set: { maskArea: { shape: [{}] } } } } },
	},
	'imageOptions.mask.set.maskBinaryPropertyName': {
		look: mask,
		unset: undefined,
		one: ['hole', [0, 0, 64, 64, 'square']],
		other: ['half', [0, 0, 32, 64, 'square']],
		with: { options: { mask: { set: { source: 'binary' } } } },
	},
	'imageOptions.mask.set.maskInverted': {
		look: mask,
		unset: [16, 16, 32, 32, 'square'],
		one: [false, [16, 16, 32, 32, 'square']],
		other: [true, [0, 0, 64, 64, 'square']],
		with: area(),
	},
	'imageOptions.mask.set.keepRest': {
		look: json('error'),
		unset: undefined,
		one: [false, undefined],
		other: [true, expect.stringMatching(/its size 64x64 has 4096 pixels/)],
		with: area(),
	},
	'imageOptions.mask.set.softEdge': {
		look: edgeOf,
		unset: 'a little of the new',
		one: [0, 'the new'],
		other: [512, 'the old'],
		with: {
			images: { image: [{ source: 'base64', base64: LARGE }] },
			options: { mask: { set: { ...maskOf({}).set, keepRest: true } } },
		},
	},
	'options.sendAsJson': {
		look: ({ requests }) => requests.map(({ contentType }) => contentType),
		unset: ['multipart/form-data'],
		one: [false, ['multipart/form-data']],
		other: [true, ['application/json']],
	},
};

const operation = (one: string, [path, other, otherPath]: [string, string, string]): Flip => ({
	look: paths,
	unset: [path],
	one: [one, [path]],
	other: [other, [otherPath]],
});

/** Every field of each operation, by the key of `fieldsOf`; items have the binary fields data, other, hole and half. */
export const FLIPS: Record<string, Record<string, Flip>> = {
	generate: {
		operation: operation('generate', ['/v1/images/generations', 'edit', '/v1/images/edits']),
		...shared,
		'options.prices.usd.imageInput': {
			...imageInput(1024),
			isBehind: true,
			with: { options: { consistency: 'first', prices: outputFree } },
		},
	},
	edit: {
		operation: operation('edit', ['/v1/images/edits', 'generate', '/v1/images/generations']),
		...shared,
		...ofEdit,
	},
};
