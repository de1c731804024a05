import type { INodeParameters } from 'n8n-workflow';
import { familyOf, MODEL_FAMILIES } from '../../nodes/GptImage/models/catalogue';
import { lifecycleOf } from '../../nodes/GptImage/models/lifecycle';
import { onDay } from '../support/date';
import { maskFrom, modelById } from '../support/parameters';
import { maskPicture, picture, storeFiles } from '../support/pictures';
import { useSimulator } from '../support/simulator';

onDay('2026-11-22');
const simulator = useSimulator({ draw: 'noise', imageBytes: 20_000 });

interface Wish {
	model?: string;
	operation?: string;
	options?: INodeParameters;
	more?: INodeParameters;
}

async function run({ model = 'gpt-image-2.6-flare', operation = 'edit', options, more }: Wish) {
	const [data, mask, markup] = [await picture('png'), await maskPicture(), await maskPicture()];
	return await simulator.run({
		parameters: {
			operation,
			prompt: 'a fox',
			model: modelById(model),
			options: options ?? {},
			...more,
		},
		items: [{ json: {}, binary: await storeFiles({ data, mask, markup }) }],
	});
}

const mask = { mask: maskFrom('mask') };
const markup = { markupBinaryPropertyName: 'markup' };

describe('what does not go together is refused before it is paid for', () => {
	it.each<[string, Wish]>([
		[
			'Background Transparent does not go with Output Format JPEG',
			{ options: { background: 'transparent', outputFormat: 'jpeg' } },
		],
		['Output Compression only goes with JPEG and WebP', { options: { outputCompression: 50 } }],
		[
			'Output Compression only goes with JPEG and WebP',
			{ options: { outputCompression: 50, outputFormat: 'gif' } },
		],
		['A mask does not go with Output Format GIF', { options: { outputFormat: 'gif', ...mask } }],
		['GIF and SVG cannot be streamed', { options: { outputFormat: 'gif', keepAlive: true } }],
		['GIF and SVG cannot be streamed', { options: { outputFormat: 'svg', partialImages: 0 } }],
		[
			'Output Format SVG makes one image at a time',
			{ options: { outputFormat: 'svg' }, more: { n: 2 } },
		],
		['A mask and a markup do not go together', { options: { ...mask, ...markup } }],
		[
			'Quality xhigh is not offered by gpt-image-2',
			{ model: 'gpt-image-2', more: { quality: 'xhigh' } },
		],
		[
			'Size 1088x1360 is not one of 1024x1024, 1024x1536, 1536x1024, the sizes gpt-image-1.5 takes',
			{ model: '={{ "gpt-image-1.5" }}', more: { size: '1088x1360' } },
		],
		[
			'Input Fidelity does not go with this model',
			{ model: '={{ "gpt-image-2" }}', options: { inputFidelity: 'high' } },
		],
		['A markup does not go with this model', { model: '={{ "gpt-image-2" }}', options: markup }],
		[
			'Complexity does not go with this model',
			{ model: '={{ "gpt-image-2.5-flare" }}', options: { complexity: 'low' } },
		],
		['Model dall-e-3 was shut down on 2026-05-12', { model: 'dall-e-3' }],
		['Model gpt-image-1 was shut down on 2026-10-23', { model: 'gpt-image-1' }],
	])('%s', async (message, wish) => {
		await expect(run(wish)).rejects.toThrow(`${message} [item 1]`);
		expect(simulator.api.requests).toEqual([]);
	});
});

describe('what goes together goes through', () => {
	it.each<Wish>([
		{ options: { background: 'transparent', outputFormat: 'webp', outputCompression: 50 } },
		{ options: { outputFormat: 'gif', frameCount: 3, frameDuration: 50 } },
		{ options: { outputFormat: 'svg', svgModel: 'gpt-5.5', svgEffort: 'low' } },
		{ options: { complexity: 'low', ...markup } },
		{ options: { ...mask, safetyIdentifier: 'user-1' }, more: { quality: 'max' } },
		{ options: { inputFidelity: 'high' }, model: 'gpt-image-1.5' },
		{ options: { partialImages: 2, keepPartialImages: true }, operation: 'generate' },
		{ more: { size: 'custom', width: 1600, height: 896 } },
		{ more: { size: '3840x2160' } },
	])('%j', async (wish) => {
		const { items } = await run(wish);
		expect(items).toHaveLength(1);
	});
});

