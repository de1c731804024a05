import { liveApi } from '../../scripts/demo/api';
import { cheapest } from '../../scripts/live/cheapest';
import { compareWithSimulator, type Live } from '../../scripts/live/compare';
import { childProcess, events, path, process, repositoryRoot } from '../node';
import { startSimulator, type Simulator } from '../simulator';

// A second simulator takes the place of the real API.
let api: Simulator;
beforeAll(async () => {
	api = await startSimulator();
});
beforeEach(() => api.reset());
afterAll(async () => await api.close());

async function live({ apiKey, url } = api, more: Partial<Live> = {}) {
	const lines: string[] = [];
	const isAlike = await compareWithSimulator({
		api: liveApi(apiKey, url),
		model: 'gpt-image-2',
		now: Date.now(),
		say: (line) => void lines.push(line),
		signal: new AbortController().signal,
		...more,
	});
	return { isAlike, text: lines.join('\n') };
}

it('finds nothing where the API is as the simulator', async () => {
	const { isAlike, text } = await live();
	expect(text).toMatch(/^0 of [5-9]\d facts about 5 answers differ\.$/m);
	expect(isAlike).toBe(true);
	expect(api.requests.map(({ status }) => status)).toEqual([200, 401, 400, 200, 200]);
	for (const { requestId } of api.requests) expect(text).toContain(requestId);
	expect(text).not.toContain(api.apiKey);
});

it('says before what it costs, and after what it did', async () => {
	const { text } = await live();
	const [, before] = /cost about (\d\.\d{4}) USD/.exec(text) ?? [];
	const [, after] = /^Cost: (\d\.\d{4}) USD\.$/m.exec(text) ?? [];
	expect(Number(before)).toBeGreaterThan(0);
	expect(after).toBe(before);
	expect(text.indexOf('cost about')).toBeLessThan(text.indexOf(api.url));
});

it('names each thing that is otherwise', async () => {
	const usage = { input_tokens: 8, output_tokens: '107' };
	const body = { created: 1, data: [{ b64_json: 'aGk=' }], usage, surprise: { deep: [null] } };
	const headers = { 'x-ratelimit-limit-images': '5' };
	api.misbehave({}, { code: 'rate_limit_exceeded', headers }, { status: 200, body }, {});
	const { isAlike, text } = await live();
	expect(isAlike).toBe(false);
	const rows = text
		.slice(text.indexOf('Otherwise than in the simulator'))
		.split('\n')
		.map((line) => line.split('│').map((cell) => cell.trim()));
	const differing = rows.flatMap(([, step, what, said, expected]) =>
		step && what ? [[step, what, said, expected]] : [],
	);
	expect(differing).toEqual(
		expect.arrayContaining([
			['request', 'what', 'API', 'simulator'],
			['Wrong size', 'status', '429', '400'],
			['Wrong size', 'header x-ratelimit-limit-images', 'is there', '–'],
			['Wrong size', 'error.code', '"rate_limit_exceeded"', '"invalid_value"'],
			['Generate Image', 'data[].b64_json', 'no picture', 'png 1024x640'],
			['Generate Image', 'surprise.deep[]', 'null', '–'],
			['Generate Image', 'usage.output_tokens', '"107"', '107'],
			['Generate Image', 'output_format', '–', '"png"'],
		]),
	);
	expect(differing.filter(([step]) => step === 'Edit Image' || step === 'List models')).toEqual([]);
	expect(text).toContain('Generate Image failed: The answer is not one of the Images API');
});

/** Files, and the states of batches. */
const left = async ({ files, batches }: Simulator) => [
	(await files.existing()).length,
	(await batches.all()).map(({ status }) => status),
];

