import { NodeConnectionTypes, type INodeExecutionData } from 'n8n-workflow';
import { nodeType, type Execute } from './nodeType';

/** Parts the items by n8n's own filter: IfV2.node.js. */
const execute: Execute = async function () {
	const outputs: [INodeExecutionData[], INodeExecutionData[]] = [[], []];
	for (const [itemIndex, item] of this.getInputData().entries()) {
		const options = { extractValue: true };
		const isTrue = this.getNodeParameter('conditions', itemIndex, false, options) === true;
		outputs[isTrue ? 0 : 1].push({ pairedItem: { item: itemIndex }, ...item });
	}
	return outputs;
};

export const condition = nodeType('if', {
	version: 2.3,
	outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
	properties: [
		{
			displayName: 'Conditions',
			name: 'conditions',
			type: 'filter',
			default: {},
			typeOptions: { filter: { caseSensitive: true, typeValidation: 'strict', version: 3 } },
		},
	],
	execute,
});
