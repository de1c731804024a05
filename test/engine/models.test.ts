import fc from 'fast-check';
import { familyOf, MODEL_FAMILIES } from '../../nodes/GptImage/models/catalogue';
import { lifecycleOf } from '../../nodes/GptImage/models/lifecycle';
import { FIXED_SIZES, SIZES_BY_USE, sizeProblem } from '../../nodes/GptImage/models/sizes';
import { runListSearch } from '../harness';
import { onDay } from '../support/date';
import { startModelList } from '../support/modelList';
import { useSimulator } from '../support/simulator';
import { wordsOfKind } from '../support/words';

onDay('2026-11-22');

describe('the model list', () => {
	// A day on which none of its models is shut down.
	const simulator = useSimulator({ today: '2025-12-17' });
	const list = async (filter?: string) =>
		(await runListSearch('listModels', { credentials: simulator.credentials(), filter })).results;

	it('has the image models of the API only, newest first', async () => {
		const values = (await list()).map(({ value }) => value);
		expect(values.slice(0, 8)).toEqual([
			'gpt-image-2.6-flare',
			'gpt-image-2.6-sunburst',
			'gpt-image-2.5-flare',
			'gpt-image-2.5-flare-2026-09-08',
			'gpt-image-2.5-sunburst',
			'gpt-image-2.5-sunburst-2026-09-08',
			'gpt-image-2',
			'gpt-image-2-2026-04-21',
		]);
		expect(values.filter((value) => !/image/.test(String(value)))).toEqual([]);
		expect(simulator.api.requests).toMatchObject([
			{
				method: 'GET',
				path: '/v1/models',
				headers: { authorization: `Bearer ${simulator.api.apiKey}` },
			},
		]);
	});

	it.each([
		['2.6', ['gpt-image-2.6-flare', 'gpt-image-2.6-sunburst']],
		[' 2.6-FLARE ', ['gpt-image-2.6-flare']],
		['no such model', []],
	])('holds with the filter %j %j', async (filter, wanted) => {
		expect((await list(filter)).map(({ value }) => value)).toEqual(wanted);
	});

	it('cannot be asked for with a wrong key', async () => {
		const credentials = simulator.credentials({ apiKey: 'wrong' });
		const search = runListSearch('listModels', { credentials });
		await expect(search).rejects.toMatchObject({ name: 'NodeApiError', httpCode: '401' });
	});
});

