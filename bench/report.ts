import CliTable from 'cli-table3';
import { format, resolveConfig } from 'prettier';
import { fs, os, path, process, repositoryRoot } from '../test/node';
import { drawBars, drawGrowth } from './charts';
import type { Goal, Section, Table } from './section';

/** What the figures were measured on and with. */
export interface Circumstances {
	/** Names and versions of the packages compared. */
	versions: Record<string, string>;
	/** Processes per measurement. */
	repeats: number;
	/** How peak memory was found. */
	peakFrom: string;
	/** Milliseconds the whole run took. */
	tookMs: number;
}

/** The tables and the goals as text for the terminal. */
export function toText({ tables, goals }: Section): string {
	const parts = tables.map(({ title, shows, head, rows, note }) => {
		const table = new CliTable({ head, style: { head: [], border: [] }, wordWrap: true });
		table.push(...rows);
		return `\n${title}\n${shows}\n${table.toString()}\n${note ? `${note}\n` : ''}`;
	});
	const lines = goals.map(
		({ what, goal, reached, isMet }) => `${isMet ? '✓' : '✗'} ${what}: ${reached} (goal ${goal})`,
	);
	return `${parts.join('')}${lines.join('\n')}\n`;
}

/** Writes results.md and the pictures into `bench/`. @returns the names of the files */
export async function writeResults(
	sections: Section[],
	circumstances: Circumstances,
): Promise<string[]> {
	const folder = path.join(repositoryRoot, 'bench');
	const bars = sections.flatMap((section) => section.bars ?? []);
	const growth = sections.flatMap((section) => section.growth ?? []);
	const pictures = [
		{ file: 'comparison.svg', title: 'Side by side', svg: drawBars('Side by side', bars) },
		...growth.map((chart) => ({ ...chart, svg: drawGrowth(chart) })),
	];
	for (const picture of pictures) {
		fs.writeFileSync(path.join(folder, picture.file), picture.svg);
	}
	const text = [
		'# Benchmark results',
		'Written by `npm run bench`, which measures everything anew on your machine.',
		goalsTable(sections.flatMap(({ goals }) => goals)),
		...pictures.map(({ file, title }) => `![${title}](${file})`),
		...sections.flatMap(({ tables }) => tables.map(toMarkdown)),
		'## How it was measured',
		howMeasured(circumstances),
	].join('\n\n');
	const file = path.join(folder, 'results.md');
	const style = await resolveConfig(file);
	fs.writeFileSync(file, await format(text, { ...style, filepath: file }));
	return ['results.md', ...pictures.map(({ file }) => file)];
}

function goalsTable(goals: Goal[]): string {
	const rows = goals.map(({ what, goal, reached, isMet }) => [
		what,
		goal,
		reached,
		isMet ? 'yes' : '**no**',
	]);
	const shows = 'What was aimed at, and what came of it in this run.';
	return toMarkdown({ title: 'Goals', shows, head: ['what', 'goal', 'reached', 'met'], rows });
}

function toMarkdown({ title, shows, head, rows, note }: Table): string {
	const line = (cells: string[]) =>
		`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
	const lines = [line(head), line(head.map(() => '---')), ...rows.map(line)];
	return `## ${title}\n\n${shows}\n\n${lines.join('\n')}${note ? `\n\n${note}` : ''}`;
}

function howMeasured({ versions, repeats, peakFrom, tookMs }: Circumstances): string {
	const [cpu] = os.cpus();
	const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
	return [
		`- Machine: ${os.cpus().length} cores (${cpu?.model.trim()}), ${Math.round(os.totalmem() / 2 ** 30)} GiB of memory, ${os.type()} ${os.arch()}, Node ${process.versions.node}.`,
		`- Packages: ${packages.join(', ')}.`,
		`- Date: ${new Date().toISOString().slice(0, 10)}. The run took ${Math.round(tookMs / 60_000)} minutes.`,
		'- Server: the simulator of `test/simulator`, in a process of its own, on the same machine over loopback. Its images are PNGs padded with random bytes, the same for every contestant.',
		`- Every measurement is a fresh process; the figures are medians of ${repeats} where nothing else is said, and contestants take turns. The items with server time run once. Sizes and number of the images are checked each time.`,
		"- This node (from `dist/`), n8n's OpenAI node and HTTP Request run through n8n's `WorkflowExecute` with its binary store in filesystem mode, in which the input images lie. The SDK and the floor are bare scripts that write files.",
		'- Idle is the resident memory after everything is loaded, one small request is done and garbage is collected.',
		peakFrom === 'VmHWM'
			? "- Peak is the kernel's own record (VmHWM, reset through /proc/self/clear_refs before the job)."
			: '- Peak is sampled every 5 ms.',
		'- All begin with a young generation of V8 of 16 MB, to which it grows in any n8n (see `YOUNG_GENERATION` in `bench/runner.ts`).',
		'- CPU is user and system time of the process, of all its threads. Time starts when the first request is prepared and ends when all images are stored.',
	].join('\n');
}