describe('a hidden option', () => {
	it.each<[string, INodeParameters]>([
		[
			'gpt-image-2',
			{ complexity: 'low', markupBinaryPropertyName: 'nowhere', inputFidelity: 'high' },
		],
		['gpt-image-2.6-flare', { frameCount: 3, svgModel: 'gpt-5.5', outputFormat: 'png' }],
	])('of %s, left over from another model, is not sent', async (model, options) => {
		await run({ model, options });
		expect(Object.keys(simulator.api.requests[0]?.fields ?? {}).sort()).toEqual(
			model === 'gpt-image-2' ? ['model', 'prompt'] : ['model', 'output_format', 'prompt'],
		);
	});
});

describe('an unknown model', () => {
	it('gets every field and no check: the API decides', async () => {
		const options = { complexity: 'low', outputFormat: 'gif', frameCount: 3, ...markup };
		const running = run({
			model: 'my-deployment',
			options,
			more: { quality: 'max', size: 'custom', width: 17, height: 5 },
		});
		await expect(running).rejects.toMatchObject({ httpCode: '404' });
		expect(simulator.api.requests[0]?.fields).toEqual({
			model: 'my-deployment',
			prompt: 'a fox',
			quality: 'max',
			size: '17x5',
			complexity: 'low',
			output_format: 'gif',
			frame_count: '3',
		});
	});
});

describe('the fallback model', () => {
	it('takes over when the API no longer has the first, and the output says so', async () => {
		const { items, hints } = await run({
			model: 'gpt-image-9',
			options: { fallbackModel: 'gpt-image-2' },
		});
		expect(simulator.api.requests.map(({ fields }) => fields?.model)).toEqual([
			'gpt-image-9',
			'gpt-image-2',
		]);
		expect(items[0]?.json).toMatchObject({ model: 'gpt-image-2', fallbackFor: 'gpt-image-9' });
		expect(hints).toEqual([
			expect.objectContaining({ type: 'info' }),
			{
				message: 'The API does not have gpt-image-9, so gpt-image-2 was used. Set it as Model.',
				type: 'warning',
				location: 'outputPane',
			},
		]);
	});

	it.each([{ status: 404 }, { status: 410 }, { code: 'model_not_found' as const }])(
		'takes over after %j',
		async (fault) => {
			simulator.api.misbehave(fault);
			const { items } = await run({ options: { fallbackModel: 'gpt-image-2' } });
			expect(items[0]?.json).toMatchObject({ model: 'gpt-image-2' });
		},
	);

	it('takes over at once for a model that is known to be shut down', async () => {
		const { items } = await run({ model: 'dall-e-2', options: { fallbackModel: 'gpt-image-2' } });
		expect(items[0]?.json).toMatchObject({ model: 'gpt-image-2', fallbackFor: 'dall-e-2' });
		expect(simulator.api.requests).toHaveLength(1);
	});

	it('is not used after another failure', async () => {
		simulator.api.misbehave({ code: 'moderation_blocked' });
		await expect(run({ options: { fallbackModel: 'gpt-image-2' } })).rejects.toMatchObject({
			context: { data: { class: 'safety' } },
		});
		expect(simulator.api.requests).toHaveLength(1);
	});

	it('is asked once when the API does not have it either', async () => {
		const running = run({ model: 'gpt-image-9', options: { fallbackModel: 'gpt-image-8' } });
		await expect(running).rejects.toMatchObject({ context: { data: { class: 'model' } } });
		expect(simulator.api.requests).toHaveLength(2);
	});
});

describe('the life of a model', () => {
	const at = (day: string) => Date.parse(`${day}T00:00:00Z`);

	it.each([
		['gpt-image-1.5', '2026-10-01', 'alive'],
		['gpt-image-1.5', '2026-10-02', 'retiring'],
		['gpt-image-1.5-2025-12-16', '2026-11-30', 'retiring'],
		['gpt-image-1.5', '2026-12-01', 'shutDown'],
		['gpt-image-1', '2026-10-23', 'shutDown'],
		['dall-e-3', '2026-11-22', 'shutDown'],
		['gpt-image-2', '2036-01-01', 'alive'],
		['my-deployment', '2036-01-01', 'alive'],
	])('%s on %s is %s', (model, day, state) => {
		expect(lifecycleOf(familyOf(model), at(day)).state).toBe(state);
	});

	it('is told in the output when it ends soon', async () => {
		const { hints } = await run({ model: 'gpt-image-1-mini' });
		expect(hints.map(({ message }) => message).slice(1)).toEqual([
			'gpt-image-1-mini shuts down on 2026-12-01. Choose gpt-image-2.6-flare before that day.',
		]);
	});

	it('of a replacement is longer than that of the model', () => {
		const ids = MODEL_FAMILIES.filter(({ shutdown }) => !shutdown).map(({ id }) => id);
		for (const { shutdown } of MODEL_FAMILIES)
			if (shutdown) expect(ids).toContain(shutdown.replacement);
	});
});
