import { PATHS } from '../../openai/request';
import type { ImageWork } from '../operation';
import { readRequestFields } from '../parameters/request';

export const generateWork: ImageWork = {
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
		return { path: PATHS.generate, fields, images: [], asJson: true };
	},
};
