import type { INodeParameters } from 'n8n-workflow';
import type { WorkflowFile } from '../harness';
import { packageName } from '../harness/package';
import { asSaved } from './parameters';

/** A workflow of a manual trigger and the node, named GPT Image, with an error output. */
export const withErrorOutput = (parameters: INodeParameters): WorkflowFile => ({
	nodes: [
		{
			id: 'start',
			name: 'Start',
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		},
		{
			id: 'image',
			name: 'GPT Image',
			type: `${packageName}.gptImage`,
			typeVersion: 1,
			position: [200, 0],
			parameters: asSaved(parameters),
			credentials: { openAiImagesApi: { id: null, name: 'Account' } },
			onError: 'continueErrorOutput',
		},
	],
	connections: { Start: { main: [[{ node: 'GPT Image', type: 'main', index: 0 }]] } },
});
