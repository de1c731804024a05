import { jsonParse, type INode, type IPinData } from 'n8n-workflow';

import { fs, path, repositoryRoot } from '../../node';
import type { CreatedWorkflow, CredentialReference, WorkflowJson } from '../workflows';

const FOLDER = path.join(repositoryRoot, 'examples');

/** Where the examples write files, as in n8n's container. */
const FILES = '/home/node/.n8n-files';

/** A workflow of `examples/`, with what is pinned. */
export interface ExampleJson extends WorkflowJson {
	pinData?: IPinData | null;
}

/** One that n8n has stored. */
export type Imported = ExampleJson & CreatedWorkflow;

/** What somebody chooses after importing an example. */
export interface Choices {
	/** By type. */
	credentials: Record<string, CredentialReference>;
	/** A folder that exists and that n8n may write to. */
	files: string;
}

/** The names of all examples: of the files, without extension. */
export async function exampleNames(): Promise<string[]> {
	const files = await fs.promises.readdir(FOLDER);
	const workflows = files.filter((name) => name.endsWith('.json')).toSorted();
	return workflows.map((name) => path.basename(name, '.json'));
}

/**
 * Reads an example with these choices made, and nothing else changed.
 * @throws when it needs a credential of a type for which none is chosen
 */
export async function readExample(name: string, choices: Choices): Promise<ExampleJson> {
	const text = await fs.promises.readFile(path.join(FOLDER, `${name}.json`), 'utf8');
	const example = jsonParse<ExampleJson>(text.replaceAll(FILES, choices.files));
	return { ...example, nodes: example.nodes.map((node) => chosen(node, choices)) };
}

function chosen({ credentials, ...node }: INode, choices: Choices): INode {
	if (!credentials) return node;
	const entries = Object.keys(credentials).map((type) => {
		const credential = choices.credentials[type];
		if (!credential) throw new Error(`No credential of type ${type} for ${node.name}`);
		return [type, credential] as const;
	});
	return { ...node, credentials: Object.fromEntries(entries) };
}
