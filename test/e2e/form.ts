import { jsonParse } from 'n8n-workflow';

import { until } from './wait';

/** What is entered into a form, by the label of its field. */
export type FormEntries = Record<string, string | File>;

/** A file that the last page of a form downloads by itself. */
export interface Download {
	fileName: string;
	type: string;
	bytes: Buffer;
}

const FORM_MS = 120_000;

/**
 * Fills in a form of n8n and goes on to its last page, with the requests that the pages' own scripts
 * make in a browser (templates `form-trigger` and `form-trigger-completion` of n8n 2.41.1).
 * @param url address of the form
 * @returns what the last page downloads
 * @throws when a label is not there, the form is refused, or the execution fails
 */
export async function submitForm(url: string, entries: FormEntries): Promise<Download[]> {
	const page = await read(await fetch(url));
	const form = new FormData();
	for (const [label, entry] of Object.entries(entries)) form.append(fieldOf(page, label), entry);
	const submitted = await read(await fetch(url, { method: 'POST', body: form }));
	const { formWaitingUrl } = jsonParse<{ formWaitingUrl: string }>(submitted);
	await until('the form has its last page', FORM_MS, async () => {
		const status = await read(await fetch(statusOf(formWaitingUrl)));
		if (['error', 'canceled', 'crashed'].includes(status)) throw new Error(`It ended: ${status}`);
		return status === 'form-waiting' || status === 'success';
	});
	const lastPage = await read(await fetch(formWaitingUrl));
	await read(await fetch(formWaitingUrl, { method: 'POST' }));
	return downloadsOf(lastPage);
}

/** The name of the field that a label belongs to. */
function fieldOf(page: string, label: string): string {
	const labels = page.matchAll(/<label[^>]*\sfor='([^']+)'[^>]*>([^<]*)/g);
	const fields = new Map([...labels].map(([, field, text = '']) => [text.trim(), field]));
	const field = fields.get(label);
	if (!field) throw new Error(`The form has no ${label}, but ${[...fields.keys()].join(', ')}`);
	return field;
}

function statusOf(formWaitingUrl: string): URL {
	const url = new URL(formWaitingUrl);
	url.pathname += '/n8n-execution-status';
	return url;
}

interface PageDownload {
	data: string | { type: 'Buffer'; data: number[] };
	type: string;
	fileName: string;
}

function downloadsOf(page: string): Download[] {
	const [, encoded] = /JSON\.parse\(decodeURIComponent\("([^"]+)"\)\)/.exec(page) ?? [];
	if (!encoded) throw new Error(`The last page downloads nothing:\n${page.slice(-2000)}`);
	// n8n 1 has one download there, n8n 2 a list.
	const found = jsonParse<PageDownload | PageDownload[]>(decodeURIComponent(encoded));
	return [found].flat().map(({ data, type, fileName }) => ({
		fileName,
		type,
		bytes: typeof data === 'string' ? Buffer.from(data, 'latin1') : Buffer.from(data.data),
	}));
}

async function read(response: Response): Promise<string> {
	const text = (await response.text()).trim();
	if (response.ok) return text;
	throw new Error(`${response.url}: ${response.status} ${text.slice(0, 1000)}`);
}
