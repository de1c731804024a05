import type { Contestant } from './child/job';
import { CONTESTANTS } from './contestants';
import type { Outcome } from './outcome';
import type { Runner, Task } from './runner';

/** A table for the terminal and for results.md. */
export interface Table {
	title: string;
	/** What can be seen in it, in one line. */
	shows: string;
	head: string[];
	rows: string[][];
	/** What one has to know to read it. */
	note?: string;
}

/** A number that was set as a goal, and what became of it. */
export interface Goal {
	what: string;
	goal: string;
	reached: string;
	isMet: boolean;
}

/** Lines over one axis, in panels side by side. */
export interface Growth {
	/** Name of the SVG file. */
	file: string;
	title: string;
	xName: string;
	scale: 'linear' | 'log';
	panels: Array<{ title: string; unit: string; lines: Line[] }>;
}

export interface Line {
	contestant: Contestant;
	/** Pairs of x and y. */
	points: Array<[number, number]>;
}

/** One figure of each contestant. */
export interface Bars {
	title: string;
	unit: string;
	bars: Array<{ name: string; contestant: Contestant; value: number | undefined }>;
}

/** What a row of the benchmark has to say. */
export interface Section {
	tables: Table[];
	goals: Goal[];
	growth?: Growth[];
	bars?: Bars[];
}

/** What a row of the benchmark gets. */
export interface Scope {
	runner: Runner;
	/** Processes per measurement. */
	repeats: number;
	/** A subset that takes a few seconds. */
	isQuick: boolean;
	/** Keeps those that take part; a focused run leaves some out. */
	among(contestants: Contestant[]): Contestant[];
}

/** Measures the same task of those contestants that take part. */
export async function measureAll(
	{ runner, among, repeats }: Scope,
	contestants: Contestant[],
	label: string,
	task: Task,
): Promise<Map<Contestant, Outcome>> {
	const entries = among(contestants).map((contestant) => ({
		key: contestant,
		contestant,
		label,
		task,
	}));
	return await runner.measureEach(entries, repeats);
}

/** @returns one figure of an outcome, or `undefined` when there is none */
export function figure(
	outcome: Outcome | undefined,
	name: 'wallMs' | 'cpuMs' | 'idleBytes' | 'peakBytes',
): number | undefined {
	return outcome && !('failed' in outcome) ? outcome[name] : undefined;
}

/** @returns `a / b`, or `undefined` when one is missing */
export function ratio(a: number | undefined, b: number | undefined): number | undefined {
	return a === undefined || b === undefined || b === 0 ? undefined : a / b;
}

/** @returns a bar for each contestant, in the unit after division by `per` */
export function barsOf(
	title: string,
	unit: string,
	outcomes: Map<Contestant, Outcome>,
	name: 'wallMs' | 'cpuMs' | 'peakBytes',
	per: number,
): Bars {
	return {
		title,
		unit,
		bars: [...outcomes].map(([contestant, outcome]) => {
			const value = figure(outcome, name);
			const bar = { contestant, name: CONTESTANTS[contestant] };
			return { ...bar, value: value === undefined ? undefined : value / per };
		}),
	};
}
