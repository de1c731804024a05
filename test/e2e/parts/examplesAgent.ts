import { jsonParse } from 'n8n-workflow';
import sharp from 'sharp';

import { assert } from '../../node';
import { CHAT } from '../servers/telegram';
import { hashOf, type Told } from './agentChat';
import type { Imported } from './examplesImport';
import type { Scene } from './examplesScene';

/** Longest sides of the sizes in which Telegram keeps a photo. */
const SIDES = [90, 320, 800, 1280];
/** Large: the third of them. */
const DOWNLOADED = 2;

/** An agent in a Telegram chat. */
export async function agentInTelegram(scene: Scene): Promise<void> {
	const workflow = await scene.import('telegram-agent');
	await scene.published(workflow, async () => {
		await isRegistered(scene, workflow);
		await draws(scene, workflow);
		await edits(scene, workflow);
		await onlyTalks(scene, workflow);
	});
}

async function isRegistered({ e2e, rig, telegram }: Scene, workflow: Imported): Promise<void> {
	await e2e.check('telegram-agent: the trigger sets its webhook, with a secret', async () => {
		const [trigger] = workflow.nodes.filter(({ type }) => type.endsWith('.telegramTrigger'));
		assert.ok(telegram.webhook);
		const { url, secretToken, allowedUpdates } = telegram.webhook;
		assert.equal(url, `${rig.n8n.url}/webhook/${trigger?.webhookId}/webhook`);
		assert.ok(allowedUpdates.includes('message'));
		assert.ok(secretToken.length > 20);
		const body = JSON.stringify({ update_id: 0, message: { text: 'draw a fox' } });
		const headers = { 'content-type': 'application/json' };
		const response = await fetch(url, { method: 'POST', headers, body });
		assert.equal(response.status, 403);
	});
}

async function draws(scene: Scene, workflow: Imported): Promise<void> {
	const { e2e, rig, model, telegram } = scene;
	const prompt = 'A fox in the snow, watercolor.';
	script(scene, 'draw a fox', 'Generate_Image', { prompt, size: '1536x1024' });
	await e2e.check('telegram-agent: "draw a fox" is answered with the photo', async () => {
		const { status } = await scene.executionOf(workflow, async () => {
			await telegram.tell({ text: 'draw a fox' });
		});
		assert.equal(status, 'success');
		assert.deepEqual(
			rig.simulator.requests.map(({ path, json }) => [path, json]),
			[
				[
					'/v1/images/generations',
					{
						...{ model: 'gpt-image-2', prompt, size: '1536x1024' },
						...{ quality: 'medium', output_format: 'jpeg' },
					},
				],
			],
		);
		isAnswered(scene, /^I have made [a-z-]+-[0-9a-z]{8}\.jpg\.$/);
		assert.equal(model.requests().length, 2);
	});
}

async function edits(scene: Scene, workflow: Imported): Promise<void> {
	const { e2e, rig, model, telegram } = scene;
	reset(scene);
	const prompt = 'Make it winter and keep the rest.';
	script(scene, 'make it winter', 'Edit_Image', { prompt });
	await e2e.check('telegram-agent: a photo is edited, byte for byte what was sent', async () => {
		const sizes = await Promise.all(SIDES.map(photoOf));
		const photo = sizes.map(({ bytes, ...size }) => {
			const file_id = `photo-of-${size.width}`;
			telegram.files.set(file_id, bytes);
			return { file_id, file_unique_id: file_id, file_size: bytes.length, ...size };
		});
		const { status } = await scene.executionOf(workflow, async () => {
			await telegram.tell({ photo, caption: 'make it winter' });
		});
		assert.equal(status, 'success');
		const [request, ...others] = rig.simulator.requests;
		assert.deepEqual(others, []);
		assert.equal(request?.path, '/v1/images/edits');
		assert.equal(request.fields?.prompt, prompt);
		const sent = request.files.map(({ field, contentType, sha256 }) => [
			field,
			contentType,
			sha256,
		]);
		const bytes = sizes[DOWNLOADED]?.bytes ?? Buffer.alloc(0);
		assert.deepEqual(sent, [['image', 'image/jpeg', hashOf(bytes)]]);
		isAnswered(scene, /^I have made [a-z-]+-[0-9a-z]{8}\.jpg\.$/);
	});
	await e2e.check('telegram-agent: it remembers what was said before', () => {
		const said = JSON.stringify(model.requests()[0]?.body.messages);
		assert.ok(said.includes('draw a fox'), said);
	});
}

async function onlyTalks(scene: Scene, workflow: Imported): Promise<void> {
	const { e2e, rig, telegram } = scene;
	reset(scene);
	const told: string[] = [];
	scene.model.script({
		told: 'edit nothing',
		calls: { tool: 'Edit_Image', arguments: { prompt: 'Make it summer.' } },
		answers: (toolResults) => {
			told.push(newest(toolResults));
			return 'Send me <one photo> & say what to change.';
		},
	});
	await e2e.check('telegram-agent: without a photo it only talks', async () => {
		const { status } = await scene.executionOf(workflow, async () => {
			await telegram.tell({ text: 'edit nothing' });
		});
		assert.equal(status, 'success');
		assert.equal(rig.simulator.requests.length, 0);
		assert.equal(told.length, 1);
		assert.match(told.join(), /There is no image to edit\. Ask the user to send one\./);
		const text = 'Send me &lt;one photo> &amp; say what to change.';
		assert.deepEqual(telegram.messages, [{ chatId: CHAT, text, parseMode: 'HTML' }]);
	});
}

/** The model calls a tool, and says which file it was told of. */
function script({ model }: Scene, told: string, tool: string, fields: Record<string, string>) {
	const answers = (toolResults: string) => {
		const images = jsonParse<Told[]>(newest(toolResults));
		return `I have made ${images.map(({ fileName }) => fileName).join()}.`;
	};
	model.script({ told, calls: { tool, arguments: fields }, answers });
}

/** The last line: the memory has the results of earlier messages too. */
const newest = (toolResults: string) => toolResults.split('\n').at(-1) ?? '';

function isAnswered({ rig, telegram }: Scene, text: RegExp): void {
	const [answer, ...others] = telegram.messages;
	assert.deepEqual(others, []);
	assert.equal(answer?.chatId, CHAT);
	assert.match(answer.text ?? '', text);
	assert.equal(answer.photo?.contentType, 'image/jpeg');
	assert.deepEqual(
		rig.simulator.images.map(({ sha256 }) => sha256),
		[hashOf(answer.photo.bytes)],
	);
}

function reset({ rig, model, telegram }: Scene): void {
	rig.simulator.reset();
	model.reset();
	telegram.messages.length = 0;
}

async function photoOf(width: number) {
	const height = Math.round((width * 3) / 4);
	const create = { width, height, channels: 3, background: 'teal' } as const;
	return { width, height, bytes: await sharp({ create }).jpeg().toBuffer() };
}
