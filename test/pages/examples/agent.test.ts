import type { IDataObject } from 'n8n-workflow';
import { agentThat, type Received } from '../../harness';
import type { Decision } from '../../harness/standIns/agent';
import { picture } from '../../support/pictures';
import { useExamples } from './support';
import { message, sent, textMessage, useTelegram } from './telegram';
import { named } from '../../support/fileNames';

const examples = useExamples();
const telegram = useTelegram();

describe('telegram-agent', () => {
	const prompts: unknown[] = [];
	const start = async (received: Received, decision: Decision) =>
		await examples.run('telegram-agent', {
			received,
			otherCredentials: telegram.credentials(),
			nodeTypes: {
				'@n8n/n8n-nodes-langchain.agent': agentThat(
					decision,
					(prompt) => void prompts.push(prompt),
				),
			},
		});
	const ask = (fields: IDataObject): Received => ({ json: message(fields) });
	const link = /^http:\/\/localhost:5678\/rest\/binary-data\/signed\?token=[\w.-]+$/;
	const answer = (done: string, fileName: unknown) => ({
		result: expect.stringMatching(new RegExp(`^Image 1 was ${done} with gpt-image-2: JPEG, `)),
		fileName,
		url: expect.stringMatching(link),
		urlExpiresAt: expect.any(String),
		costInUsd: expect.any(Number),
		storedIn: expect.stringMatching(/^binary field data of node (Generate|Edit) Image$/),
		next: expect.stringMatching(/^Give the user the url; it works until /),
	});
	const photoMessage = (photo: unknown, caption: string) => [
		{
			path: '/bot1:AA/sendPhoto',
			body: { chat_id: 4711, photo, caption },
			files: [],
		},
	];

	it('draws with what the model gives the tool, and sends the photo by its link', async () => {
		const input = { prompt: 'A red bicycle against a white wall.', size: '1536x1024' };
		const output = 'Here is your red bicycle.';
		const { run, items } = await start(ask({ text: 'Draw me a bicycle' }), {
			tool: 'Generate Image',
			input,
			output,
		});
		expect(run.status).toBe('success');
		expect(examples.bodies()).toEqual([
			[
				'/v1/images/generations',
				{ model: 'gpt-image-2', ...input, quality: 'medium', output_format: 'jpeg' },
			],
		]);
		const [made] = run.data.resultData.runData['Generate Image']?.at(-1)?.data?.ai_tool?.[0] ?? [];
		expect(made?.json).toEqual(
			answer('generated', named('a-red-bicycle-against-a-white-wall', '.jpg')),
		);
		expect(items('AI Agent')).toEqual([
			{
				json: {
					output,
					intermediateSteps: [
						{
							action: {
								tool: 'Generate_Image',
								toolInput: input,
								toolCallId: 'call_1',
								type: 'tool_call',
							},
							observation: JSON.stringify([made?.json]),
						},
					],
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(telegram.heard).toEqual(photoMessage(made?.json.url, output));
		expect(items('Send Photo')).toEqual(sent(4711));
	});

	it('edits the photo that came with the message', async () => {
		const photo = await picture('jpeg');
		const input = { prompt: 'Make the wall blue and keep everything else.' };
		const output = 'The wall is blue now.';
		const caption = 'Make the wall blue';
		const { run } = await start(
			{
				...ask({ caption, photo: [{ file_id: 'a' }] }),
				files: { data: { data: photo.bytes, fileName: 'file_1.jpg', mimeType: 'image/jpeg' } },
			},
			{ tool: 'Edit Image', input, output },
		);
		expect(run.status).toBe('success');
		expect(prompts.at(-1)).toBe(`${caption}\n\n(A photo comes with this message.)`);
		expect(examples.bodies()).toEqual([
			[
				'/v1/images/edits',
				{ model: 'gpt-image-2', ...input, quality: 'medium', output_format: 'jpeg' },
			],
		]);
		expect(examples.api.requests[0]?.files).toMatchObject([
			{ field: 'image', filename: 'file_1.jpg', contentType: 'image/jpeg', bytes: photo.bytes },
		]);
		const [made] = run.data.resultData.runData['Edit Image']?.at(-1)?.data?.ai_tool?.[0] ?? [];
		expect(made?.json).toEqual(
			answer('edited', named('make-the-wall-blue-and-keep-everything', '.jpg')),
		);
		expect(telegram.heard).toEqual(photoMessage(made?.json.url, output));
	});

	it('only talks when no tool was called, and when one failed', async () => {
		const output = 'Send me a photo & say <what> to change.';
		await start(ask({ text: 'Edit my photo' }), { output });
		await start(ask({ text: 'Edit my photo' }), {
			tool: 'Edit Image',
			input: { prompt: 'A' },
			output,
		});
		expect(examples.api.requests).toEqual([]);
		const one = textMessage('Send me a photo &amp; say &lt;what> to change.');
		expect(telegram.heard).toEqual([one, one]);
	});
});
