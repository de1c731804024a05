import type { INode, INodeParameters } from 'n8n-workflow';

import type { E2e } from '../part';
import type { Rig } from '../rig';
import { GPT_IMAGE, node, workflow, type NodeOptions } from '../workflows';
import type { Editor } from './editor';

/** What the checks of the editor have at hand. */
export interface Scene {
	e2e: E2e;
	rig: Rig;
	editor: Editor;
}

/** A node as the editor adds it, with defaults where nothing is given. */
export function freshNode(
	{ rig }: Scene,
	name: string,
	parameters: INodeParameters = {},
	options: NodeOptions = {},
) {
	const credentials = { openAiImagesApi: rig.credential };
	return node(name, GPT_IMAGE, { parameters, credentials, ...options });
}

/** A trigger to start a workflow with by hand. */
export const start = node('Start', 'manualTrigger');

/** Stores a workflow and shows it, each chain in a row of its own. */
export async function openWorkflow({ rig, editor }: Scene, name: string, ...chains: INode[][]) {
	const { nodes, ...others } = workflow(name, ...chains);
	const places = new Map<string, [number, number]>();
	chains.forEach((chain, row) =>
		chain.forEach((each, column) => {
			if (!places.has(each.name)) places.set(each.name, [column * 220, row * 180]);
		}),
	);
	const placed = nodes.map((each) => ({
		...each,
		position: places.get(each.name) ?? each.position,
	}));
	// Without pinned data of its own n8n 2.41 cannot run a step after another one.
	const created = await rig.rest.createWorkflow({ ...others, nodes: placed, ...{ pinData: {} } });
	await editor.open(created);
	return created;
}