describe('a model that shuts down', () => {
	const ids = async (models: object[], filter?: string) => {
		const server = await startModelList(models);
		const credentials = { apiKey: 'k', baseUrl: server.url };
		const search = runListSearch('listModels', { credentials, filter });
		return (await search.finally(server.close)).results;
	};

	it('is listed with its day, until that day', async () => {
		const [yesterday, today, soon] = ['2026-11-21', '2026-11-22', '2026-12-22'];
		const models = [
			{ id: 'gpt-image-90', created: 5, shutdown_date: yesterday },
			{ id: 'gpt-image-91', created: 4, shutdown_date: today },
			{ id: 'gpt-image-92', created: 3, shutdown_date: soon },
			{ id: 'gpt-image-93', created: 2, shutdown_date: null },
			{ id: 'gpt-image-94', created: 1 },
		];
		expect(await ids(models)).toEqual([
			{ name: `gpt-image-92 (shuts down ${soon})`, value: 'gpt-image-92' },
			{ name: 'gpt-image-93', value: 'gpt-image-93' },
			{ name: 'gpt-image-94', value: 'gpt-image-94' },
		]);
	});

	it('is named with what it is for and what an image costs', async () => {
		const known = [
			'gpt-image-2',
			'gpt-image-2.5-flare',
			'gpt-image-2.6-sunburst',
			'my-image-model',
		];
		const models = known.map((id, index) => ({ id, created: 9 - index }));
		expect((await ids(models)).map(({ name }) => name)).toEqual([
			'gpt-image-2 – $0.053, recommended to begin with',
			'gpt-image-2.5-flare – $0.013, fast, for every day',
			'gpt-image-2.6-sunburst – newest: detail, exact edits',
			'my-image-model',
		]);
		expect((await ids(models, 'exact edits')).map(({ value }) => value)).toEqual([
			'gpt-image-2.6-sunburst',
		]);
	});

	it('is left out on the word of the catalogue, where the API says nothing', async () => {
		const models = ['gpt-image-1', 'dall-e-3', 'gpt-image-2'].map((id) => ({ id, created: 1 }));
		expect((await ids(models)).map(({ value }) => value)).toEqual(['gpt-image-2']);
	});

	it('does not hide models of other kinds behind its name', async () => {
		const models = ['gpt-5.5', 'whisper-1', 'my-image-model'].map((id) => ({ id, created: 1 }));
		expect((await ids(models)).map(({ value }) => value)).toEqual(['my-image-model']);
	});

	it('is left out when its entry is odd, and never breaks the others', async () => {
		const odd: unknown[] = [
			null,
			5,
			'gpt-image-9',
			[],
			{},
			{ id: null },
			{ id: 7 },
			{ id: {} },
			{ id: `gpt-image-${'9'.repeat(500)}` },
			{ id: 'gpt-image-9\u202e' },
			{ id: 'gpt-image-sk-proj-0123456789' },
			{ id: ' gpt-image-9' },
		];
		const fine = [
			{ id: 'gpt-image-90', created: 'soon', shutdown_date: 'sk-proj-0123456789' },
			{ id: 'gpt-image-91', created: Number.MAX_VALUE, shutdown_date: {} },
		];
		const server = await startModelList({ data: [...odd, ...fine] });
		const canary = 'sk-proj-0123456789';
		const search = runListSearch('listModels', {
			credentials: { apiKey: canary, baseUrl: server.url },
		});
		const { results } = await search.finally(server.close);
		expect(results).toEqual([
			{ name: 'gpt-image-91', value: 'gpt-image-91' },
			{ name: 'gpt-image-90', value: 'gpt-image-90' },
		]);
	});

	it('is one of at most five hundred', async () => {
		const many = Array.from({ length: 5000 }, (_, index) => ({ id: `gpt-image-x${index}` }));
		expect(await ids(many)).toHaveLength(500);
	});

	it.each<[string, object | string]>([
		['a text', 'no'],
		['too much', { data: ['x'.repeat(5_000_000)] }],
	])('is told as an answer of something else: %s', async (_, answer) => {
		const server = await startModelList(answer);
		const search = runListSearch('listModels', {
			credentials: { apiKey: 'k', baseUrl: server.url },
		});
		await expect(search.finally(server.close)).rejects.toMatchObject({
			name: 'NodeApiError',
			message: wordsOfKind('answer').message,
		});
	});

	it.each([[{ object: 'list', data: [] }], [{ data: null }], [{ data: {} }], [{}]])(
		'makes an empty list of %j',
		async (answer) => {
			const server = await startModelList(answer);
			const search = runListSearch('listModels', {
				credentials: { apiKey: 'k', baseUrl: server.url },
			});
			expect(await search.finally(server.close)).toEqual({ results: [] });
		},
	);
});

describe('familyOf', () => {
	it.each(MODEL_FAMILIES.map(({ id }) => id))('knows %s and its snapshots', (id) => {
		expect(familyOf(id)?.id).toBe(id);
		expect(familyOf(`${id}-2026-09-08`)?.id).toBe(id);
	});

	it.each([
		'gpt-image-3',
		'gpt-image-2.7-flare',
		'gpt-image-2x6-flare',
		'gpt-image-2-mini',
		'gpt-image-2-2026-09',
		'my-gpt-image-2',
		'gpt-image-2 ',
		'openai/gpt-image-2',
		'GPT-IMAGE-2',
		'',
	])('does not know %j', (id) => {
		expect(familyOf(id)).toBeUndefined();
	});
});

describe('lifecycleOf', () => {
	const on = (day: string) => Date.parse(day);
	const sunburst = 'gpt-image-2.6-sunburst';

	it.each([
		['gpt-image-1.5', '2026-10-01', { state: 'alive' }],
		['gpt-image-1.5', '2026-10-03', 'retiring'],
		['gpt-image-1.5', '2026-11-30T23:59:59Z', 'retiring'],
		['gpt-image-1.5', '2026-12-01', 'shutDown'],
		['gpt-image-1.5-2025-12-16', '2026-12-01', 'shutDown'],
		['gpt-image-1', '2026-10-22', 'retiring'],
		['gpt-image-1', '2026-10-23', 'shutDown'],
		['dall-e-3', '2026-05-12', 'shutDown'],
		['gpt-image-2', '2099-01-01', { state: 'alive' }],
		['my-deployment', '2099-01-01', { state: 'alive' }],
	])('of %s on %s', (model, day, wanted) => {
		const date = familyOf(model)?.shutdown?.date;
		expect(lifecycleOf(familyOf(model), on(day))).toEqual(
			typeof wanted === 'string' ? { state: wanted, date, replacement: sunburst } : wanted,
		);
	});
});

