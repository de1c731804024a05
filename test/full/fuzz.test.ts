import fc from 'fast-check';
import {
	NodeApiError,
	NodeOperationError,
	type INodeExecutionData,
	type INodeParameters,
	type INodeProperties,
} from 'n8n-workflow';
import { gptImage, runNode, useBinaryMode } from '../harness';
import { anything, binary, valueOf } from './fuzz/arbitrary';
import { realProcess } from './fuzz/realProcess';
import { head, startRawServer } from '../support/rawServer';
import { OPERATIONS, type OperationName } from './faults/faultCase';
import { nextTurn } from '../node';
import { startSimulator, type Simulator } from '../simulator';
import { useLoopClock } from '../support/clock';
import { asSaved } from '../support/parameters';

useLoopClock();

const unhandled: unknown[] = [];
const note = (problem: unknown) => unhandled.push(problem);
beforeAll(async () => {
	await useBinaryMode('memory');
	realProcess().on('unhandledRejection', note);
});
afterEach(() => expect(unhandled).toEqual([]));
afterAll(() => realProcess().off('unhandledRejection', note));

/** What JavaScript says when code meets a value it was not written for. */
const ACCIDENT =
	/Cannot (read|set|convert|destructure|mix)|is not (a function|iterable|defined|a constructor)|undefined|\[object |NaN|Unexpected token|Invalid array length|Maximum call stack|circular structure/;

/** A clear message, and something to do about it. */
function checkText(message: unknown, description: unknown) {
	expect(typeof message).toBe('string');
	// What the user gave may be told back in quotes; the rest is ours.
	const own = String(message).replace(/"(?:[^"\\]|\\.)*"|\[item \d+\]/gs, '');
	expect(own).toMatch(/^[A-Zn][\w ].{4,}/s);
	expect(own).not.toMatch(ACCIDENT);
	expect(String(description)).toMatch(/[a-z]{3,} .*[a-z]{3,}/s);
}

function checkItems(items: INodeExecutionData[]) {
	expect(items.length).toBeGreaterThan(0);
	for (const { json, binary: files } of items) {
		const { error, details } = json;
		// With Estimate Only there is no image; a placeholder says what it would have cost, too.
		const isEstimate = json.estimateBasis !== undefined && json.placeholder !== true;
		// A batch that was submitted has none yet.
		const hasImage = !isEstimate && json.batchId === undefined;
		if (error === undefined) expect(Object.keys(files ?? {}).length > 0).toBe(hasImage);
		else checkText(error, isRecord(details) ? details.description : undefined);
	}
}

function checkThrown(error: unknown) {
	if (!(error instanceof NodeApiError || error instanceof NodeOperationError)) {
		throw new TypeError(`Not an error of n8n: ${String(error)}`);
	}
	checkText(error.message, error.description);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null;

interface Run {
	parameters: INodeParameters;
	items: INodeExecutionData[];
	baseUrl: string;
	onError: 'stopWorkflow' | 'continueRegularOutput';
}

/** Runs the node to its end, which must be near. */
async function run({ baseUrl, onError, ...rest }: Run): Promise<void> {
	const credentials = { apiKey: 'sk-simulator', baseUrl };
	const signal = AbortSignal.timeout(60_000);
	const running = runNode({ ...rest, credentials, signal, node: { onError } });
	const end = await running.then(({ items }) => ({ items })).catch((error: unknown) => ({ error }));
	expect(signal.aborted).toBe(false);
	if ('items' in end) checkItems(end.items);
	else checkThrown(end.error);
}

const onError = fc.constantFrom<Run['onError']>('stopWorkflow', 'continueRegularOutput');

/** Every field of an operation, those inside collections too, with a name for the value an item gives it. */
function fieldsOf(operation: OperationName): Array<{ path: string[]; field: INodeProperties }> {
	const shown = gptImage.description.properties.filter(({ name, displayOptions }) => {
		const { operation: operations } = displayOptions?.show ?? {};
		return !['resource', 'operation'].includes(name) && (operations?.includes(operation) ?? true);
	});
	return shown.flatMap((field) => {
		if (field.type !== 'collection') return [{ path: [field.name], field }];
		const inner = (field.options ?? []).filter((option) => 'type' in option);
		return inner.map((option) => ({ path: [field.name, option.name], field: option }));
	});
}

/** Options that decide how long a run takes. */
const QUICK = { timeout: 2, idleTimeout: 1, maxRetries: 0 };
const SLOW = ['imagesPerMinute', ...Object.keys(QUICK)];

/** Parameters that are expressions, and the item they take their values from. */
function parametersOf(operation: OperationName) {
	const usable = fieldsOf(operation).filter(
		({ path, field }) =>
			!SLOW.includes(path.at(-1) ?? '') &&
			!['fixedCollection', 'hidden', 'notice'].includes(field.type),
	);
	return fc.subarray(usable, { maxLength: 6 }).chain((chosen) => {
		const values = fc.tuple(...chosen.map(({ field }) => valueOf(field)));
		return values.map((given) => {
			const json: Record<string, unknown> = {};
			const options: INodeParameters = { ...QUICK };
			const parameters: INodeParameters = { operation, prompt: 'a fox' };
			for (const [index, { path }] of chosen.entries()) {
				const name = path.at(-1) ?? '';
				json[`f${index}`] = given[index];
				(path.length > 1 ? options : parameters)[name] = `={{ $json.f${index} }}`;
			}
			return { json, parameters: asSaved({ ...parameters, options }) };
		});
	});
}

describe('whatever the fields are given', () => {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator({ draw: 'noise', imageBytes: 40_000 });
	});
	afterAll(async () => await simulator.close());

	it.each(OPERATIONS)('%s makes images or says what is wrong', async (operation) => {
		const row = fc.record({
			source: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('binary', 'allBinary') }, anything),
			field: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('data', 'data,other') }, anything),
		});
		const files = fc.dictionary(fc.constantFrom('data', 'other', 'mask'), binary);
		await fc.assert(
			fc.asyncProperty(
				parametersOf(operation),
				row,
				files,
				onError,
				async ({ json, parameters }, { source, field }, given, setting) => {
					simulator.reset();
					const image = [
						{ source: '={{ $json.source }}', binaryPropertyName: '={{ $json.field }}' },
					];
					const item: INodeExecutionData = {
						json: JSON.parse(JSON.stringify({ ...json, source, field })),
						binary: given,
					};
					await run({
						parameters: { images: { image }, ...parameters },
						items: [item],
						baseUrl: simulator.url,
						onError: setting,
					});
					const sent = simulator.requests.map(({ json: body, fields }) => ({ body, fields }));
					expect(JSON.stringify(sent)).not.toContain('[object ');
				},
			),
			{ numRuns: 400 },
		);
	});

	it('settings of the run are checked, too', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...SLOW),
				anything,
				onError,
				async (name, value, setting) => {
					const options = { ...QUICK, [name]: '={{ $json.value }}' };
					await run({
						parameters: asSaved({ prompt: 'a fox', options }),
						items: [{ json: JSON.parse(JSON.stringify({ value })) }],
						baseUrl: simulator.url,
						onError: setting,
					});
				},
			),
			{ numRuns: 150 },
		);
	});
});

