import { modelField } from './fields/model';
import { generatePrompt } from './fields/prompt';
import { qualityFields } from './fields/quality';
import { sizeFields } from './fields/size';
import type { ImageOperation } from './operation';
import { readRequestFields } from './parameters/request';

export const generate: ImageOperation = {
	value: 'generate',
	name: 'Generate Image',
	action: 'Generate image from text',
	description: 'Make images from a text prompt',
	fields: [modelField, generatePrompt, ...sizeFields, ...qualityFields],
	path: '/images/generations',
	takesImages: false,
	async request(context, itemIndex, given) {
		const fields = readRequestFields(context, itemIndex, given);
		return { path: generate.path, fields, images: [], asJson: true };
	},
};
