import type { IExecuteData, IExecuteFunctions, INode } from 'n8n-workflow';
import { readConnection } from '../../nodes/GptImage/openai/connection';
import type { MadeImage } from '../../nodes/GptImage/images/output/items';
import { requestFingerprintOf } from '../../nodes/GptImage/openai/fingerprint';
import { Tries, type MadeBefore } from '../../nodes/GptImage/retryOnFail/tries';
import type { ApiRequest } from '../../nodes/GptImage/openai/request';
import { gptImage, newNode } from '../harness/package';

const node = (more: Partial<INode> = {}): INode => ({
	...newNode(gptImage, true),
	retryOnFail: true,
	...more,
});

/** As much of n8n's context as is asked for the visit at a node. */
function contextOf(visit: IExecuteData, current = visit.node): IExecuteFunctions {
	return Object.create(null, {
		getNode: { value: () => current },
		getExecuteData: { value: () => visit },
	});
}

const visitAt = (current = node()): IExecuteData => ({
	node: current,
	data: { main: [[{ json: {} }]] },
	source: null,
});

const image = (id: string | undefined): MadeImage => ({
	stored: {
		binary: { data: id === undefined ? 'AAAA' : 'filesystem-v2', mimeType: 'image/png', id },
		format: { name: 'png', mimeType: 'image/png', extension: 'png' },
	},
	partials: [],
	index: 0,
	facts: {
		operation: 'generate',
		request: {},
		answer: {},
		durationMs: 1,
		retries: 0,
		retryReasons: [],
		waitedMs: 0,
		imagesInRequest: 1,
		references: [],
	},
});

const made = (ids: Array<string | undefined> = ['a']): MadeBefore => ({
	fingerprint: 'f',
	images: ids.map(image),
	warnings: [],
	isWhole: true,
});

function begin(visit: IExecuteData, current = visit.node): Tries {
	const tries = Tries.begin(contextOf(visit, current));
	if (!tries) throw new Error('Nothing would be remembered');
	return tries;
}

afterEach(() => jest.useRealTimers());

describe('what the tries of a node hand on', () => {
	it('is found by the next try of the same visit, for the same request of the same item', () => {
		const visit = visitAt();
		const first = begin(visit);
		first.keep(3, 1, made());
		first.end(false);
		const second = begin(visit);
		expect(second.find(3, 1, 'f')).toEqual(made());
		expect([second.find(3, 0, 'f'), second.find(2, 1, 'f'), second.find(3, 1, 'g')]).toEqual([
			undefined,
			undefined,
			undefined,
		]);
	});

	it('is not found at another visit of the same node', () => {
		const current = node();
		const first = begin(visitAt(current));
		first.keep(0, 0, made());
		first.end(false);
		expect(begin(visitAt(current)).find(0, 0, 'f')).toBeUndefined();
	});

	it('is gone when a try has succeeded', () => {
		const visit = visitAt();
		const first = begin(visit);
		first.keep(0, 0, made());
		first.end(true);
		expect(begin(visit).find(0, 0, 'f')).toBeUndefined();
	});

	it.each([
		[9, true],
		[11, false],
	])('after %i minutes is there: %s', (minutes, isThere) => {
		jest.useFakeTimers({ now: 0 });
		const visit = visitAt();
		const first = begin(visit);
		first.keep(0, 0, made());
		// However long the try itself takes.
		jest.setSystemTime(3_600_000);
		first.end(false);
		jest.setSystemTime(3_600_000 + minutes * 60_000);
		expect(begin(visit).find(0, 0, 'f') !== undefined).toBe(isThere);
	});

	it('has no bytes of images in it, and ends at 10,000 images', () => {
		const tries = begin(visitAt());
		tries.keep(0, 0, made(['a', undefined]));
		expect(tries.find(0, 0, 'f')).toBeUndefined();
		for (let item = 0; item < 1002; item++) tries.keep(item, 0, made(Array(10).fill('a')));
		expect(tries.find(999, 0, 'f')).toBeDefined();
		expect(tries.find(1000, 0, 'f')).toBeUndefined();
		tries.keep(999, 0, made(['b']));
		tries.keep(1001, 0, made(['c']));
		expect(tries.find(1001, 0, 'f')).toBeDefined();
	});

	it('is nothing without Retry On Fail, nor for a tool that is shown the visit at its agent', () => {
		expect(Tries.begin(contextOf(visitAt(node({ retryOnFail: false }))))).toBeUndefined();
		const agent = visitAt(node({ name: 'AI Agent' }));
		expect(Tries.begin(contextOf(agent, node()))).toBeUndefined();
	});

	it.each<[number | undefined, number]>([
		[undefined, 3],
		[1, 2],
		[4, 4],
		[9, 5],
	])('with Max Tries %s knows of %i', (maxTries, all) => {
		const visit = visitAt(node({ maxTries }));
		const left = Array.from({ length: all }, () => begin(visit).isAnotherLeft);
		expect(left).toEqual([...Array(all - 1).fill(true), false]);
	});
});

const account = async (more = {}) =>
	await readConnection({
		getNode: () => node(),
		getCredentials: async <T extends object>() =>
			await Promise.resolve({ kind: 'openAi', apiKey: 'sk-1', ...more } as T),
	});

describe('the fingerprint of a request', () => {
	const file = (bytes: string, id?: string) => ({
		fileName: 'a.png',
		mimeType: 'image/png',
		bytes: bytes.length,
		id,
		open: async () =>
			(async function* () {
				yield Buffer.from(bytes);
			})(),
	});
	const request: ApiRequest = {
		path: '/images/edits',
		fields: { model: 'gpt-image-2', prompt: 'A fox' },
		images: [file('one', 'filesystem-v2:1'), { link: { file_id: 'file-1' } }],
		mask: file('mask'),
		asJson: false,
	};
	const of = async (more: Partial<ApiRequest> = {}, identity = 'mine') => {
		const connection = { ...(await account()), identity };
		return await requestFingerprintOf(connection, { ...request, ...more });
	};

	it.each([
		['key', { apiKey: 'sk-2' }],
		['address', { baseUrl: 'https://api.example.com/v1' }],
		['project', { projectId: 'proj_1' }],
	])('goes by the %s of the credential', async (_, other) => {
		const [mine, again, others] = [await account(), await account(), await account(other)];
		expect(again.identity).toBe(mine.identity);
		expect(others.identity).not.toBe(mine.identity);
	});

	it('is that of an equal one', async () => {
		const equal = { ...request, fields: { ...request.fields }, mask: file('mask') };
		expect(await of(equal)).toBe(await of());
	});

	it('is another when anything is', async () => {
		const [first, second] = request.images;
		const all = await Promise.all([
			of(),
			of({ fields: { ...request.fields, n: 2 } }),
			of({ path: '/images/generations' }),
			of({ asJson: true }),
			of({ images: [...request.images].reverse() }),
			of({ images: first ? [first, first] : [] }),
			of({ images: second ? [file('one', 'filesystem-v2:2'), second] : [] }),
			of({ mask: file('mosk') }),
			of({ mask: undefined, markup: request.mask }),
			of({}, 'other'),
		]);
		expect(new Set(all).size).toBe(all.length);
	});
});
