import Table from 'cli-table3';
import type { DemoImage } from './workflows';

/** Prints what was made, one line per image; `usage` counts all images of a request together. */
export function printTable(images: DemoImage[], write: (text: string) => void): void {
	const table = new Table({
		head: ['file', 'pixels', 'bytes', 'model', 'tokens', 'seconds'],
		colAligns: ['left', 'right', 'right', 'left', 'right', 'right'],
		style: { head: [], border: [] },
	});
	for (const { fileName, data, width, height, json } of images) {
		table.push([
			fileName,
			`${width}x${height}`,
			data.length.toLocaleString('en'),
			String(json.model),
			tokens(json),
			(Number(json.durationMs) / 1000).toFixed(1),
		]);
	}
	write(`\n${table.toString()}\n`);
}

function tokens({ usage, imagesInRequest }: DemoImage['json']): string {
	const total = typeof usage === 'object' && usage && 'total_tokens' in usage && usage.total_tokens;
	if (typeof total !== 'number') return '';
	const shared = Number(imagesInRequest) > 1 ? ` for ${Number(imagesInRequest)}` : '';
	return `${total.toLocaleString('en')}${shared}`;
}
