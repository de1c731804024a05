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
	/**
	 * Has it take several steps when the user's message has this word in it: each is told the results of the tools
	 * so far, and is a call, or the answer.
	 */
	play(told: string, steps: Array<(results: string[]) => ScriptedCall | string>): void;
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
			mock.on({ predicate: isTold(told), hasToolResult: false }, { toolCalls: [toCall(calls)] });
			mock.on({ predicate: isTold(told), hasToolResult: true }, ({ messages }) => ({
				content: answers(resultsIn(messages).join('\n')),
			}));
		},
		play: (told, steps) => {
			for (const [index, step] of steps.entries()) {
				const isNow = (request: ChatCompletionRequest) =>
					isTold(told)(request) && resultsIn(request.messages).length === index;
				mock.on({ predicate: isNow }, ({ messages }) => {
					const next = step(resultsIn(messages));
					return typeof next === 'string' ? { content: next } : { toolCalls: [toCall(next)] };
				});
			}
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

const isTold =
	(word: string) =>
	({ messages }: ChatCompletionRequest): boolean =>
		messages.some(({ role, content }) => role === 'user' && textOf(content).includes(word));

const toCall = ({ tool, arguments: given }: ScriptedCall) => ({
	name: tool,
	arguments: JSON.stringify(given),
});

function resultsIn(messages: ChatMessage[]): string[] {
	return messages.flatMap(({ role, content }) => (role === 'tool' ? [textOf(content)] : []));
}

function textOf(content: ChatMessage['content']): string {
	if (typeof content === 'string') return content;
	return (content ?? []).map(({ text }) => text ?? '').join('');
}
