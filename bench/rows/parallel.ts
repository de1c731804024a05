import type { Contestant } from '../child/job';
import { shareGoal } from '../goals';
import { CONTESTANTS } from '../contestants';
import type { Task } from '../runner';
import { figure, ratio, type Scope, type Section } from '../section';
import { megabytes, seconds, times } from '../units';

const NOTES: Partial<Record<Contestant, string>> = {
	builtIn: ', one after the other',
	httpRequest: ', all at once',
	sdk: ', one after the other',
};

/** Where the entries with 5 and 10 in parallel stand. */
const NODE = [0, 1] as const;
const LEAST = [2, 3] as const;
const FLOOR = 4;

/** Many items, and a server that takes a second for each: how much waiting goes on at the same time. */
export async function measureParallel({ runner, isQuick, among }: Scope): Promise<Section> {
	const items = isQuick ? 10 : 40;
	const task: Task = { items, imageBytes: 1_000_000, delayMs: 1000 };
	const entry = (contestant: Contestant, note: string, more: Partial<Task> = {}) => ({
		key: `${CONTESTANTS[contestant]}${note}`,
		label: `${items} items, 1 s each${note}`,
		contestant,
		task: { ...task, ...more },
	});
	const entries = [
		entry('gptImage', ', 5 in parallel (default)'),
		entry('gptImage', ', 10 in parallel', { concurrency: 10 }),
		entry('least', ', 5 in parallel'),
		entry('least', ', 10 in parallel', { concurrency: 10 }),
		entry('floor', ', 10 in parallel', { concurrency: 10 }),
		...among(['builtIn', 'httpRequest', 'sdk']).map((contestant) =>
			entry(contestant, NOTES[contestant] ?? ''),
		),
	];
	const outcomes = await runner.measureEach(entries, 1);
	const runs = entries.map(({ key, contestant }) => ({
		name: key,
		contestant,
		outcome: outcomes.get(key),
	}));
	const wall = (index: number) => figure(runs[index]?.outcome, 'wallMs');
	const builtIn = figure(
		runs.find(({ contestant }) => contestant === 'builtIn')?.outcome,
		'wallMs',
	);
	const goals = (concurrency: number, node: number, least: number) => {
		const limitMs = Math.ceil(items / concurrency) * 1000;
		return [
			...shareGoal(
				`${items} items, 1 s server time each, ${concurrency} in parallel: of the fastest there can be`,
				'at least',
				0.97,
				ratio(limitMs, wall(node)),
			),
			...shareGoal(
				'the same, of what the least that a node can do reaches',
				'at least',
				0.99,
				ratio(wall(least), wall(node)),
			),
		];
	};
	return {
		tables: [
			{
				title: `${items} items, 1 s server time each (images of 1 MB)`,
				shows: 'How much of the waiting goes on at the same time.',
				head: ['', 'time', 'items per second', "against n8n's node", 'CPU', 'peak above idle'],
				rows: runs.map(({ name, outcome }) => {
					if (!outcome || 'failed' in outcome) return [name, 'fails', '', '', '', ''];
					const { wallMs, cpuMs, peakBytes } = outcome;
					const factor = ratio(builtIn, wallMs);
					return [
						name,
						seconds(wallMs),
						(items / (wallMs / 1000)).toFixed(2),
						factor === undefined ? '' : `${times(factor)} as fast`,
						seconds(cpuMs),
						megabytes(peakBytes),
					];
				}),
				note: "HTTP Request without batching starts all items at once, which an account's rate limit seldom allows; it neither waits for a limit nor tries again.",
			},
		],
		goals: [
			...goals(5, NODE[0], LEAST[0]),
			...goals(10, NODE[1], LEAST[1]),
			...shareGoal(
				'the same, of what the bare script reaches',
				'at least',
				0.97,
				ratio(wall(FLOOR), wall(NODE[1])),
			),
		],
		bars: [
			{
				title: `${items} items, 1 s each`,
				unit: 's',
				bars: runs.map(({ name, contestant, outcome }) => {
					const value = figure(outcome, 'wallMs');
					return { name, contestant, value: value === undefined ? undefined : value / 1000 };
				}),
			},
		],
	};
}
