import { assert } from '../../node';
import type { CreatedWorkflow } from '../workflows';
import type { Scene } from './examplesScene';

/** Submits the fields of a page in their order, which n8n names by their number. @returns the answer */
export async function submit(url: string, fields: Array<string | File[]>): Promise<string> {
	const body = new FormData();
	fields.forEach((field, index) => {
		for (const entry of [field].flat()) body.append(`field-${index}`, entry);
	});
	return await read(await fetch(url, { method: 'POST', body }));
}

/** The text of an answer. @throws when it is none of status 200 */
export async function read(response: Response): Promise<string> {
	const text = await response.text();
	assert.equal(response.status, 200, text.slice(0, 1000));
	return text;
}

/** The production URL of the form that a workflow begins with. */
export function addressOf({ rig }: Scene, { nodes }: CreatedWorkflow): string {
	const form = nodes.find(({ type }) => type === 'n8n-nodes-base.formTrigger');
	return `${rig.n8n.url}/form/${form?.webhookId}`;
}
