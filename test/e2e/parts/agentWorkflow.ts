import type { INode, INodeParameters } from 'n8n-workflow';

import type { Rig } from '../rig';
import type { ChatModel } from '../servers/chatModel';
import {
	GPT_IMAGE,
	gptImage,
	node,
	type CredentialReference,
	type WorkflowJson,
} from '../workflows';

const LANGCHAIN = '@n8n/n8n-nodes-langchain';

/** What the user tells the model of the tool Edit Image; of the other n8n tells it by itself. */
export const EDIT_DESCRIPTION = 'Edits the image that the user uploaded';

/** Which nodes of n8n the workflow has. */
export interface AgentVersions {
	/** typeVersion of AI Agent. */
	agent: number;
	/** typeVersion of OpenAI Chat Model: from 1.3 on it calls the Responses API, before Chat Completions. */
	model: number;
	/** Of Chat Trigger: the answer as a whole, or piece by piece. */
	responseMode: 'lastNode' | 'streaming';
}

/** What the editor writes for a field that is left to the model. */
const leftToModel = (key: string, description: string, type: string) =>
	`={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${key}', \`${description}\`, '${type}') }}`;

const PROMPT = leftToModel('Prompt', 'What the image shows', 'string');

const toolOf = ({ credential }: Rig, name: string, parameters: INodeParameters) =>
	gptImage(name, credential, parameters, { type: `${GPT_IMAGE}Tool` });

/** Two tools of the package that keep what they make at OpenAI: one makes images, one edits what was made. */
export function toolsThatKeep(rig: Rig): INode[] {
	// A credential that leads to OpenAI itself needs no word for it.
	const outputOptions = { temporaryLink: 60, keepAtOpenAi: 24 };
	return [
		toolOf(rig, 'Generate Image', { operation: 'generate', prompt: PROMPT, outputOptions }),
		toolOf(rig, 'Edit Image', { operation: 'edit', prompt: PROMPT, outputOptions }),
	];
}

/** Two tools of the package: one makes images, one edits what was uploaded in the chat. */
function tools(rig: Rig): INode[] {
	const tool = (name: string, parameters: INodeParameters) => toolOf(rig, name, parameters);
	const outputOptions = { temporaryLink: 60 };
	return [
		tool('Generate Image', {
			operation: 'generate',
			prompt: PROMPT,
			imageOptions: { n: leftToModel('Number_of_Images', '', 'number') },
			outputOptions,
		}),
		tool('Edit Image', {
			descriptionType: 'manual',
			toolDescription: EDIT_DESCRIPTION,
			operation: 'edit',
			prompt: PROMPT,
			images: {
				image: [
					{
						source: 'binary',
						binaryPropertyName: "={{ $('When chat message received').item.binary.data0 }}",
					},
				],
			},
			outputOptions,
		}),
	];
}

/**
 * A public chat, under its path, with an AI agent.
 *
 * @param all the tools it has
 */
export async function agentWorkflow(
	rig: Rig,
	chatModel: ChatModel,
	path: string,
	{ agent, model, responseMode }: AgentVersions,
	all = tools(rig),
): Promise<WorkflowJson> {
	const { url, apiKey } = chatModel;
	const openAi = await rig.rest.createCredential('Chat model', 'openAiApi', { url, apiKey });
	const chat = node('When chat message received', `${LANGCHAIN}.chatTrigger`, {
		typeVersion: 1.4,
		webhookId: path,
		parameters: { public: true, options: { allowFileUploads: true, responseMode } },
	});
	const agentNode = node('AI Agent', `${LANGCHAIN}.agent`, {
		typeVersion: agent,
		parameters: { options: {} },
	});
	const into = (type: 'main' | 'ai_languageModel' | 'ai_tool') => ({
		[type]: [[{ node: agentNode.name, type, index: 0 }]],
	});
	return {
		name: `Agent ${path}`,
		nodes: [chat, agentNode, modelNode(model, openAi), ...all],
		connections: {
			[chat.name]: into('main'),
			'OpenAI Chat Model': into('ai_languageModel'),
			...Object.fromEntries(all.map(({ name }) => [name, into('ai_tool')])),
		},
		settings: { executionOrder: 'v1' },
	};
}

function modelNode(typeVersion: number, openAiApi: CredentialReference): INode {
	return node('OpenAI Chat Model', `${LANGCHAIN}.lmChatOpenAi`, {
		typeVersion,
		parameters: { model: { __rl: true, mode: 'id', value: 'gpt-5-mini' }, options: {} },
		credentials: { openAiApi },
	});
}
