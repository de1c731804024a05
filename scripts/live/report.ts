import Table from 'cli-table3';
import type { Difference } from './differences';
import type { Step } from './caller';

const plain = { style: { head: [], border: [] } };

/** One line for each request: its ID, what it counted, what it cost, how long it took. */
export function requestTable(steps: Step[]): string {
	const table = new Table({
		...plain,
		head: ['request', 'status', 'request ID', 'tokens in', 'tokens out', 'USD', 'seconds'],
		colAligns: ['left', 'right', 'left', 'right', 'right', 'right', 'right'],
	});
	for (const { name, exchange, json } of steps) {
		table.push([
			name,
			exchange.status,
			exchange.headers['x-request-id'] ?? '–',
			tokens(json?.usage, 'input_tokens'),
			tokens(json?.usage, 'output_tokens'),
			json?.cost === undefined ? '–' : dollars(Number(json.cost)),
			exchange.seconds.toFixed(1),
		]);
	}
	return table.toString();
}

/** One line for each thing that is otherwise in the API than in the simulator. */
export function differenceTable(differences: Difference[]): string {
	const table = new Table({
		...plain,
		head: ['request', 'what', 'API', 'simulator'],
		colWidths: [16, 46, 36, 36],
		wordWrap: true,
	});
	for (const { step, what, api = '–', simulator = '–' } of differences) {
		table.push([step, what, api, simulator]);
	}
	return table.toString();
}

/** What the images of the steps cost, in USD. */
export function costOfAll(steps: Step[]): number {
	return steps.reduce((sum, { json }) => sum + Number(json?.cost ?? 0), 0);
}

export const dollars = (amount: number) => amount.toFixed(4);

function tokens(usage: unknown, name: 'input_tokens' | 'output_tokens'): string {
	const count = typeof usage === 'object' && usage && name in usage ? { ...usage } : {};
	const value: unknown = Object.entries(count).find(([key]) => key === name)?.[1];
	return typeof value === 'number' ? value.toLocaleString('en') : '–';
}
