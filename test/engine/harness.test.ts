import {
	displayedProperties,
	readBinary,
	runListSearch,
	runNode,
	runWorkflow,
	storeBinary,
	storedFiles,
	testCredential,
	useBinaryMode,
	type NodeRun,
	type WorkflowFile,
} from '../harness';
import { startEcho } from '../harness/echo';
import { Probe, probeApi } from '../harness/probe';
import { delay, fs, os, path } from '../node';
import { startSimulator } from '../simulator';
import { until } from '../support/events';

// The engine the other tests rest on, tried with a node of its own.
const probe = new Probe();
let echo: Awaited<ReturnType<typeof startEcho>>;

beforeAll(async () => {
	echo = await startEcho();
});
beforeEach(async () => {
	echo.received.length = 0;
	await useBinaryMode('filesystem');
});
afterAll(async () => await echo.close());

const credentials = (more = {}) => ({ apiKey: 'k', baseUrl: echo.url, ...more });
const run = async (options: NodeRun = {}) =>
	await runNode({
		nodeType: probe,
		credentialType: probeApi,
		credentials: credentials(),
		...options,
	});
const said = () => echo.received.map(({ body }): unknown => JSON.parse(body));

describe('runNode', () => {
	it('fills in the defaults of fields and credentials', async () => {
		await run();
		expect(said()).toEqual([{ operation: 'say', text: 'Hello', ear: 'not shown' }]);
		expect(echo.received[0]?.path).toBe('/echo');
	});

	it('drops a hidden field that has a value', async () => {
		await run({ parameters: { operation: 'say', ear: 'right' } });
		await run({ parameters: { operation: 'whisper', ear: 'right' } });
		expect(said()).toMatchObject([{ ear: 'not shown' }, { ear: 'right' }]);
	});

	it('resolves expressions for each item', async () => {
		await run({
			parameters: { text: '={{ $json.name }} of {{ $input.all().length }}' },
			items: [{ json: { name: 'one' } }, { json: { name: 'two' } }],
		});
		expect(said()).toMatchObject([{ text: 'one of 2' }, { text: 'two of 2' }]);
	});

	it("lets the credential's own authenticate change the request", async () => {
		await run();
		expect(echo.received).toMatchObject([{ key: 'k' }]);
	});

	it('has no credential unless it is given one', async () => {
		await expect(run({ credentials: undefined })).rejects.toThrow(
			'Node does not have any credentials set',
		);
	});

	it.each(['filesystem', 'memory'] as const)('stores files in %s mode', async (mode) => {
		await useBinaryMode(mode);
		const before = await storedFiles();
		const { items, outputs, hints } = await run();
		const data = items[0]?.binary?.data;
		expect(outputs).toEqual([items]);
		expect(hints).toEqual([{ message: 'A probe ran' }]);
		expect(data).toMatchObject({ fileName: 'answer.json', mimeType: 'a/json', bytes: 52 });
		expect(data?.id?.split(':')[0]).toBe(mode === 'memory' ? undefined : 'filesystem-v2');
		expect(data && String(await readBinary(data))).toBe(echo.received[0]?.body);
		expect(await storedFiles()).toHaveLength(before.length + (mode === 'memory' ? 0 : 1));
	});

	it('throws what the node throws', async () => {
		const refused = run({ credentials: credentials({ path: '/401' }) });
		await expect(refused).rejects.toMatchObject({ name: 'NodeApiError', httpCode: '401' });
	});

	it('cancels the request when the execution is stopped', async () => {
		const stop = new AbortController();
		const pending = run({ credentials: credentials({ path: '/never' }), signal: stop.signal });
		const outcome = expect(pending).rejects.toMatchObject({ message: 'canceled' });
		await until(() => echo.received.length > 0);
		stop.abort();
		await outcome;
		await until(async () => (await echo.openSockets()) === 0);
	});
});

