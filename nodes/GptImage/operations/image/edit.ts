import { deliveryField } from '../fields/delivery';
import { imagesFields } from '../fields/images';
import { modelField } from '../fields/model';
import { editPrompt } from '../fields/prompt';
import { qualityFields } from '../fields/quality';
import { sizeFields } from '../fields/size';
import type { Operation } from '../operation';

export const edit: Operation = {
	value: 'edit',
	name: 'Edit Image',
	action: 'Edit image with text',
	description: 'Change images by a text prompt, or take them as references for a new one',
	fields: [modelField, editPrompt, ...imagesFields, ...sizeFields, ...qualityFields, deliveryField],
};
