import { assert } from '../../node';
import { CHAT } from '../servers/telegram';
import { hashOf } from './agentChat';
import type { Scene } from './examplesScene';

/** A bot that makes an image of every message. */
export async function photosInTelegram(scene: Scene): Promise<void> {
	const { e2e, rig, telegram } = scene;
	const workflow = await scene.import('telegram-generate');
	await scene.published(workflow, async () => {
		await e2e.check('telegram-generate: a message is answered with its image', async () => {
			const { status } = await scene.executionOf(workflow, async () => {
				await telegram.tell({ text: 'A red bicycle' });
			});
			assert.equal(status, 'success');
			const [form, ...others] = telegram.photos;
			assert.deepEqual(others, []);
			assert.equal(form?.fields.chat_id, String(CHAT));
			assert.match(form.files[0]?.fileName ?? '', /^a-red-bicycle-[0-9a-z]{8}\.png$/);
			assert.deepEqual(
				form.files.map(({ bytes }) => hashOf(bytes)),
				rig.simulator.images.map(({ sha256 }) => sha256),
			);
		});
		rig.simulator.misbehave({ code: 'moderation_blocked' });
		await e2e.check('telegram-generate: a refusal is answered with its reason', async () => {
			await scene.executionOf(workflow, async () => {
				await telegram.tell({ text: 'A fight' });
			});
			const text = 'The safety system refused the prompt or an image (violence).';
			assert.deepEqual(telegram.messages, [{ chatId: CHAT, text, parseMode: 'HTML' }]);
		});
	});
	telegram.messages.length = 0;
}
