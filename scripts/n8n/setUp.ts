import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { CREDENTIAL_TYPE, readExamples } from '../../test/e2e/exampleFiles';
import type { Rest } from '../../test/e2e/rest';
import type { CredentialReference } from '../../test/e2e/workflows';

/** The name that the examples call their credential by. */
const NAME = 'OpenAI Images account';

/** The credential, made or changed to hold this. */
export async function setCredential(
	rest: Rest,
	data: ICredentialDataDecryptedObject,
): Promise<CredentialReference> {
	const all = await rest.send<CredentialReference[]>('GET', '/rest/credentials');
	const found = all.find(({ name }) => name === NAME);
	if (!found) return await rest.createCredential(NAME, CREDENTIAL_TYPE, data);
	const { id, name } = found;
	await rest.send('PATCH', `/rest/credentials/${id}`, { name, type: CREDENTIAL_TYPE, data });
	return { id, name };
}

/**
 * Imports the examples that are not there yet; one that was imported before stays as it is.
 * @returns how many were imported
 */
export async function importExamples(
	rest: Rest,
	credential: CredentialReference,
	filesFolder: string,
): Promise<number> {
	const present = await rest.send<Array<{ name: string }>>('GET', '/rest/workflows');
	const names = new Set(present.map(({ name }) => name));
	const examples = await readExamples(credential, filesFolder);
	const missing = examples.filter(({ name }) => !names.has(name));
	for (const example of missing) await rest.createWorkflow(example);
	return missing.length;
}
