import type { INodeExecutionData } from 'n8n-workflow';
import { readWorkflow } from '../../harness';
import { example, imageItem, shown, temporaryLink, useExamples } from './support';

const examples = useExamples();

describe('carousel-three-nodes', () => {
	const STYLE =
		'Flat vector illustration in warm pastel colors with thick outlines. The barista is a small round robot with a green apron.';

	it('draws each slide with the first and the previous one as references', async () => {
		const { pinData } = await readWorkflow(example('carousel-three-nodes'));
		const slides = pinData?.Slides ?? [];
		expect(slides).toHaveLength(5);
		const { run, items } = await examples.run('carousel-three-nodes');
		expect(run.status).toBe('success');
		expect(items('Slides')).toMatchObject(slides);
		const fields = { model: 'gpt-image-2', size: '1088x1360', quality: 'medium' };
		expect(examples.bodies()).toEqual(
			slides.map(({ json: { heading, scene } }, index) => {
				const prompt = `The barista ${String(scene)}. At the top in large letters: "${String(heading)}"`;
				// Forms have the line ends of the web.
				return index === 0
					? ['/v1/images/generations', { ...fields, prompt: `${prompt}\n\n${STYLE}` }]
					: ['/v1/images/edits', { ...fields, prompt: `${prompt}\r\n\r\n${STYLE}` }];
			}),
		);
		const references = [[], [0], [0, 1], [0, 2], [0, 3]];
		expect(examples.api.requests.map(({ files }) => files)).toMatchObject(
			references.map((earlier) =>
				earlier.map((index) => ({
					field: earlier.length > 1 ? 'image[]' : 'image',
					filename: `slide-${index + 1}.png`,
					contentType: 'image/png',
					sha256: examples.api.images[index]?.sha256,
				})),
			),
		);
		const drawn = items('Draw Slides');
		expect(drawn).toEqual(
			references.map((_, index) =>
				imageItem(
					`slide-${index + 1}.png`,
					'image/png',
					examples.drawn(index).length,
					{ size: '1088x1360', ...temporaryLink },
					index,
				),
			),
		);
		expect(items('Show Slides')).toEqual([page(drawn)]);
	});

	it('goes on behind a slide that fails', async () => {
		examples.api.misbehave({ times: 2, delayMs: 1 }, { code: 'moderation_blocked' });
		const { run, items } = await examples.run('carousel-three-nodes');
		expect(run.status).toBe('success');
		expect(items('Draw Slides', 1)).toMatchObject([
			{ json: { heading: '2 Grind them fresh', details: { code: 'moderation_blocked' } } },
		]);
		const drawn = items('Draw Slides');
		expect(drawn.map(({ json }) => json.fileName)).toEqual(
			[1, 2, 4, 5].map((slide) => `slide-${slide}.png`),
		);
		expect(items('Show Slides')).toEqual([page(drawn)]);
		expect(examples.api.requests.at(-1)?.files).toMatchObject([
			{ filename: 'slide-1.png' },
			{ filename: 'slide-4.png' },
		]);
	});
});

/** What the editor shows of these slides. */
const page = (slides: INodeExecutionData[]): INodeExecutionData => ({
	json: { html: slides.map((slide) => shown(slide, 240)).join(' ') },
	pairedItem: { item: 0 },
});
