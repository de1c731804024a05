import { deliveryField } from '../fields/delivery';
import { modelField } from '../fields/model';
import { generatePrompt } from '../fields/prompt';
import { qualityFields } from '../fields/quality';
import { sizeFields } from '../fields/size';
import type { ImageOperation } from '../operation';
import { readRequestFields } from '../parameters/request';

export const generate: ImageOperation = {
	value: 'generate',
	name: 'Generate Image',
	action: 'Generate image from text',
	description: 'Make images from a text prompt',
	fields: [modelField, generatePrompt, ...sizeFields, ...qualityFields, deliveryField],
	path: '/images/generations',
	takesImages: false,
	async request(context, itemIndex, given) {
		const fields = readRequestFields(context, itemIndex, given);
		const { image } = given.options;
		// `openai` 7.57.0: required in `ImageGenerateParams.Svg`, optional in `ImageEditParams.Svg`.
		if (fields.output_format === 'svg' && image.isSet('svgEffort') && !image.isSet('svgModel')) {
			throw image.error(
				'svgEffort',
				'needs SVG Author Model',
				'Add SVG Author Model under Image Options, or remove SVG Author Effort.',
			);
		}
		return { path: generate.path, fields, images: [], asJson: true };
	},
};
