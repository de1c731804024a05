import { read, tableIn } from '../support/sources';

// The pages quote the last run of the benchmark.
const RESULTS = 'bench/results.md';
const NODE = /^GPT Image/;
const BUILT_IN = /^n8n's OpenAI node/;

/** The cells of a column in the rows of one of the contestants. */
function figures(heading: string, column: string, who: RegExp): string[] {
	const [head = [], ...rows] = tableIn(RESULTS, heading);
	const at = head.indexOf(column);
	expect(at).toBeGreaterThan(0);
	return rows.filter(([name = '']) => who.test(name)).map((cells) => cells[at] ?? '');
}

/** A time of the benchmark as the pages write it. */
const rounded = (seconds: string) => `${Number(parseFloat(seconds).toFixed(1))} s`;

const PARALLEL = '40 items, 1 s server time each \\(images of 1 MB\\)';

/** Rows of the page, and where the benchmark has their figures. */
const ROWS: Array<[string, string, string]> = [
	[
		'Peak memory above idle, one answer with 10 images of 4.7 MB',
		'One answer with 10 images of 4.7 MB',
		'peak above idle',
	],
	['The same with images of 47 MB', 'One answer with 10 images of 47 MB', 'peak above idle'],
	[
		'Peak memory above idle, an edit with 16 inputs of 20 MB',
		'One edit with 16 inputs of 20 MB',
		'peak above idle',
	],
	['CPU for an image of 4.7 MB', '100 images of 4.7 MB, one by one', 'CPU per image'],
];

describe('the page of limits and speed', () => {
	const page = tableIn('docs/limits-and-speed.md', 'Speed and memory');
	const rowOf = (name: string) => page.find(([cell]) => cell === name)?.slice(1);

	it('has the times of the last run, and so has the README', () => {
		const [byDefault = '', ten = ''] = figures(PARALLEL, 'time', NODE).map(rounded);
		const builtIn = figures(PARALLEL, 'time', BUILT_IN).map(rounded);
		expect(rowOf('40 items of 1 s server time, default / 10 in parallel')).toEqual([
			`${byDefault} / ${ten}`,
			...builtIn,
		]);
		expect(read('README.md')).toContain(`40 items of 1 s each take ${byDefault}.`);
	});

	it.each(ROWS)('has the figures of the last run: %s', (name, heading, column) => {
		const [ours = '', theirs = ''] = [NODE, BUILT_IN].flatMap((who) =>
			figures(heading, column, who),
		);
		expect(rowOf(name)).toEqual([ours, /^fails/.exec(theirs)?.[0] ?? theirs]);
	});
});
