import { imageItem, useExamples } from './support';
import { message, sent, textMessage, useTelegram } from './telegram';
import { named } from '../../support/fileNames';
import { wordsOf } from '../../support/words';

const examples = useExamples();
const telegram = useTelegram();

describe('telegram-generate', () => {
	const start = async (text: string) =>
		await examples.run('telegram-generate', {
			received: { json: message({ text }) },
			otherCredentials: telegram.credentials(),
		});

	it('sends the image to the chat the message came from', async () => {
		const { run, items } = await start('A red bicycle');
		expect(run.status).toBe('success');
		expect(examples.bodies()).toEqual([
			['/v1/images/generations', { model: 'gpt-image-2', prompt: 'A red bicycle' }],
		]);
		const bytes = examples.drawn(0);
		expect(items('Generate Image')).toEqual([
			imageItem(
				named('a-red-bicycle'),
				'image/png',
				bytes.length,
				message({ text: 'A red bicycle' }),
			),
		]);
		expect(telegram.heard).toEqual([
			{
				path: '/bot1:AA/sendPhoto',
				body: { chat_id: '4711', disable_notification: 'false' },
				files: [{ field: 'photo', fileName: named('a-red-bicycle'), mimeType: 'image/png', bytes }],
			},
		]);
		expect(items('Send Photo')).toEqual(sent('4711'));
	});

	it('says why there is no image', async () => {
		examples.api.misbehave({ code: 'moderation_blocked' });
		const { run } = await start('Something forbidden');
		expect(run.status).toBe('success');
		expect(telegram.heard).toEqual([textMessage(`${wordsOf('safety').message} (violence).`)]);
	});
});
