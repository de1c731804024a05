import { NodeConnectionTypes, type INodeProperties, type INodeType } from 'n8n-workflow';

/**
 * The second type n8n makes of a node that is usable as a tool, for AI agents (n8n 2.41.1,
 * tool-generation/ai-tools.js).
 */
export function asTool(nodeType: INodeType): INodeType {
	const { usableAsTool, ...description } = nodeType.description;
	if (!usableAsTool) throw new Error(`${description.name} is not usable as a tool`);
	return Object.assign(Object.create(nodeType), {
		description: {
			...description,
			name: `${description.name}Tool`,
			displayName: `${description.displayName} Tool`,
			inputs: [],
			outputs: [NodeConnectionTypes.AiTool],
			properties: [...toolProperties(description.description), ...description.properties],
		},
	});
}

const toolProperties = (standard: string): INodeProperties[] => [
	{
		displayName: 'Tool Description',
		name: 'descriptionType',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Set Automatically', value: 'auto' },
			{ name: 'Set Manually', value: 'manual' },
		],
		default: 'auto',
	},
	{
		displayName: 'Description',
		name: 'toolDescription',
		type: 'string',
		default: standard,
		required: true,
		displayOptions: { show: { descriptionType: ['manual'] } },
	},
];