describe('runWorkflow', () => {
	const node = (name: string, type: string, x: number, parameters = {}) => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [x, 0] satisfies [number, number],
		parameters,
		...(type === 'probe.probe' && { credentials: { probeApi: { id: null, name: 'Account' } } }),
	});
	const chain = (...nodes: WorkflowFile['nodes']): WorkflowFile => ({
		nodes,
		connections: Object.fromEntries(
			nodes
				.slice(0, -1)
				.map(({ name }, index) => [
					name,
					{ main: [[{ node: nodes[index + 1]?.name ?? '', type: 'main', index: 0 }]] },
				]),
		),
	});
	const options = () => ({
		nodeTypes: { 'probe.probe': probe },
		credentialType: probeApi,
		credentials: credentials(),
	});

	it('answers a webhook with the file that the node stored', async () => {
		const started: string[] = [];
		const {
			run: execution,
			responses,
			items,
		} = await runWorkflow(
			chain(
				node('Webhook', 'n8n-nodes-base.webhook', 0, { path: 'say' }),
				node('Probe', 'probe.probe', 200, { text: '={{ $json.body.text }}' }),
				node('Answer', 'n8n-nodes-base.respondToWebhook', 400, { respondWith: 'binary' }),
			),
			{
				...options(),
				received: { json: { text: 'from outside' } },
				onNodeStart: (name) => started.push(name),
			},
		);
		expect(execution).toMatchObject({ status: 'success', mode: 'webhook' });
		expect(started).toEqual(['Webhook', 'Probe', 'Answer']);
		expect(said()).toEqual([{ operation: 'say', text: 'from outside', ear: 'not shown' }]);
		expect(items('Answer')).toEqual(items('Probe'));
		expect(responses).toEqual([
			{
				statusCode: 200,
				headers: { 'content-type': 'a/json' },
				body: Buffer.from(echo.received[0]?.body ?? ''),
			},
		]);
	});

	it('gives the fields and files of a form to the next node, and files back at its end', async () => {
		const { items, responses } = await runWorkflow(
			chain(
				node('Form', 'n8n-nodes-base.formTrigger', 0),
				node('Ending', 'n8n-nodes-base.form', 200, {
					operation: 'completion',
					respondWith: 'returnBinary',
					inputDataFieldName: 'Your_Photo',
				}),
			),
			{
				received: {
					json: { Name: 'Ada' },
					files: {
						'Your Photo': { data: Buffer.from('jpg'), fileName: 'a.jpg', mimeType: 'image/jpeg' },
					},
				},
			},
		);
		expect(items('Form')).toMatchObject([
			{
				json: { Name: 'Ada', 'Your Photo': { filename: 'a.jpg', mimetype: 'image/jpeg', size: 3 } },
				binary: { Your_Photo: { fileName: 'a.jpg', mimeType: 'image/jpeg', fileType: 'image' } },
			},
		]);
		expect(responses).toMatchObject([{ body: [Buffer.from('jpg')] }]);
	});

	it('keeps, sets and writes to disk what a schedule starts', async () => {
		const folder = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'engine-test-'));
		const { items } = await runWorkflow(
			chain(
				node('Schedule', 'n8n-nodes-base.scheduleTrigger', 0),
				node('Set', 'n8n-nodes-base.set', 200, {
					assignments: {
						assignments: [{ id: 'a', name: 'year', value: '={{ $json.Year }}', type: 'string' }],
					},
				}),
				node('Probe', 'probe.probe', 400, { text: '={{ $json.year }}' }),
				node('Write', 'n8n-nodes-base.readWriteFile', 600, {
					operation: 'write',
					fileName: `=${folder}/{{ $binary.data.fileName }}`,
				}),
			),
			options(),
		);
		const file = path.join(folder, 'answer.json');
		expect(items('Write')).toMatchObject([{ json: { item: 0, fileName: file } }]);
		expect(JSON.parse(await fs.promises.readFile(file, 'utf8'))).toMatchObject({ text: '2026' });
		await fs.promises.rm(folder, { recursive: true });
	});

	it('retries a node as n8n does', async () => {
		const { run: execution } = await runWorkflow(
			chain(node('Manual', 'n8n-nodes-base.manualTrigger', 0), {
				...node('Probe', 'probe.probe', 200),
				retryOnFail: true,
				waitBetweenTries: 1,
			}),
			{ ...options(), credentials: credentials({ path: '/once' }) },
		);
		expect(execution.status).toBe('success');
		expect(echo.received).toHaveLength(2);
	});

	it('reports a failed node and the nodes that never ran', async () => {
		const { run: execution, items } = await runWorkflow(
			chain(
				node('Manual', 'n8n-nodes-base.manualTrigger', 0),
				node('Probe', 'probe.probe', 200),
				node('After', 'n8n-nodes-base.noOp', 400),
			),
			{ ...options(), credentials: credentials({ path: '/401' }) },
		);
		expect(execution.status).toBe('error');
		expect(execution.data.resultData.error).toMatchObject({ httpCode: '401' });
		expect(() => items('After')).toThrow('The node "After" put out nothing');
	});

	it('stops when the user stops it', async () => {
		const stop = new AbortController();
		const { run: execution } = await runWorkflow(
			chain(node('Manual', 'n8n-nodes-base.manualTrigger', 0), node('Probe', 'probe.probe', 200)),
			{
				...options(),
				credentials: credentials({ path: '/never' }),
				signal: stop.signal,
				onNodeStart: (name) => void (name === 'Probe' && delay(0).then(() => stop.abort())),
			},
		);
		expect(execution.status).toBe('canceled');
	});

	it('moves files into the json of workflows in combined mode', async () => {
		const workflow = chain(
			node('Manual', 'n8n-nodes-base.manualTrigger', 0),
			node('Probe', 'probe.probe', 200),
		);
		const { items } = await runWorkflow(
			{ ...workflow, settings: { binaryMode: 'combined' } },
			options(),
		);
		expect(items('Probe')).toMatchObject([
			{ json: { item: 0, _files: { data: { fileName: 'answer.json' } } } },
		]);
		expect(items('Probe')[0]?.binary).toBeUndefined();
	});
});

