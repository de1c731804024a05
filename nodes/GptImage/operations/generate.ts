import { countField } from './fields/count';
import { modelField } from './fields/model';
import { generatePrompt } from './fields/prompt';
import { qualityFields } from './fields/quality';
import { sizeFields } from './fields/size';
import type { Operation } from './operation';
import { readRequestFields } from './parameters/request';

export const generate = {
	name: 'Generate Image',
	action: 'Generate image from text',
	description: 'Make images from a text prompt',
	fields: [modelField, generatePrompt, ...sizeFields, ...qualityFields, countField],
	async request(context, itemIndex, given) {
		return {
			path: '/images/generations',
			fields: readRequestFields(context, itemIndex, given),
			images: [],
			asJson: true,
		};
	},
} satisfies Operation;
