import { named } from '../../support/fileNames';
import { wordsOf } from '../../support/words';
import { imageItem, lastPage, shown, temporaryLink, useExamples } from './support';

const examples = useExamples();

describe('approve-before-sending', () => {
	const Prompt = 'A red bicycle';
	const start = async () =>
		await examples.run('approve-before-sending', { received: { json: { Prompt } } });
	const draftRequest = [
		'/v1/images/generations',
		{ model: 'gpt-image-2', prompt: Prompt, size: '1024x1024', quality: 'low' },
	];
	const refusal = expect.stringContaining(`${wordsOf('safety').message} (violence). `);

	it('shows a draft of low quality and waits', async () => {
		const { run, items, responses } = await start();
		expect(run.status).toBe('waiting');
		expect(examples.bodies()).toEqual([draftRequest]);
		const drafts = items('Draft');
		expect(drafts).toEqual([
			imageItem(named('a-red-bicycle'), 'image/png', examples.drawn(0).length, temporaryLink),
		]);
		expect(responses).toEqual([
			{
				statusCode: 200,
				headers: {},
				body: {
					formTitle: 'The draft',
					formDescription: Prompt,
					fields: [...drafts.map((one) => shown(one)), 'Make it in high quality?'],
				},
			},
		]);
	});

	it('draws the draft again in high quality after a Yes', async () => {
		const waiting = await start();
		const { run, items, responses } = await waiting.submit({ json: { answer: 'Yes' } });
		expect(run.status).toBe('success');
		expect(examples.bodies()).toEqual([
			draftRequest,
			[
				'/v1/images/edits',
				{
					model: 'gpt-image-2',
					prompt: `Draw this image again in fine detail. Keep subject, composition, colors and style as they are. It shows: ${Prompt}`,
					size: '1024x1024',
					quality: 'high',
				},
			],
		]);
		expect(examples.api.requests[1]?.files).toMatchObject([
			{ field: 'image', contentType: 'image/png', bytes: examples.drawn(0) },
		]);
		const final = items('Final');
		expect(final).toEqual([
			imageItem(
				named('a-red-bicycle', '-final.png'),
				'image/png',
				examples.drawn(1).length,
				temporaryLink,
			),
		]);
		expect(responses).toEqual([
			lastPage('Your image is ready', final.map((one) => shown(one)).join('')),
		]);
	});

	it('makes nothing more after a No', async () => {
		const waiting = await start();
		const { run, responses } = await waiting.submit({ json: { answer: 'No' } });
		expect(run.status).toBe('success');
		expect(examples.bodies()).toEqual([draftRequest]);
		expect(responses).toEqual([lastPage('Nothing more was made', 'Only the draft was paid for.')]);
	});

	it('says why there is no draft, and why no image', async () => {
		examples.api.misbehave({ code: 'moderation_blocked' });
		expect((await start()).responses).toEqual([lastPage('There is no draft', refusal)]);
		const waiting = await start();
		examples.api.misbehave({ code: 'moderation_blocked' });
		const { responses } = await waiting.submit({ json: { answer: 'Yes' } });
		expect(responses).toEqual([lastPage('The image was not made', refusal)]);
	});
});
