import Table from 'cli-table3';
import type { DemoImage } from './workflows';

/** Prints what was made, one line per image. */
export function printTable(images: DemoImage[], write: (text: string) => void): void {
	const table = new Table({
		head: ['file', 'pixels', 'bytes', 'model', 'tokens', 'cost'],
		colAligns: ['left', 'right', 'right', 'left', 'right', 'right'],
		style: { head: [], border: [] },
	});
	for (const { fileName, data, width, height, json } of images) {
		const tokens = Number(json.inputTokens) + Number(json.outputTokens);
		table.push([
			fileName,
			`${width}x${height}`,
			data.length.toLocaleString('en'),
			String(json.model),
			tokens.toLocaleString('en'),
			`$${Number(json.cost).toFixed(4)}`,
		]);
	}
	write(`\n${table.toString()}\n`);
}
