import { liveApi } from '../../scripts/demo/api';
import { cheapest } from '../../scripts/live/cheapest';
import { compareWithSimulator } from '../../scripts/live/compare';
import { childProcess, path, process, repositoryRoot } from '../node';
import { startSimulator, type Simulator } from '../simulator';

// A second simulator takes the place of the real API.
let api: Simulator;
beforeAll(async () => {
	api = await startSimulator();
});
beforeEach(() => api.reset());
afterAll(async () => await api.close());

async function live({ apiKey, url } = api) {
	const lines: string[] = [];
	const isAlike = await compareWithSimulator({
		api: liveApi(apiKey, url),
		model: 'gpt-image-2',
		now: Date.now(),
		say: (line) => void lines.push(line),
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
