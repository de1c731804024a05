import { readInputImages } from '../images/inputs';
import { readMask } from '../images/mask';
import { countField } from './fields/count';
import { imagesField } from './fields/images';
import { modelField } from './fields/model';
import { optionsField } from './fields/options';
import { editPrompt } from './fields/prompt';
import { qualityFields } from './fields/quality';
import { sizeFields } from './fields/size';
import type { Operation } from './operation';
import { readOptions } from './parameters';
import { readRequestFields } from './requestFields';

export const edit = {
	name: 'Edit Image',
	action: 'Edit image',
	description: 'Change images by a text prompt, or take them as references for a new one',
	fields: [
		modelField,
		editPrompt,
		imagesField,
		...sizeFields,
		...qualityFields,
		countField,
		optionsField([]),
	],
	async request(context, itemIndex) {
		const fields = readRequestFields(context, itemIndex);
		const maskField = readOptions(context, itemIndex).value('maskBinaryPropertyName');
		const images = await readInputImages(context, itemIndex, maskField);
		const mask =
			maskField === undefined ? [] : [await readMask(context, itemIndex, maskField, images)];
		const field = images.length > 1 ? 'image[]' : 'image';
		return {
			path: '/images/edits',
			fields,
			files: [
				...images.map((image) => ({ ...image.part, field })),
				...mask.map((image) => ({ ...image.part, field: 'mask' })),
			],
		};
	},
} satisfies Operation;