describe('testCredential', () => {
	it.each([
		['an accepted key', {}, { status: 'OK', message: 'Connection successful!' }],
		['a refused key', { path: '/401' }, { status: 'Error', message: 'The key was not accepted' }],
		['no server', { baseUrl: 'http://127.0.0.1:1' }, { status: 'Error', message: 'ECONNREFUSED' }],
	])('says what n8n says about %s', async (_, more, result) => {
		expect(await testCredential(credentials(more), probeApi)).toEqual(result);
	});

	it('sends the authenticated request', async () => {
		await testCredential(credentials(), probeApi);
		expect(echo.received).toEqual([{ path: '/echo', key: 'k', body: '' }]);
	});
});

describe('runListSearch', () => {
	it('fills the list of models as the editor does', async () => {
		const { url, apiKey, requests, close } = await startSimulator();
		const { results } = await runListSearch('listModels', {
			credentials: { apiKey, baseUrl: url },
			filter: 'gpt-image-2',
		}).finally(close);
		expect(requests).toMatchObject([{ method: 'GET', path: '/v1/models' }]);
		expect(results.map(({ value }) => value)).toContain('gpt-image-2');
	});

	it('names a method that the node does not have', async () => {
		await expect(runListSearch('listColors')).rejects.toThrow('no listSearch method "listColors"');
	});
});

describe('displayedProperties', () => {
	const shown = (parameters = {}) =>
		displayedProperties(probe.description, parameters).map((shownField) => shownField.path);

	it('follows the rules of the editor, inside collections too', () => {
		expect(shown()).toEqual(['operation', 'text', 'options', 'options.loud']);
		expect(shown({ operation: 'whisper' })).toEqual([
			'operation',
			'text',
			'ear',
			'options',
			'options.loud',
			'options.secret',
		]);
	});
});

it('takes what Node itself throws for an error, as it is outside jest', async () => {
	const missing: unknown = await fs.promises.readFile('/missing').catch((error: unknown) => error);
	expect(missing instanceof Error).toBe(true);
	expect(missing instanceof TypeError).toBe(false);
	expect({} instanceof Error).toBe(false);
});

it('keeps stored input apart from what a run leaves behind', async () => {
	const before = await storedFiles();
	const photo = await storeBinary(Buffer.from('photo'), 'photo.png', 'image/png');
	expect(photo).toMatchObject({ fileName: 'photo.png', fileExtension: 'png', fileType: 'image' });
	expect(await storedFiles()).toHaveLength(before.length + 1);
	expect(await readBinary(photo)).toEqual(Buffer.from('photo'));
});
