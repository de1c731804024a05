import { edit } from './edit';
import { collectionFields } from './fields/collection';
import { EDIT_IMAGE_OPTIONS, imageOptions } from './fields/imageOptions';
import { outputOptions } from './fields/outputOptions';
import { EDIT_RUN_OPTIONS, runOptions } from './fields/runOptions';
import { generate } from './generate';
import type { Resource } from './operation';

export const image: Resource = {
	value: 'image',
	name: 'Image',
	operations: [generate, edit],
	fields: [
		...collectionFields(imageOptions, EDIT_IMAGE_OPTIONS),
		...collectionFields(outputOptions, []),
		...collectionFields(runOptions, EDIT_RUN_OPTIONS),
	],
};
