import type { Contestant } from '../child/job';
import { CONTESTANTS } from '../contestants';
import { factorGoal } from '../goals';
import type { Outcome } from '../outcome';
import type { Task } from '../runner';
import {
	figure,
	measureAll,
	ratio,
	type Goal,
	type Growth,
	type Line,
	type Scope,
	type Section,
	type Table,
} from '../section';
import { megabytes, seconds } from '../units';
import { IMAGE_BYTES } from './memory';

const WHO: Contestant[] = ['gptImage', 'builtIn', 'floor'];

/** Something that grows while all else stays. */
interface Axis {
	file: string;
	title: string;
	shows: string;
	xName: string;
	points: number[];
	quickPoints: number[];
	/** Who else takes part. */
	others?: Contestant[];
	scale: Growth['scale'];
	task(point: number): Task;
	goals?(found: Map<Contestant, Outcome[]>, points: number[]): Goal[];
}

const AXES: Axis[] = [
	{
		file: 'growth-image-size.svg',
		title: 'One image, ever larger',
		shows: 'Whether the memory for an image grows with its size.',
		xName: 'MB per image',
		points: [1, 5, 10, 25, 50],
		quickPoints: [1, 10],
		scale: 'linear',
		task: (point) => ({ imageBytes: point * 1_000_000 }),
	},
	{
		file: 'growth-images-per-response.svg',
		title: 'Ever more images of 4.7 MB in one answer',
		shows: 'Whether the memory for an answer grows with its images.',
		xName: 'images per answer',
		points: [1, 2, 5, 10],
		quickPoints: [1, 5],
		scale: 'linear',
		task: (point) => ({ operation: 'edit', n: point, imageBytes: IMAGE_BYTES }),
	},
	{
		file: 'growth-items.svg',
		title: 'Ever more items, images of 100 kB, no server time',
		shows:
			'What a run leaves behind for each item, and what the node itself takes beside the work.',
		xName: 'items',
		points: [1, 10, 100, 1000, 5000],
		quickPoints: [1, 100],
		others: ['least'],
		scale: 'log',
		task: (point) => ({ items: point, imageBytes: 100_000 }),
		goals: goalsOfItems,
	},
];

/** How memory and time grow with what is asked for. */
export async function measureGrowth(scope: Scope): Promise<Section> {
	const tables: Table[] = [];
	const growth: Growth[] = [];
	const goals: Goal[] = [];
	for (const axis of AXES) {
		const points = scope.isQuick ? axis.quickPoints : axis.points;
		const found = await measureAxis(scope, axis, points);
		scope.runner.stopSimulators();
		if (axis.goals) goals.push(...axis.goals(found, points));
		const lines = (name: 'peakBytes' | 'wallMs', per: number) =>
			[...found].map(
				([contestant, outcomes]): Line => ({
					contestant,
					points: outcomes.flatMap((outcome, index): Line['points'] => {
						const value = figure(outcome, name);
						return value === undefined ? [] : [[points[index] ?? 0, value / per]];
					}),
				}),
			);
		growth.push({
			...axis,
			panels: [
				{ title: 'Peak memory above idle', unit: 'MB', lines: lines('peakBytes', 1e6) },
				{ title: 'Time', unit: 's', lines: lines('wallMs', 1000) },
			],
		});
		tables.push({
			title: axis.title,
			shows: axis.shows,
			note: points.some(isLong) ? `From ${LONG_ITEMS} items on: once.` : undefined,
			head: [axis.xName, ...points.map(String)],
			rows: [...found].flatMap(([contestant, outcomes]) => [
				[`${CONTESTANTS[contestant]}: peak`, ...outcomes.map(cell('peakBytes', megabytes))],
				[`${CONTESTANTS[contestant]}: time`, ...outcomes.map(cell('wallMs', seconds))],
			]),
		});
	}
	return { tables, goals, growth };
}

/** At this number of items the bare script and n8n's node are held beside this one. */
const GOAL_ITEMS = 1000;

/** So many take long enough to be measured once. */
const LONG_ITEMS = 5000;
const isLong = (point: number) => point >= LONG_ITEMS;

function goalsOfItems(found: Map<Contestant, Outcome[]>, points: number[]): Goal[] {
	const at = points.indexOf(GOAL_ITEMS);
	const of = (contestant: Contestant, name: 'peakBytes' | 'wallMs') =>
		figure(found.get(contestant)?.[at], name);
	return [
		...factorGoal(
			"peak memory, 1,000 items with images of 100 kB, of that of n8n's OpenAI node",
			'at most',
			1,
			ratio(of('gptImage', 'peakBytes'), of('builtIn', 'peakBytes')),
		),
		...factorGoal(
			'time of the same, of that of the floor',
			'at most',
			1.5,
			ratio(of('gptImage', 'wallMs'), of('floor', 'wallMs')),
		),
		...factorGoal(
			'time of the same, of that of the least that a node can do',
			'at most',
			1.25,
			ratio(of('gptImage', 'wallMs'), of('least', 'wallMs')),
		),
	];
}

async function measureAxis(scope: Scope, axis: Axis, points: number[]) {
	const found = new Map<Contestant, Outcome[]>();
	const who = [...WHO, ...(axis.others ?? [])];
	for (const point of points) {
		const label = `${point} ${axis.xName}`;
		const repeats = isLong(point) ? 1 : scope.repeats;
		const own = { ...scope, repeats };
		for (const [one, outcome] of await measureAll(own, who, label, axis.task(point))) {
			found.set(one, [...(found.get(one) ?? []), outcome]);
		}
	}
	return found;
}

const cell =
	(name: 'peakBytes' | 'wallMs', show: (value: number) => string) =>
	(outcome: Outcome): string => {
		const value = figure(outcome, name);
		return value === undefined ? 'fails' : show(value);
	};
