import type { Contestant } from '../child/job';
import { CONTESTANTS } from '../contestants';
import type { Outcome } from '../outcome';
import type { Task } from '../runner';
import {
	figure,
	measureAll,
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
	xName: string;
	points: number[];
	quickPoints: number[];
	scale: Growth['scale'];
	task(point: number): Task;
}

const AXES: Axis[] = [
	{
		file: 'growth-image-size.svg',
		title: 'One image, ever larger',
		xName: 'MB per image',
		points: [1, 5, 10, 25, 50],
		quickPoints: [1, 10],
		scale: 'linear',
		task: (point) => ({ imageBytes: point * 1_000_000 }),
	},
	{
		file: 'growth-images-per-response.svg',
		title: 'Ever more images of 4.7 MB in one answer',
		xName: 'images per answer',
		points: [1, 2, 5, 10],
		quickPoints: [1, 5],
		scale: 'linear',
		task: (point) => ({ operation: 'edit', n: point, imageBytes: IMAGE_BYTES }),
	},
	{
		file: 'growth-items.svg',
		title: 'Ever more items, images of 100 kB, no server time',
		xName: 'items',
		points: [1, 10, 100, 1000],
		quickPoints: [1, 100],
		scale: 'log',
		task: (point) => ({ items: point, imageBytes: 100_000 }),
	},
];

/** How memory and time grow with what is asked for. */
export async function measureGrowth(scope: Scope): Promise<Section> {
	const tables: Table[] = [];
	const growth: Growth[] = [];
	for (const axis of AXES) {
		const points = scope.isQuick ? axis.quickPoints : axis.points;
		const found = await measureAxis(scope, axis, points);
		scope.runner.stopSimulators();
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
			head: [axis.xName, ...points.map(String)],
			rows: [...found].flatMap(([contestant, outcomes]) => [
				[`${CONTESTANTS[contestant]}: peak`, ...outcomes.map(cell('peakBytes', megabytes))],
				[`${CONTESTANTS[contestant]}: time`, ...outcomes.map(cell('wallMs', seconds))],
			]),
		});
	}
	return { tables, goals: [], growth };
}

async function measureAxis(scope: Scope, axis: Axis, points: number[]) {
	const found = new Map<Contestant, Outcome[]>();
	for (const point of points) {
		const label = `${point} ${axis.xName}`;
		for (const [who, outcome] of await measureAll(scope, WHO, label, axis.task(point))) {
			found.set(who, [...(found.get(who) ?? []), outcome]);
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
