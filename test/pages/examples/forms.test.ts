import sharp from 'sharp';
import { readBinary } from '../../harness';
import { imageItem, storedFile, useExamples } from './support';

const examples = useExamples();

it('form-edit-with-mask sends photo and mask, and hands the edited image back', async () => {
	const blank = { width: 1024, height: 1024, channels: 4 as const };
	const photo = await sharp({ create: { ...blank, background: '#147' } })
		.jpeg()
		.toBuffer();
	const clear = { r: 0, g: 0, b: 0, alpha: 0 };
	const mask = await sharp({ create: { ...blank, background: clear } })
		.png()
		.toBuffer();
	const { run, items, responses } = await examples.run('form-edit-with-mask', {
		received: {
			json: { Instruction: 'Put a boat on the lake' },
			files: {
				Photo: { data: photo, fileName: 'lake.jpg', mimeType: 'image/jpeg' },
				Mask: { data: mask, fileName: 'mask.png', mimeType: 'image/png' },
			},
		},
	});
	expect(run.status).toBe('success');
	expect(examples.bodies()).toEqual([
		['/v1/images/edits', { model: 'gpt-image-2', prompt: 'Put a boat on the lake' }],
	]);
	expect(examples.api.requests[0]?.files).toMatchObject([
		{ field: 'image', filename: 'lake.jpg', contentType: 'image/jpeg', bytes: photo },
		{ field: 'mask', filename: 'mask.png', contentType: 'image/png', bytes: mask },
	]);
	const [edited] = items('Edit Image');
	const bytes = examples.drawn(0);
	expect(edited).toEqual(imageItem('edited.png', 'image/png', bytes.length, {}));
	expect(edited?.binary?.data && (await readBinary(edited.binary.data))).toEqual(bytes);
	expect(responses).toEqual([{ statusCode: 200, headers: {}, body: [bytes] }]);
});

describe('estimate-then-approve', () => {
	const wish = { Prompt: 'A lighthouse at dawn', 'Number of Images': 2, Quality: 'medium' };
	const fields = {
		model: 'gpt-image-2',
		prompt: wish.Prompt,
		n: 2,
		size: '1024x1024',
		quality: 'medium',
	};
	const start = async () =>
		await examples.run('estimate-then-approve', { received: { json: wish } });

	it('shows the cost and waits, before anything is sent', async () => {
		const { run, items, responses } = await start();
		expect(run.status).toBe('waiting');
		expect(examples.api.requests).toEqual([]);
		expect(items('Estimate')).toEqual([
			{
				json: {
					operation: 'generate',
					model: 'gpt-image-2',
					size: '1024x1024',
					quality: 'medium',
					images: 2,
					requests: 1,
					estimatedCost: 0.105395,
					estimatedCostInBatch: 0.052698,
					estimateBasis: "OpenAI's published figures, OpenAI prices of 2026-11-22",
					estimatedTokens: { textInput: 7, imageInput: 0, imageOutput: 3512 },
					request: { method: 'POST', path: '/images/generations', body: fields },
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(responses).toEqual([
			{
				statusCode: 200,
				headers: {},
				body: {
					formTitle: 'The cost',
					formDescription: '2 image(s) with gpt-image-2 cost about $0.11.',
					fields: ['Make them?'],
				},
			},
		]);
	});

	it('makes the images after a Yes, and hands them over', async () => {
		const waiting = await start();
		const { run, items, responses } = await waiting.submit({ json: { answer: 'Yes' } });
		expect(run.status).toBe('success');
		expect(examples.bodies()).toEqual([['/v1/images/generations', fields]]);
		const images = [0, 1].map((index) => examples.drawn(index));
		const [made] = items('Generate Images');
		const one = { ...imageItem('', 'image/png', 0).json, fileName: undefined };
		expect(made).toEqual({
			json: { ...one, imageCount: 2, fileNames: expect.stringMatching(/_1\.png, .*_2\.png$/) },
			binary: Object.fromEntries(
				images.map(({ length }, index) => [
					`image_${index + 1}`,
					storedFile(expect.stringMatching(`_${index + 1}\\.png$`), 'image/png', length),
				]),
			),
			pairedItem: { item: 0 },
		});
		expect(responses).toEqual([{ statusCode: 200, headers: {}, body: images }]);
	});

	it('makes and sends nothing after a No', async () => {
		const waiting = await start();
		const { run, responses } = await waiting.submit({ json: { answer: 'No' } });
		expect(run.status).toBe('success');
		expect(examples.api.requests).toEqual([]);
		expect(responses).toEqual([
			{
				statusCode: 200,
				headers: {},
				body: { title: 'Nothing was made', message: 'Nothing was paid either.' },
			},
		]);
	});
});