describe('sizeProblem', () => {
	const free = familyOf('gpt-image-2');
	const fixed = familyOf('gpt-image-1.5');

	it.each([
		['auto', undefined],
		['1024x1024', undefined],
		['3840x2160', undefined],
		['2160x3840', undefined],
		// Exactly as many pixels as there have to be, and as there may be.
		['1024x640', undefined],
		['2880x2880', undefined],
		['3840x1280', undefined],
		['1008x640', 'has 645120 pixels, fewer than the least, 655360'],
		['2896x2880', 'has 8340480 pixels, more than the most, 8294400'],
		['3856x1296', 'has a side longer than 3840 pixels'],
		['3840x1264', 'has one side more than 3 times as long as the other'],
		['1264x3840', 'has one side more than 3 times as long as the other'],
		['1000x1000', 'is not a multiple of 16 on both sides; the nearest is 1008x1008'],
		['1024x1023', 'is not a multiple of 16 on both sides; the nearest is 1024x1024'],
		['1x1024', 'is not a multiple of 16 on both sides; the nearest is 16x1024'],
	])('of %s for a model of free sizes', (size, problem) => {
		expect(sizeProblem(free, size)).toBe(problem);
	});

	it.each([
		['auto', undefined],
		['1024x1024', undefined],
		['1024x1536', undefined],
		['1536x1024', undefined],
		['2048x2048', 'is not one of 1024x1024, 1024x1536, 1536x1024, the sizes gpt-image-1.5 takes'],
	])('of %s for a model of three sizes', (size, problem) => {
		expect(sizeProblem(fixed, size)).toBe(problem);
	});

	it.each(['1x1', '9999x1', 'auto'])('is none of %s for a model nobody knows', (size) => {
		expect(sizeProblem(undefined, size)).toBeUndefined();
	});

	it('is none of the sizes in the panel', () => {
		const offered = [...FIXED_SIZES, ...Object.values(SIZES_BY_USE)];
		expect(offered.map((size) => sizeProblem(free, size))).toEqual(offered.map(() => undefined));
	});

	// The rule in other words: both sides are among 240 lengths; a third of one is no longer than the
	// other; and there are 2,560 to 32,400 squares of 16 x 16 pixels.
	const lengths = new Set(Array.from({ length: 240 }, (_, index) => 16 * (index + 1)));
	const isAllowed = (width: number, height: number) => {
		const squares = (width / 16) * (height / 16);
		return (
			lengths.has(width) &&
			lengths.has(height) &&
			width / 3 <= height &&
			height / 3 <= width &&
			squares >= 2560 &&
			squares <= 32_400
		);
	};
	const edge = fc.oneof(
		fc.integer({ min: 1, max: 5000 }),
		fc.integer({ min: 1, max: 300 }).map((count) => count * 16),
		fc.constantFrom(640, 1024, 1280, 2160, 2880, 3840, 3856),
	);

	it('allows exactly what the rule allows', () => {
		let allowed = 0;
		fc.assert(
			fc.property(edge, edge, (width, height) => {
				const problem = sizeProblem(free, `${width}x${height}`);
				expect(problem === undefined).toBe(isAllowed(width, height));
				allowed += problem === undefined ? 1 : 0;
			}),
			{ numRuns: 10_000 },
		);
		expect(allowed).toBeGreaterThan(500);
	});

	it('names the nearest size on the grid', () => {
		fc.assert(
			fc.property(edge, edge, (width, height) => {
				const problem = sizeProblem(free, `${width}x${height}`) ?? '';
				const [, across, down] = /nearest is (\d+)x(\d+)$/.exec(problem) ?? [];
				fc.pre(across !== undefined);
				for (const [near, side] of [
					[Number(across), width],
					[Number(down), height],
				] as const) {
					expect(near % 16).toBe(0);
					expect(near).toBeGreaterThan(0);
					if (side >= 8) expect(Math.abs(near - side)).toBeLessThanOrEqual(8);
				}
			}),
			{ numRuns: 2000 },
		);
	});
});
