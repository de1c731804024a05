import { jsonParse } from 'n8n-workflow';
import sharp from 'sharp';

import { assert } from '../../node';
import type { E2e, Part } from '../part';
import type { Rig } from '../rig';
import { startChatModel, type ChatModel } from '../servers/chatModel';
import {
	answerTo,
	drawnHashes,
	hashesAt,
	hashOf,
	openChat,
	reset,
	script,
	toldBy,
	type Chat,
	type Told,
} from './agentChat';
import { EDIT_DESCRIPTION } from './agentWorkflow';

const REMEDY = 'Change the prompt';
/** The most characters the model is told of an image, without its link. It pays for each. */
const MAX_TOLD = 600;

/** n8n's AI Agent uses the package as a tool; its model is scripted. */
export const agent: Part = {
	name: 'agent',
	async run(e2e) {
		const scene = await setScene(e2e);
		const newest = await openChat(e2e, scene, 'agent', {
			...{ agent: 3.1, model: 1.3, responseMode: 'lastNode' },
		});
		await generates(e2e, newest, '/v1/responses');
		await makesTwo(e2e, newest);
		await isRefused(e2e, newest);
		await edits(e2e, newest);
		await isToolOfAgent2(e2e, scene);
	},
};

/** The AI Agent of n8n 1. */
export const agent2: Part = {
	name: 'agent',
	run: async (e2e) => await isToolOfAgent2(e2e, await setScene(e2e)),
};

async function setScene(e2e: E2e) {
	const model = await startChatModel();
	e2e.defer(model.stop);
	return { rig: await e2e.rig(), model };
}

async function isToolOfAgent2(e2e: E2e, scene: Pick<Chat, 'model' | 'rig'>): Promise<void> {
	const chat = await openChat(e2e, scene, 'agent-2', {
		...{ agent: 2.2, model: 1.2, responseMode: 'streaming' },
	});
	await generates(e2e, chat, '/v1/chat/completions');
	await isRefused(e2e, chat);
	await edits(e2e, chat);
}

async function generates(e2e: E2e, { title, rig, model, send }: Chat, path: string): Promise<void> {
	const { simulator } = rig;
	reset(rig, model);
	script(model, 'Draw', { tool: 'Generate_Image', prompt: 'A red lighthouse', images: 1 });
	const told = await e2e.check(
		`${title}: a chat message makes an image and is answered with it`,
		async () => {
			const answer = await send('Draw a red lighthouse');
			const [only, ...others] = toldBy(model);
			assert.ok(only);
			assert.deepEqual(others, []);
			assert.equal(answer, answerTo([only]));
			assert.deepEqual(
				simulator.images.map(({ prompt }) => prompt),
				['A red lighthouse'],
			);
			return only;
		},
	);
	await e2e.check(
		`${title}: the model is offered both tools, what they do and the fields left to it`,
		() => {
			const [first] = model.requests();
			assert.deepEqual(new Set(model.requests().map((request) => request.path)), new Set([path]));
			const offered = (first?.body.tools ?? []).map(
				({ function: { name, description, parameters } }) => {
					const { properties } = jsonParse<Schema>(JSON.stringify(parameters));
					return { name, description, fields: Object.keys(properties) };
				},
			);
			// n8n's order is its own.
			offered.sort((one, other) => one.name.localeCompare(other.name));
			assert.deepEqual(offered, [
				{ name: 'Edit_Image', description: EDIT_DESCRIPTION, fields: ['Prompt'] },
				{
					name: 'Generate_Image',
					description: 'Generate image from text in GPT Image',
					fields: ['Prompt', 'Number_of_Images'],
				},
			]);
		},
	);
	if (!told) return;
	await e2e.check(
		`${title}: the model is told in few words what was made, where it is, the cost, what next`,
		() => isShort(told, rig, model),
	);
	await e2e.check(`${title}: the link gives the drawn bytes`, async () => {
		assert.deepEqual(await hashesAt([told]), drawnHashes(rig));
	});
	const characters = JSON.stringify({ ...told, url: '' }).length;
	e2e.note(
		`${title} is told ${characters} characters of an image, and a link of ${told.url.length}`,
	);
}

interface Schema {
	properties: Record<string, unknown>;
}

