import type { INodeParameters } from 'n8n-workflow';
import type {
	ImageEditParams,
	ImageEditParamsNonStreaming,
	ImageGenerateParams,
	ImageGenerateParamsNonStreaming,
} from 'openai/resources/images';
import { modelById } from './parameters';

const model = 'gpt-image-2.6-flare';

/** What both operations take. */
type Body = Omit<ImageGenerateParamsNonStreaming, 'prompt' | 'quality' | 'svg'> &
	Pick<ImageEditParamsNonStreaming, 'quality'> & {
		svg?: ImageGenerateParams.Svg & ImageEditParams.Svg;
	};

const size = { size: 'custom', width: 1024, height: 640 };
const options = { moderation: 'low', complexity: 'low', safetyIdentifier: 'user-1' };
const body = {
	model,
	size: '1024x640',
	quality: 'xhigh',
	moderation: 'low',
	complexity: 'low',
	safety_identifier: 'user-1',
} satisfies Body;

/**
 * Everything that the node can send beside prompt and files, for each kind of output: as parameters of
 * the node and as the body that the official SDK's types allow.
 */
export const EVERYTHING: Array<[string, { parameters: INodeParameters; body: Body }]> = [
	[
		'picture',
		{
			parameters: {
				model: modelById(model),
				...size,
				quality: 'xhigh',
				n: 2,
				options: {
					...options,
					background: 'transparent',
					outputFormat: 'webp',
					outputCompression: 80,
				},
			},
			body: {
				...body,
				n: 2,
				background: 'transparent',
				output_format: 'webp',
				output_compression: 80,
			},
		},
	],
	[
		'GIF',
		{
			parameters: {
				model: modelById(model),
				size: 'auto',
				quality: 'low',
				options: { ...options, outputFormat: 'gif', frameCount: 2, frameDuration: 100 },
			},
			body: {
				...body,
				size: undefined,
				quality: 'low',
				output_format: 'gif',
				frame_count: 2,
				frame_duration_ms: 100,
			},
		},
	],
	[
		'SVG',
		{
			parameters: {
				model: modelById(model),
				...size,
				quality: 'max',
				options: { ...options, outputFormat: 'svg', svgModel: 'gpt-5.5', svgEffort: 'low' },
			},
			body: {
				...body,
				quality: 'max',
				output_format: 'svg',
				svg: { model: 'gpt-5.5', reasoning: { effort: 'low' } },
			},
		},
	],
];
