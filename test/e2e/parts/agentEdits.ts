import { jsonParse } from 'n8n-workflow';

import { assert } from '../../node';
import { isRecord } from '../../../nodes/GptImage/values';
import type { E2e, Part } from '../part';
import { startRig, type Rig } from '../rig';
import { startChatModel, type ChatModel } from '../servers/chatModel';
import { drawnHashes, hashesAt, openChat, reset, type Chat, type Told } from './agentChat';
import { toolsThatKeep, type AgentVersions } from './agentWorkflow';

const NEWEST: AgentVersions = { agent: 3.1, model: 1.3, responseMode: 'lastNode' };
const OLDER: AgentVersions = { agent: 2.2, model: 1.2, responseMode: 'streaming' };

/**
 * n8n's AI Agent draws an image, edits it, and edits the result, with an n8n that nobody can reach from outside:
 * all it passes on is the id of a file at OpenAI.
 */
export const agentEdits: Part = {
	name: 'agent-edits',
	async run(e2e) {
		const model = await startChatModel();
		e2e.defer(model.stop);
		const files = await e2e.rig();
		await editsAgain(e2e, await chatOf(e2e, files, model, 'edits', NEWEST), 'files');
		await editsAgain(e2e, await chatOf(e2e, files, model, 'edits-2', OLDER), 'files');
		const database = await startRig({
			host: await e2e.host(),
			tarball: await e2e.tarball(),
			env: { N8N_DEFAULT_BINARY_DATA_MODE: 'database' },
		});
		e2e.defer(database.stop);
		await editsAgain(e2e, await chatOf(e2e, database, model, 'edits', NEWEST), 'a database');
	},
};

/** The same with the AI Agent of n8n 1. */
export const agentEdits2: Part = {
	name: 'agent-edits',
	async run(e2e) {
		const model = await startChatModel();
		e2e.defer(model.stop);
		const chat = await chatOf(e2e, await e2e.rig(), model, 'edits-2', OLDER);
		await editsAgain(e2e, chat, 'files');
	},
};

const chatOf = async (
	e2e: E2e,
	rig: Rig,
	model: ChatModel,
	path: string,
	versions: AgentVersions,
) => await openChat(e2e, { rig, model }, path, versions, toolsThatKeep(rig));

async function editsAgain(
	e2e: E2e,
	{ title, rig, model, send }: Chat,
	store: string,
): Promise<void> {
	const { simulator } = rig;
	reset(rig, model);
	const changes = ['Give the fox a hat', 'Make the hat blue'];
	const edit = (Prompt: string) => (results: string[]) => ({
		tool: 'Edit_Image',
		arguments: { Prompt, File_ID: toldIn(results.at(-1)).fileId ?? 'none' },
	});
	model.play('fox', [
		() => ({ tool: 'Generate_Image', arguments: { Prompt: 'A red fox' } }),
		...changes.map(edit),
		(results) => results.map((result) => toldIn(result).url).join(' '),
	]);
	await e2e.check(
		`${title}, binary data in ${store}: draws, edits, and edits again by File ID`,
		async () => {
			const answer = await send('Draw a fox with a blue hat');
			const told = model.toolResults().map(toldIn);
			assert.equal(answer, told.map(({ url }) => url).join(' '));
			assert.deepEqual(
				told.map(({ result }) => result.split(' with ', 1).join('')),
				['Image 1 was generated', 'Image 1 was edited', 'Image 1 was edited'],
			);
			const ids = told.map(({ fileId = '' }) => fileId);
			assert.equal(new Set(ids).size, 3);
			for (const { fileId, next } of told) assert.ok(next.includes(`File ID, ${fileId}.`), next);
			const edits = simulator.requests.filter(({ path }) => path === '/v1/images/edits');
			assert.deepEqual(
				edits.map(({ json }) => isRecord(json) && [json.prompt, json.images]),
				changes.map((change, index) => [change, [{ file_id: ids[index] }]]),
			);
			assert.deepEqual(await hashesAt(told), drawnHashes(rig));
			for (const [index, id] of ids.entries()) {
				assert.deepEqual(await simulator.files.read(id), simulator.images[index]?.bytes);
			}
		},
	);
	await e2e.check(`${title}, binary data in ${store}: the model is told what File ID is`, () => {
		const tools = model.requests()[0]?.body.tools ?? [];
		const schema = tools.find(({ function: { name } }) => name === 'Edit_Image')?.function
			.parameters;
		const { properties } = jsonParse<{ properties: Record<string, { description?: string }> }>(
			JSON.stringify(schema),
		);
		assert.deepEqual(Object.keys(properties).sort(), ['File_ID', 'Prompt']);
		assert.match(properties.File_ID?.description ?? '', /^The fileId of the image to change/);
	});
}

/** What a tool said of its one image. */
function toldIn(result = '[]'): Told {
	const [only, ...others] = jsonParse<Told[]>(result);
	assert.ok(only, result);
	assert.deepEqual(others, []);
	return only;
}
