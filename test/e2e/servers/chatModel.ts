import {
	isChatCompletionBody,
	LLMock,
	type ChatCompletionRequest,
	type ChatMessage,
} from '@copilotkit/aimock';

/** A tool call that the model makes, with its arguments. */
export interface ScriptedCall {
	tool: string;
	arguments: Record<string, string | number>;
}

/** What the model does when it is told something. */
export interface Script {
	/** Part of the user's message that starts it. */
	told: string;
	calls: ScriptedCall;
	/** Its answer to the user, once it has the tool's result. */
	answers(toolResult: string): string;
}

/** A request to the model, whichever address it came by. */
export interface ModelRequest {
	path: string;
	body: ChatCompletionRequest;
}

/** A scripted OpenAI chat model: Chat Completions and Responses, streamed or not. */
export interface ChatModel {
	/** For the Base URL of n8n's credential. */
	url: string;
	apiKey: string;
	script(script: Script): void;
	/** Requests since the last `reset`, in order of arrival. */
	requests(): ModelRequest[];
	/** What the tools answered in the last request, in order. */
	toolResults(): string[];
	reset(): void;
	stop(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. What no script says is refused. */
export async function startChatModel(): Promise<ChatModel> {
	const apiKey = 'sk-chat-model';
	const mock = new LLMock({
		host: '127.0.0.1',
		port: 0,
		strict: true,
		auth: { apiKeys: [apiKey] },
	});
	await mock.start();
	const requests = () =>
		mock
			.getRequests()
			.flatMap(({ path, body }) => (isChatCompletionBody(body) ? [{ path, body }] : []));
	return {
		url: `${mock.url}/v1`,
		apiKey,
		script: ({ told, calls, answers }) => {
			const call = { name: calls.tool, arguments: JSON.stringify(calls.arguments) };
			const isTold = ({ messages }: ChatCompletionRequest) =>
				messages.some(({ role, content }) => role === 'user' && textOf(content).includes(told));
			mock.on({ predicate: isTold, hasToolResult: false }, { toolCalls: [call] });
			mock.on({ predicate: isTold, hasToolResult: true }, ({ messages }) => ({
				content: answers(resultsIn(messages).join('\n')),
			}));
		},
		requests,
		toolResults: () => resultsIn(requests().at(-1)?.body.messages ?? []),
		reset: () => {
			mock.clearFixtures();
			mock.clearRequests();
		},
		stop: async () => await mock.stop(),
	};
}

function resultsIn(messages: ChatMessage[]): string[] {
	return messages.flatMap(({ role, content }) => (role === 'tool' ? [textOf(content)] : []));
}

function textOf(content: ChatMessage['content']): string {
	if (typeof content === 'string') return content;
	return (content ?? []).map(({ text }) => text ?? '').join('');
}
