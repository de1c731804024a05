import { SETTINGS, OPERATIONS, type FaultCase } from './faultCase';
import type { Outcome } from './rig';

/** A case with what came of it everywhere it was tried, and how many files it left in the store. */
export interface Row {
	group: string;
	faultCase: FaultCase;
	outcomes: Outcome[];
	leftFiles: number;
}

const INTRODUCTION = `# What happens when something goes wrong

Written by \`test/full/faults.test.ts\`, which runs every row through n8n's own engine against real
sockets and fails when this page is out of date; \`UPDATE_FAULTS=1 npx jest test/full/faults\` writes it anew.

- Each fault meets Generate Image and Edit Image (multipart) with four settings: the defaults, Keep
  Connection Alive (a stream), three images in one request, and n8n's memory store in place of files.
  One that lets no image through meets each operation with one of them, another from row to row.
  Max Retries is 1, and the fault hits the first two requests.
- **Sent** counts the requests that reached the server; more than one means that the node asked again.
- **Images** are those handed on, out of those that the answer held whole, as a bare HTTP client finds
  them in the same answer. None that arrived is lost, except where n8n cannot store it.
- **Left** counts connections and files in n8n's store that nobody needs any more.
`;

const HEAD = ['Fault', 'Where', 'Message', 'Kind', 'Asked again', 'Sent', 'Images', 'Left'];

/** @returns the page, the same for the same outcomes */
export function toMarkdown(rows: Row[]): string {
	const groups = [...new Set(rows.map(({ group }) => group))];
	const sections = groups.map((group) => {
		const lines = rows.filter((row) => row.group === group).flatMap(toLines);
		return `## ${group}\n\n${toTable([HEAD, ...lines])}\n`;
	});
	return `${INTRODUCTION}\n${sections.join('\n')}`;
}

function toLines({ faultCase, outcomes, leftFiles }: Row): string[][] {
	const places = new Map<string, { cells: string[]; same: Outcome[] }>();
	for (const outcome of outcomes) {
		const { message, kind, askedAgain, requests, kept, arrived, sockets } = outcome;
		const cells = [
			message || '—',
			kind,
			askedAgain ? 'yes' : 'no',
			String(requests),
			`${kept} of ${arrived}`,
			String(sockets + leftFiles),
		];
		const { same = [] } = places.get(cells.join()) ?? {};
		places.set(cells.join(), { cells, same: [...same, outcome] });
	}
	return [...places.values()].map(({ cells, same }, index) => [
		index === 0 ? faultCase.name : '',
		whereOf(faultCase, same),
		...cells,
	]);
}

/** Columns of one width, as prettier has them. */
function toTable(lines: string[][]): string {
	const widths = HEAD.map((_, column) =>
		Math.max(...lines.map((cells) => (cells[column] ?? '').length)),
	);
	const row = (cells: string[], fill: string) =>
		`| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, fill)).join(' | ')} |`;
	const [first = [], ...rest] = lines.map((cells) => row(cells, ' '));
	return [first, row([], '-'), ...rest].join('\n');
}

/** The settings and operations, as short as can be. */
function whereOf({ isAlike }: FaultCase, same: Outcome[]): string {
	const settings = isAlike ? 1 : SETTINGS.length;
	if (same.length === settings * OPERATIONS.length) return 'everywhere';
	const parts = SETTINGS.flatMap(({ name }) => {
		const here = same.filter(({ setting }) => setting === name).map(({ operation }) => operation);
		if (here.length === 0) return [];
		return [here.length === OPERATIONS.length ? name : `${name} (${here.join()})`];
	});
	return parts.join(', ');
}
