import { named } from '../../support/fileNames';
import { imageItem, temporaryLink, useExamples } from './support';
import { wordsOf } from '../../support/words';

const examples = useExamples();

describe('chat-generate', () => {
	const start = async (chatInput: string) =>
		await examples.run('chat-generate', { received: { json: { chatInput } } });

	it('answers with Markdown that shows the image', async () => {
		const { run, items } = await start('A red bicycle');
		expect(run.status).toBe('success');
		expect(examples.bodies()).toEqual([
			['/v1/images/generations', { model: 'gpt-image-2', prompt: 'A red bicycle' }],
		]);
		const [made] = items('Generate Image');
		expect(made).toEqual(
			imageItem(named('a-red-bicycle'), 'image/png', examples.drawn(0).length, temporaryLink),
		);
		const { fileName, url } = made?.json ?? {};
		expect(items('Show Image')).toEqual([
			{ json: { output: `![${String(fileName)}](${String(url)})` }, pairedItem: { item: 0 } },
		]);
		expect(run.data.resultData.lastNodeExecuted).toBe('Show Image');
	});

	it('says in words why there is no image', async () => {
		examples.api.misbehave({ code: 'moderation_blocked' });
		const { run, items } = await start('A fight');
		const { message, remedy } = wordsOf('safety');
		expect(items('Say Why Not')).toEqual([
			{
				json: {
					output: expect.stringContaining(`${message} (violence). ${remedy}`),
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(run.data.resultData.lastNodeExecuted).toBe('Say Why Not');
	});
});
