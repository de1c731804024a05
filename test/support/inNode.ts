import {
	NodeConnectionTypes,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import type { ApiSession } from '../../nodes/GptImage/openai/callApi';
import { readConnection } from '../../nodes/GptImage/openai/connection';
import { Stop } from '../../nodes/GptImage/openai/retry/stop';
import { runNode, type NodeRun } from '../harness';

/** Does some work where a node would do it: with n8n's own HTTP, credentials and binary store. */
export async function inNode<Result>(
	credentials: ICredentialDataDecryptedObject,
	work: (session: ApiSession, context: IExecuteFunctions) => Promise<Result>,
	{ stop = new Stop(), ...run }: NodeRun & { stop?: Stop } = {},
): Promise<Result> {
	let isDone = false;
	return await new Promise<Result>((resolve, reject) => {
		class Worker implements INodeType {
			description: INodeTypeDescription = {
				displayName: 'Worker',
				name: 'worker',
				group: ['transform'],
				version: 1,
				description: 'Does some work',
				defaults: { name: 'Worker' },
				inputs: [NodeConnectionTypes.Main],
				outputs: [NodeConnectionTypes.Main],
				usableAsTool: true,
				credentials: [{ name: 'openAiImagesApi', required: true }],
				properties: [],
			};

			async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
				const connection = await readConnection(this);
				resolve(await work({ context: this, connection, stop }, this));
				isDone = true;
				return [[]];
			}
		}
		runNode({ ...run, credentials, nodeType: new Worker() }).then(
			() => isDone || reject(new Error('The work was not done')),
			reject,
		);
	});
}
