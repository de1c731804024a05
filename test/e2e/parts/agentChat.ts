import { jsonParse, type INode } from 'n8n-workflow';

import { assert, crypto } from '../../node';
import type { E2e } from '../part';
import type { Rig } from '../rig';
import type { ChatModel } from '../servers/chatModel';
import { agentWorkflow, type AgentVersions } from './agentWorkflow';

/** What the node tells the model of an image. */
export interface Told {
	result: string;
	fileName: string;
	url: string;
	urlExpiresAt: string;
	/** With Keep at OpenAI. */
	fileId?: string;
	fileExpiresAt?: string;
	costInUsd: number;
	storedIn: string;
	next: string;
}

/** A chat with an agent, as a check uses it. */
export interface Chat {
	/** Which agent it is. */
	title: string;
	rig: Rig;
	model: ChatModel;
	/** Sends a message, with a file. @returns the agent's answer */
	send(message: string, file?: File): Promise<string>;
}

/** Publishes a workflow with a chat of its own. */
export async function openChat(
	e2e: E2e,
	{ rig, model }: Pick<Chat, 'rig' | 'model'>,
	path: string,
	versions: AgentVersions,
	tools?: INode[],
): Promise<Chat> {
	const { rest, n8n } = rig;
	const created = await rest.createWorkflow(await agentWorkflow(rig, model, path, versions, tools));
	await rest.activate(created);
	e2e.defer(async () => await rest.deactivate(created));
	const send = async (chatInput: string, file?: File) => {
		const body = new FormData();
		const fields = { action: 'sendMessage', sessionId: crypto.randomUUID(), chatInput };
		for (const [name, value] of Object.entries(fields)) body.append(name, value);
		if (file) body.append('files', file);
		const response = await fetch(`${n8n.url}/webhook/${path}/chat`, { method: 'POST', body });
		const text = await response.text();
		assert.equal(response.status, 200, text);
		if (versions.responseMode === 'lastNode') return jsonParse<{ output: string }>(text).output;
		return streamedText(text);
	};
	return { title: `AI Agent ${versions.agent}`, rig, model, send };
}

/** The text of a streamed answer: JSON objects, one on each line. */
function streamedText(lines: string): string {
	const pieces = lines
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => jsonParse<{ type: string; content?: string }>(line));
	return pieces.map(({ type, content }) => (type === 'item' ? (content ?? '') : '')).join('');
}

/** The model calls the tool for a message with this word, and hands on the links it gets. */
export function script(
	model: ChatModel,
	word: string,
	{ tool, prompt, images }: { tool: string; prompt: string; images?: number },
): void {
	const fields = { Prompt: prompt, ...(images !== undefined && { Number_of_Images: images }) };
	model.script({
		told: word,
		calls: { tool, arguments: fields },
		answers: (toolResult) => answerTo(jsonParse<Told[]>(toolResult)),
	});
}

/** What the model then answers. */
export const answerTo = (told: Told[]) =>
	`Here you are: ${told.map(({ fileName, url }) => `[${fileName}](${url})`).join(' ')}`;

/** What the model was told of images in its last request. */
export function toldBy(model: ChatModel): Told[] {
	const results = model.toolResults();
	assert.equal(results.length, 1);
	return jsonParse<Told[]>(results.join(''));
}

/** Checksums of what links lead to, fetched without a login. */
export async function hashesAt(told: Told[]): Promise<string[]> {
	return await Promise.all(
		told.map(async ({ url }) => {
			const response = await fetch(url);
			assert.equal(response.status, 200);
			return hashOf(Buffer.from(await response.arrayBuffer()));
		}),
	);
}

/** Checksums of what was drawn. */
export const drawnHashes = ({ simulator }: Rig) => simulator.images.map(({ sha256 }) => sha256);

export const hashOf = (bytes: Buffer) => crypto.createHash('sha256').update(bytes).digest('hex');

/** Forgets requests, images and scripts. */
export function reset({ simulator }: Rig, model: ChatModel): void {
	simulator.reset();
	model.reset();
}
