import { jsonParse, type INode } from 'n8n-workflow';

import { fs, path, repositoryRoot } from '../node';
import type { CredentialReference, WorkflowJson } from './workflows';

/** The type of the package's credential. */
export const CREDENTIAL_TYPE = 'openAiImagesApi';

/** Where the examples write files, as in n8n's container. */
const FILES = '/home/node/.n8n-files';

/**
 * The workflows of `examples/` as somebody would set them up: with a credential chosen, and writing
 * to a folder of theirs. Credentials of other nodes are left to be chosen.
 */
export async function readExamples(
	credential: CredentialReference,
	filesFolder: string,
): Promise<WorkflowJson[]> {
	const folder = path.join(repositoryRoot, 'examples');
	const files = (await fs.promises.readdir(folder)).filter((name) => name.endsWith('.json'));
	return await Promise.all(
		files.toSorted().map(async (name) => {
			const text = await fs.promises.readFile(path.join(folder, name), 'utf8');
			const workflow = jsonParse<WorkflowJson>(text.replaceAll(FILES, filesFolder));
			return { ...workflow, nodes: workflow.nodes.map((node) => chosen(node, credential)) };
		}),
	);
}

function chosen(node: INode, credential: CredentialReference): INode {
	const isOurs = node.credentials !== undefined && CREDENTIAL_TYPE in node.credentials;
	return { ...node, credentials: isOurs ? { [CREDENTIAL_TYPE]: credential } : undefined };
}
