import {
	NodeConnectionTypes,
	nodeNameToToolName,
	type EngineResponse,
	type IDataObject,
	type IExecuteFunctions,
	type INodeType,
} from 'n8n-workflow';
import { nodeType, parameters } from './nodeType';
import { isRecord } from './values';

/** What the model of an agent decides. */
export interface Decision {
	/** Name of the tool's node, and what the model gives it; none when it only talks. */
	tool?: string;
	input?: IDataObject;
	/** What it says in the end. */
	output: string;
}

/**
 * The AI Agent with a model that decides as it is told: the call of the tool goes through n8n's
 * engine, and its answer is kept as the real agent keeps it: createEngineRequests.js, buildSteps.js.
 *
 * @param heard receives the prompt
 */
export function agentThat(
	{ tool, input = {}, output }: Decision,
	heard: (prompt: unknown) => void = () => {},
): INodeType {
	async function execute(this: IExecuteFunctions, response?: EngineResponse) {
		const options = this.getNodeParameter('options', 0);
		const answers = response?.actionResponses ?? [];
		if (answers.length === 0 && tool !== undefined) {
			heard(this.getNodeParameter('text', 0));
			const type = NodeConnectionTypes.AiTool;
			const metadata = { itemIndex: 0 };
			const action = { nodeName: tool, input, type, id: 'call_1', metadata };
			return { actions: [{ actionType: 'ExecutionNodeAction' as const, ...action }], metadata };
		}
		const intermediateSteps = answers.map(({ action, data }) => ({
			action: {
				tool: nodeNameToToolName(action.nodeName),
				toolInput: action.input,
				toolCallId: action.id,
				type: 'tool_call',
			},
			observation: JSON.stringify(data.data?.ai_tool?.[0]?.map(({ json }) => json)),
		}));
		const keep = isRecord(options) && options.returnIntermediateSteps === true;
		const json = { output, ...(keep && { intermediateSteps }) };
		return [[{ json, pairedItem: { item: 0 } }]];
	}
	return nodeType('agent', {
		version: 3.1,
		properties: parameters({ promptType: 'auto', text: '', options: {} }),
		execute,
	});
}
