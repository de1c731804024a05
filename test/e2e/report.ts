import Table from 'cli-table3';

/** What came of a check. */
export interface CheckResult {
	name: string;
	status: 'passed' | 'failed' | 'not run';
	/** Why it failed or was not run. */
	reason?: string;
}

/** What came of a part. */
export interface PartResult {
	name: string;
	checks: CheckResult[];
	/** Key figures. */
	notes: string[];
	seconds: number;
}

/** The closing table, what failed or was not run below it, and the last line with the counts. */
export function closingReport(results: PartResult[]): string {
	const table = new Table({
		head: ['part', 'passed', 'failed', 'not run', 'seconds', 'figures'],
		colAligns: ['left', 'right', 'right', 'right', 'right', 'left'],
		style: { head: [], border: [] },
	});
	for (const { name, checks, notes, seconds } of results) {
		const numbers = (['passed', 'failed', 'not run'] as const).map((one) => count(checks, one));
		table.push([name, ...numbers, seconds.toFixed(1), notes.join('\n')]);
	}
	const checks = results.flatMap((part) =>
		part.checks.map((check) => ({ ...check, name: `${part.name}: ${check.name}` })),
	);
	const others = checks
		.filter(({ status }) => status !== 'passed')
		.map(({ name, status, reason }) => `${status}: ${name}\n  ${reason?.replaceAll('\n', '\n  ')}`);
	const total = `${count(checks, 'passed')} passed, ${count(checks, 'failed')} failed`;
	return ['', table.toString(), ...others, '', total, ''].join('\n');
}

function count(checks: CheckResult[], status: CheckResult['status']): number {
	return checks.filter((check) => check.status === status).length;
}
