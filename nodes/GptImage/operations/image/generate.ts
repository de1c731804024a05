import { deliveryField } from '../fields/delivery';
import { modelField } from '../fields/model';
import { generatePrompt } from '../fields/prompt';
import { qualityFields } from '../fields/quality';
import { sizeFields } from '../fields/size';
import type { Operation } from '../operation';

export const generate: Operation = {
	value: 'generate',
	name: 'Generate Image',
	action: 'Generate image from text',
	description: 'Make images from a text prompt',
	fields: [modelField, generatePrompt, ...sizeFields, ...qualityFields, deliveryField],
};
