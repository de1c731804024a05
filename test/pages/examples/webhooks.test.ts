import { imageItem, useExamples } from './support';
import { named } from '../../support/fileNames';
import { wordsOf } from '../../support/words';

const examples = useExamples();
const ask = (body: object) => ({ received: { json: { ...body } } });

it('webhook-generate answers the caller with the image', async () => {
	const { run, items, responses } = await examples.run(
		'webhook-generate',
		ask({ prompt: 'A red bicycle' }),
	);
	expect(run.status).toBe('success');
	expect(examples.bodies()).toEqual([
		['/v1/images/generations', { model: 'gpt-image-2', prompt: 'A red bicycle' }],
	]);
	const bytes = examples.drawn(0);
	expect(items('Generate Image')).toEqual([
		imageItem(named('a-red-bicycle'), 'image/png', bytes.length),
	]);
	expect(responses).toEqual([
		{ statusCode: 200, headers: { 'content-type': 'image/png' }, body: bytes },
	]);
});

describe('webhook-with-error-answer', () => {
	const name = 'webhook-with-error-answer';

	it('answers with the image when there is one', async () => {
		const { run, responses } = await examples.run(name, ask({ prompt: 'A red bicycle' }));
		expect(run.status).toBe('success');
		expect(examples.bodies()).toEqual([
			['/v1/images/generations', { model: 'gpt-image-2', prompt: 'A red bicycle' }],
		]);
		expect(responses).toEqual([
			{ statusCode: 200, headers: { 'content-type': 'image/png' }, body: examples.drawn(0) },
		]);
		expect(run.data.resultData.runData).not.toHaveProperty('Respond with Reason');
	});

	it('answers with message, remedy and code when the prompt is refused', async () => {
		examples.api.misbehave({ code: 'moderation_blocked' });
		const { run, responses } = await examples.run(name, ask({ prompt: 'Something forbidden' }));
		expect(run.status).toBe('success');
		expect(responses).toEqual([
			{
				statusCode: 422,
				headers: {},
				body: {
					message: `${wordsOf('safety').message} (violence)`,
					remedy: expect.stringContaining(wordsOf('safety').remedy),
					code: 'moderation_blocked',
				},
			},
		]);
	});

	it('answers 503 when the same request may succeed later', async () => {
		examples.api.misbehave({ status: 500, times: Infinity });
		const { responses } = await examples.run(name, {
			...ask({ prompt: 'A red bicycle' }),
			parameters: { 'Generate Image': { options: { maxRetries: 0 } } },
		});
		expect(responses).toMatchObject([
			{ statusCode: 503, body: { message: wordsOf('serverFault').message } },
		]);
	});

	it('answers what is wrong with the prompt before anything is sent', async () => {
		const { responses } = await examples.run(name, ask({ text: 'A red bicycle' }));
		expect(examples.api.requests).toEqual([]);
		expect(responses).toMatchObject([
			{
				statusCode: 422,
				body: { message: expect.stringMatching(/^Prompt /), code: 'invalid_field' },
			},
		]);
	});
});
