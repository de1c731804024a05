import {
	NodeConnectionTypes,
	type IConnections,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { runWorkflow } from '../../harness';
import { useSimulator } from '../../support/simulator';

const simulator = useSimulator();

/** Hands its input on item by item, like n8n's Loop Over Items. */
class Loop implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Loop',
		name: 'loop',
		group: ['transform'],
		version: 1,
		description: 'Hands its input on item by item',
		defaults: { name: 'Loop' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		usableAsTool: true,
		properties: [],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const memory = this.getContext('node');
		const left: INodeExecutionData[] = Array.isArray(memory.left)
			? memory.left
			: [...this.getInputData()];
		const next = left.shift();
		memory.left = left;
		return await Promise.resolve(next ? [[], [next]] : [[], []]);
	}
}

const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: INode['parameters'],
) => ({
	id: name,
	name,
	type,
	typeVersion,
	position: [0, 0] as [number, number],
	parameters,
});

const to = (name: string) => [{ node: name, type: 'main' as const, index: 0 }];

it('submits each round of a loop, which is none of the rounds before', async () => {
	const connections: IConnections = {
		Start: { main: [to('Loop')] },
		Loop: { main: [[], to('Submit')] },
		Submit: { main: [to('Loop')] },
	};
	const nodes = [
		node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
		node('Loop', 'test.loop', 1, {}),
		{
			...node('Submit', 'n8n-nodes-gpt-image.gptImage', 1, {
				delivery: 'batch',
				prompt: '={{ $json.prompt }}',
			}),
			credentials: { openAiImagesApi: { id: '1', name: 'Account' } },
		},
	];
	await runWorkflow(
		{ nodes, connections },
		{
			credentials: simulator.credentials(),
			nodeTypes: { 'test.loop': new Loop() },
			items: ['a fox', 'a hen', 'an owl'].map((prompt) => ({ json: { prompt } })),
		},
	);
	expect(simulator.api.stats().batchesCreated).toBe(3);
});