describe('with a file and a batch', () => {
	const extent = { files: true, batch: { minutes: 1, everyMs: 50 } };
	let quick: Simulator;
	beforeAll(async () => {
		quick = await startSimulator({ clockSpeed: 1800 });
	});
	afterEach(() => quick.reset());
	afterAll(async () => await quick.close());

	it('finds nothing where the API is as the simulator, and leaves nothing behind', async () => {
		const { isAlike, text } = await live(quick, { extent });
		const rows = [...text.matchAll(/^│ ([^│]+?) +│ +(\d{3}) │/gm)];
		expect(rows.slice(5).map(([, name, status]) => [name, status])).toEqual([
			['Upload File', '200'],
			['Edit by File ID', '200'],
			['Delete File', '200'],
			['Upload Requests', '200'],
			['Create Batch', '200'],
			['Ended Batch', '200'],
			['Images of Batch', '200'],
		]);
		expect(text).toMatch(/^0 of 2\d\d facts about 12 answers differ\.$/m);
		expect(text).toContain('5 images of gpt-image-2');
		expect(isAlike).toBe(true);
		expect(await left(quick)).toEqual([0, ['completed']]);
	});

	it('names what is otherwise', async () => {
		quick.misbehave({ on: 'batches.create', headers: { 'x-ratelimit-limit-batches': '9' } });
		const { isAlike, text } = await live(quick, { extent });
		expect(isAlike).toBe(false);
		expect(text).toMatch(/│ Create Batch +│ header x-ratelimit-limit-batches +│ is there +│ – +│/);
		expect(text).toMatch(/^1 of 2\d\d facts/m);
	});

	// By the real clock a batch takes twelve minutes.
	it('cancels a batch that takes too long', async () => {
		const batch = { minutes: 0, everyMs: 1 };
		await expect(live(api, { extent: { batch } })).rejects.toThrow('has not ended');
		expect(await left(api)).toEqual([0, ['cancelling']]);
	});

	it('cancels it when the user interrupts', async () => {
		const script = path.join(repositoryRoot, 'scripts/live.ts');
		const running = childProcess.spawn(
			process.execPath,
			['--import', 'tsx', script, 'gpt-image-2', '--batch'],
			{
				cwd: repositoryRoot,
				env: { ...process.env, OPENAI_API_KEY: api.apiKey, OPENAI_BASE_URL: api.url },
			},
		);
		let text = '';
		running.stdout.setEncoding('utf8').on('data', (said: string) => {
			text += said;
			// What comes before is about the simulator of the command.
			const here = text.split(`At ${api.url}`)[1];
			if (here?.includes('validating') && !running.killed) running.kill('SIGINT');
		});
		const [code] = await events.once(running, 'exit');
		expect(text).toContain('Interrupted.');
		expect(code).toBe(130);
		expect(await left(api)).toEqual([0, ['cancelling']]);
	});
});

it('asks for no image when the key is not taken, or nothing answers', async () => {
	await expect(live({ ...api, apiKey: 'sk-other' })).rejects.toThrow('does not take this key');
	expect(api.requests.map(({ path: asked }) => asked)).toEqual(['/v1/models']);
	const closed = await startSimulator();
	await closed.close();
	await expect(live(closed)).rejects.toThrow(`No API answers at ${closed.url}`);
});

it('without a key says how to give one, and ends with code 2', () => {
	const env = { ...process.env, OPENAI_API_KEY: '' };
	const { status, stdout } = childProcess.spawnSync(
		process.execPath,
		[path.join(repositoryRoot, 'node_modules/tsx/dist/cli.mjs'), 'scripts/live.ts'],
		{ cwd: repositoryRoot, env, encoding: 'utf8' },
	);
	expect(stdout).toContain('OPENAI_API_KEY=sk-… npm run live');
	expect(status).toBe(2);
});

describe('the cheapest model', () => {
	it.each([
		['2026-11-22', undefined, { model: 'gpt-image-1-mini', size: '1024x1024' }],
		['2026-12-01', undefined, { model: 'gpt-image-2.5-sunburst', size: '1024x640' }],
		['2026-11-22', 'gpt-image-2', { model: 'gpt-image-2', size: '1024x640' }],
		['2026-11-22', 'gpt-image-1.5', { model: 'gpt-image-1.5', size: '1024x1024' }],
	])('on %s, of %s', (day, only, choice) => {
		expect(cheapest(Date.parse(day), only)).toEqual(choice);
	});

	it.each(['gpt-image-9', 'dall-e-3'])('is none of %s', (model) => {
		expect(() => cheapest(Date.parse('2026-11-22'), model)).toThrow('No price is known');
	});
});