const base64 = fc.oneof(
	fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64')),
	fc.constant('iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAYAAAA='),
	fc.string({ maxLength: 30 }),
);

const document = fc.oneof(
	fc.record({ b64_json: base64 }).map((image) => ({ created: 1, data: [image] })),
	fc.record({ data: anything, usage: anything, size: anything }, { requiredKeys: [] }),
	fc.record({
		error: fc.oneof(
			anything,
			fc.dictionary(
				fc.constantFrom('message', 'code', 'type', 'param', 'moderation_details'),
				anything,
			),
		),
	}),
	fc.record({ type: anything, b64_json: fc.oneof(base64, anything), url: anything }),
	anything,
);

const line = fc.oneof(
	document.map((value) => `data: ${JSON.stringify(value)}\n\n`),
	fc.constantFrom(
		'event: image_generation.completed\n',
		'event: error\n',
		': hi\n\n',
		'data: [DONE]\n\n',
		'id: 7\n',
		'\n',
		'\r\n',
		'data:',
	),
	fc.string({ unit: 'binary', maxLength: 30 }),
);

const body = fc
	.oneof(
		document.map((value) => JSON.stringify(value)),
		fc.array(line, { maxLength: 6 }).map((lines) => lines.join('')),
		fc.uint8Array({ maxLength: 200 }),
		fc.constantFrom('', '<html></html>', '{', '[]', 'null', '\ufeff{}'),
	)
	.map((content) => Buffer.from(content ?? ''));

const answer = fc.record({
	status: fc.oneof(fc.constantFrom(200, 200, 400, 429, 500), fc.integer({ min: 200, max: 599 })),
	headers: fc.dictionary(
		fc.constantFrom(
			'content-type',
			'content-encoding',
			'location',
			'retry-after',
			'retry-after-ms',
			'x-should-retry',
			'x-request-id',
			'content-length',
			'transfer-encoding',
			'set-cookie',
		),
		fc.oneof(
			fc.constantFrom(
				'0',
				'5',
				'gzip',
				'br',
				'chunked',
				'text/event-stream',
				'application/json',
				'true',
				'Thu, 01 Jan 1970 00:00:00 GMT',
			),
			fc.stringMatching(/^[ -~]{0,20}$/),
		),
	),
	body,
	/** Bytes of the body in each piece. */
	piece: fc.integer({ min: 1, max: 300 }),
	ending: fc.constantFrom('end', 'end', 'reset', 'open'),
});

describe('whatever the server answers', () => {
	it.each([false, true])('the run ends well (stream: %s)', async (keepAlive) => {
		await fc.assert(
			fc.asyncProperty(answer, onError, async (sent, setting) => {
				const server = await startRawServer(async (socket) => {
					socket.write(head(sent.status, sent.headers));
					for (let at = 0; at < sent.body.length; at += sent.piece) {
						socket.write(sent.body.subarray(at, at + sent.piece));
						if (sent.piece < 20) await nextTurn();
					}
					if (sent.ending === 'end') socket.end();
					if (sent.ending === 'reset') socket.resetAndDestroy();
				});
				const options = { keepAlive, timeout: 0.4, idleTimeout: 0.05, maxRetries: 1 };
				await run({
					parameters: asSaved({ prompt: 'a fox', options }),
					items: [{ json: {} }],
					baseUrl: server.url,
					onError: setting,
				}).finally(async () => await server.close());
			}),
			{ numRuns: 120 },
		);
	});
});