function isShort(told: Told, { simulator }: Rig, model: ChatModel): void {
	const { url, urlExpiresAt, ...rest } = told;
	assert.match(rest.result, /^Image 1 was generated with gpt-image-2: PNG, 1024x1024 pixels\.$/);
	assert.equal(rest.storedIn, 'binary field data of node Generate Image');
	assert.match(rest.fileName, /-[0-9a-z]{8}\.png$/);
	assert.ok(rest.costInUsd > 0);
	assert.match(rest.next, /Give the user the url/);
	assert.ok(JSON.stringify(rest).length + urlExpiresAt.length < MAX_TOLD);
	assert.ok(Math.abs(Date.parse(urlExpiresAt) - Date.now() - 3_600_000) < 300_000, urlExpiresAt);
	const sent = JSON.stringify(model.requests().map(({ body }) => body));
	const base64 = simulator.images[0]?.bytes?.toString('base64') ?? '';
	assert.ok(base64.length > 1000);
	assert.ok(!sent.includes(base64.slice(500, 560)), 'the image itself went to the model');
	assert.ok(new URL(url).pathname.endsWith('/binary-data/signed'));
}

async function makesTwo(e2e: E2e, { title, rig, model, send }: Chat): Promise<void> {
	reset(rig, model);
	script(model, 'two', { tool: 'Generate_Image', prompt: 'A pair of boats', images: 2 });
	await e2e.check(`${title}: two images are told one by one, each with its own link`, async () => {
		const answer = await send('Draw two boats');
		const told = toldBy(model);
		assert.equal(answer, answerTo(told));
		assert.deepEqual(
			told.map(({ result }) => result.slice(0, 'Image 1'.length)),
			['Image 1', 'Image 2'],
		);
		const hashes = await hashesAt(told);
		assert.equal(new Set(hashes).size, 2);
		assert.deepEqual(hashes, drawnHashes(rig));
	});
}

async function isRefused(e2e: E2e, { title, rig, model, send }: Chat): Promise<void> {
	reset(rig, model);
	rig.simulator.misbehave({ code: 'moderation_blocked' });
	model.script({
		told: 'fight',
		calls: { tool: 'Generate_Image', arguments: { Prompt: 'A fight', Number_of_Images: 1 } },
		answers: (toolResult) => `It did not work: ${toolResult}`,
	});
	await e2e.check(`${title}: a refusal reaches the model with cause and remedy`, async () => {
		const answer = await send('Draw a fight');
		const [said = ''] = model.toolResults();
		for (const part of ['The safety system refused the prompt or an image (violence)', REMEDY]) {
			assert.ok(said.includes(part), `the model was told: ${said || 'nothing'}`);
		}
		assert.equal(said.split(REMEDY).length, 2, 'the remedy is said once');
		assert.ok(!said.includes('[item'), said);
		assert.ok(answer.startsWith('It did not work: '), answer);
		assert.ok(answer.includes(REMEDY), answer);
		assert.equal(rig.simulator.stats().imageRequests, 1);
		assert.equal(rig.simulator.images.length, 0);
	});
}

async function edits(e2e: E2e, { title, rig, model, send }: Chat): Promise<void> {
	reset(rig, model);
	script(model, 'snow', { tool: 'Edit_Image', prompt: 'Let it snow' });
	await e2e.check(`${title}: a photo uploaded in the chat is edited`, async () => {
		const create = { width: 256, height: 192, channels: 3, background: 'teal' } as const;
		const photo = await sharp({ create }).png().toBuffer();
		const file = new File([photo], 'harbour.png', { type: 'image/png' });
		const answer = await send('Let it snow on this', file);
		const told = toldBy(model);
		assert.equal(answer, answerTo(told));
		assert.match(told[0]?.result ?? '', /^Image 1 was edited with gpt-image-2: PNG/);
		assert.equal(told[0]?.storedIn, 'binary field data of node Edit Image');
		const [request] = rig.simulator.requests;
		assert.equal(request?.path, '/v1/images/edits');
		assert.deepEqual(
			request.files.map(({ filename, sha256 }) => ({ filename, sha256 })),
			[{ filename: 'harbour.png', sha256: hashOf(photo) }],
		);
		assert.deepEqual(await hashesAt(told), drawnHashes(rig));
	});
}
